"""Row 19: who mistypes a word finds what was meant, is told so, and sees why."""

from catalog_service.store import search
from catalog_service.testing import Body, Stall, a_mug, a_sku, a_teapot, csv_of, lan, mei


def a_thing(number: int, title: str, **more: object) -> Body:
    return a_mug(titles={"en": title}, skus=[a_sku(f"T-{number}")], **more)


def test_row_19_a_word_that_no_listing_has_is_taken_for_the_nearest(stall: Stall) -> None:
    stall.sells(a_mug(descriptions={"en": "Ceramic, fired twice."}))
    stall.sells(a_teapot(titles={"en": "Teapot"}), lan)

    for asked, corrected, title in (
        ("handmde", "handmade", "手工马克杯"),
        ("Hnadmdae MUGS", "handmade MUGS", "手工马克杯"),
        ("ceramci 陶瓷", "ceramic 陶瓷", "手工马克杯"),
        ("handmde 杯", "handmade 杯", "手工马克杯"),  # and then by single characters
        ("teapto", "teapot", "Teapot"),
    ):
        found = stall.lists(q=asked)
        assert found["corrected"] == corrected
        assert [one["title"] for one in found["items"]] == [title], asked


def test_row_19_of_words_equally_near_the_more_frequent_is_meant(stall: Stall) -> None:
    stall.sells(a_thing(1, "Plate"))
    stall.sells(a_thing(2, "Slate"))
    stall.sells(a_thing(3, "Another slate"))
    gone = [stall.sells(a_thing(number, "Elate")) for number in (4, 5, 6)]
    for one in gone:
        stall.bench.client(mei).delete(f"/catalog/products/{one['id']}")

    assert stall.lists(q="wlate")["corrected"] == "slate"


def test_row_19_nothing_is_put_right_that_would_be_found_or_that_nothing_is_near(
    quick_stall: Stall,
) -> None:
    quick_stall.sells(a_thing(1, "Mug"))
    quick_stall.sells(a_thing(2, "Muggy day"))
    quick_stall.sells(a_thing(3, "m" * 33))

    for asked, corrected in (
        ("mug", None),
        ("muggy", None),
        ("mug muggy", None),  # both are words of the shop; no listing has the two
        ("mgu", None),  # of three letters none is forgiven
        ("muggy hovercraft", None),
        ("muggi mugga muggo mugge", "muggy muggy muggy muggy"),
        ("muggi mugga muggo mugge muggu", None),  # more than four: another language, not slips
        ("m" * 32 + "n", None),  # of 33 letters: no word of a shop, and dear to compare
        ("mug1", None),  # codes are meant as they are
    ):
        assert quick_stall.lists(q=asked)["corrected"] == corrected, asked
    assert quick_stall.lists()["corrected"] is None


def test_row_19_what_stays_in_vain_is_written_down_as_it_was_typed(quick_stall: Stall) -> None:
    quick_stall.sells(a_thing(1, "Teapot"))

    assert quick_stall.finds(q="teapto") == ["Teapot"]
    assert quick_stall.lists(q="teapto", brand="宜兴")["items"] == []

    with quick_stall.bench.database.read() as connection:
        (noted,) = search.zero_results_of(connection, at_most=5)
    assert (noted.words, noted.times) == ("teapto", 1)


def test_row_19_a_card_shows_what_of_its_title_and_brand_was_looked_for(stall: Stall) -> None:
    stall.sells(a_mug(titles={"en": "<b>Handmade</b> mugs"}))

    (found,) = stall.lists(q="handmde mug 窑")["items"]
    (listed,) = stall.lists()["items"]

    assert found["highlights"] == {
        "title": [
            {"text": "<b>", "hit": False},
            {"text": "Handmade", "hit": True},
            {"text": "</b> ", "hit": False},
            {"text": "mugs", "hit": True},
        ],
        "brand": [{"text": "蓝", "hit": False}, {"text": "窑", "hit": True}],
    }
    assert "highlights" not in listed


def test_row_19_both_databases_put_the_same_first(stall: Stall) -> None:
    """Where a word stands, how rare it is, how often it is said, and in how few words."""
    saffron, cup = "Goes with saffron.", "Goes with a cup."
    best_first = (
        ("Saffron cup", ""),
        ("Saffron bowl", cup),  # saffron is the rarer of the two
        ("Cup bowl", saffron),
        ("Plate", "A cup of saffron: the saffron."),
        ("Spoon", "A cup of saffron."),
        ("Fork", "A cup of saffron, and whatever else may be had beside it " * 3),
    )
    others = [("Cup", "")] * 4 + [("Dish", "")] * 30
    rows = [
        (f"p{number}", f"S{number}", "published", "cups", "9.90", "100", title, f'"{said}"')
        for number, (title, said) in enumerate([*best_first, *others])
    ]
    columns = "product_id,sku_code,status,category,price,weight_g,title_en,description_en"
    stall.imports(csv_of(*rows, columns=columns))

    assert stall.finds(q="cup saffron") == [title for title, _ in best_first]


def test_row_22_pages_of_best_matches_go_on_though_more_is_published(stall: Stall) -> None:
    for number in range(4):
        stall.sells(a_thing(number, f"Blue cup {number}"))
    for number in range(4, 10):
        stall.sells(a_thing(number, "Plate", descriptions={}))
    first = stall.lists(q="bleu cup", limit="2")

    stall.sells(a_thing(10, "Plate", descriptions={}))  # a cup is rarer now, all scores are higher
    second = stall.lists(q="bleu cup", limit="2", cursor=first["next_cursor"])

    titles = [one["title"] for page in (first, second) for one in page["items"]]
    assert sorted(titles) == [f"Blue cup {number}" for number in range(4)]
