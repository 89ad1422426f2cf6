"""Keywords, filters, counts and orders: rows 19 to 22."""

from catalog_service.store import search
from catalog_service.testing import Stall, a_mug, a_sku, a_teapot, lan, price


def a_thing(number: int, title: str = "Cup", *, cost: str = "10.00", **more: object) -> dict:
    return a_mug(titles={"en": title}, skus=[a_sku(f"T-{number}", cost=cost)], **more)


def test_row_20_words_are_found_inside_a_longer_name(stall: Stall) -> None:
    stall.sells(a_mug(titles={"zh-CN": "苹果手机保护壳"}))
    stall.sells(a_teapot(), lan)

    assert stall.finds(q="手机壳") == ["苹果手机保护壳"]
    assert stall.finds(q="保护") == ["苹果手机保护壳"]


def test_row_20_single_characters_are_tried_where_the_words_find_nothing(stall: Stall) -> None:
    stall.sells()

    assert stall.finds(q="杯") == ["手工马克杯"]  # the word in its name is 马克杯
    assert stall.finds(q="杯马") == ["手工马克杯"]
    assert stall.finds(q="陶烧") == []  # single characters of descriptions are not looked at


def test_row_19_width_capitals_and_plural_make_no_difference(quick_stall: Stall) -> None:
    quick_stall.sells()

    for asked in ("handmade MUGS", "ＨＡＮＤＭＡＤＥ", "the mug", "咖啡", "蓝窑"):
        assert quick_stall.finds(q=asked) == ["手工马克杯"], asked


def test_row_19_a_name_counts_more_than_a_description(stall: Stall) -> None:
    # Equals would be shown the other way round.
    stall.sells(a_teapot(titles={"en": "Teapot"}, descriptions={"en": "For two cups of tea."}), lan)
    stall.sells(
        a_thing(1, "Saucer", descriptions={"en": "Goes with any teapot, teapot or teapot."})
    )

    assert stall.finds(q="teapot") == ["Teapot", "Saucer"]


def test_row_19_what_nobody_found_is_written_down(stall: Stall) -> None:
    for _ in range(2):
        assert stall.finds(q="hovercraft") == []
    assert stall.finds(q="?!*\"'():&|") == []

    with stall.bench.database.read() as connection:
        noted = search.zero_results_of(connection, at_most=5)
    assert [(row.words, row.times) for row in noted] == [("hovercraft", 2)]


def test_what_looks_like_a_query_language_is_looked_for_as_words(stall: Stall) -> None:
    stall.sells()

    for asked in (
        'mug" OR "x',
        "mug & !handmade",
        "mug:*",
        "title:mug",
        "NEAR(mug)",
        "mug -handmade",
    ):
        assert stall.finds(q=asked) in (["手工马克杯"], []), asked


def test_row_21_a_facet_counts_without_its_own_choice(stall: Stall) -> None:
    stall.sells()
    stall.sells(a_teapot(), lan)
    stall.sells(a_thing(1, brand="蓝窑", attributes={"材质": "玻璃"}))

    facets = stall.lists(brand="蓝窑", category="home")["facets"]

    assert [(one["value"], one["count"]) for one in facets["brand"]] == [("蓝窑", 2), ("宜兴", 1)]
    materials = {one["value"]: one["count"] for one in facets["attributes"]["材质"]}
    assert materials == {"陶瓷": 1, "玻璃": 1}
    assert [(one["value"], one["count"]) for one in facets["category"]] == [("kitchen", 2)]


def test_row_21_a_price_range_counts_without_the_chosen_prices(stall: Stall) -> None:
    stall.sells()  # from 17.90
    stall.sells(a_teapot(), lan)
    stall.sells(a_thing(1, cost="29.99"))

    ranges = stall.lists(price_max="18.00", category="cups")["facets"]["price"]

    assert ranges == [
        {"price_min": price("15.00"), "price_max": price("19.99"), "count": 1, "at_least": False},
        {"price_min": price("20.00"), "price_max": price("29.99"), "count": 1, "at_least": False},
    ]
    asked = {name: ranges[1][name]["amount"] for name in ("price_min", "price_max")}
    assert stall.finds(**asked) == ["Cup"]


def test_row_21_from_a_category_one_goes_down_up_and_aside(stall: Stall) -> None:
    stall.puts_category("plates", "kitchen", {"en": "Plates"})
    stall.puts_category("saucers", "cups", {"en": "Saucers"})
    stall.sells()
    stall.sells(a_thing(1, category="saucers"))
    stall.sells(a_thing(2, category="plates", brand="宜兴"))

    facets = stall.lists(category="cups")["facets"]

    def told(name: str) -> list[tuple[str, int]]:
        return [(one["value"], one["count"]) for one in facets[name]]

    assert told("category") == [("saucers", 1)]
    assert told("category_up") == [("home", 3), ("kitchen", 3), ("cups", 2)]
    assert told("category_aside") == [("plates", 1)]
    facets = stall.lists(category="cups", brand="宜兴")["facets"]
    assert told("category_up") == [("home", 1), ("kitchen", 1), ("cups", 0)]


def test_row_21_no_category_is_left_out_of_the_counts(quick_stall: Stall, monkeypatch) -> None:
    monkeypatch.setattr("catalog_service.store.facets._GROUPS", 1)
    quick_stall.sells()
    quick_stall.sells(a_teapot(), lan)

    (home,) = quick_stall.lists()["facets"]["category"]

    assert (home["value"], home["count"]) == ("home", 2)


def test_row_21_options_and_attributes_filter_alike(quick_stall: Stall) -> None:
    quick_stall.sells()
    quick_stall.sells(a_teapot(), lan)

    found = quick_stall.lists(attr_颜色="蓝")
    none = quick_stall.lists(attr_颜色="绿", attr_材质="陶瓷")

    assert [item["title"] for item in found["items"]] == ["手工马克杯"]
    assert none["items"] == []
    assert {one["value"] for one in none["facets"]["attributes"]["颜色"]} == {"蓝", "白"}


def test_row_21_prices_and_stock_filter(quick_stall: Stall) -> None:
    mug = quick_stall.sells()
    quick_stall.sells(a_teapot(), lan)
    quick_stall.hears_stock(mug["skus"][1]["sku_id"], "plenty")

    assert quick_stall.finds(price_max="18.00") == ["手工马克杯"]
    assert quick_stall.finds(price_min="19.91") == ["紫砂茶壶"]
    assert quick_stall.finds(in_stock="true") == ["手工马克杯"]
    assert quick_stall.lists()["facets"]["in_stock"]["count"] == 1


def test_row_21_counting_stops_and_says_so(quick_stall: Stall, monkeypatch) -> None:
    monkeypatch.setattr("catalog_service.store.facets.COUNTED", 2)
    for number in range(3):
        quick_stall.sells(a_thing(number))

    found = quick_stall.lists(q="cup")

    assert (found["total"], found["total_at_least"]) == (2, True)
    assert all(one["at_least"] for one in found["facets"]["brand"])


def test_row_21_where_counting_stops_the_dear_are_counted_as_well(
    stall: Stall, monkeypatch
) -> None:
    monkeypatch.setattr("catalog_service.store.facets.COUNTED", 2)
    for number, cost in enumerate(("1.00", "2.00", "300.00")):
        stall.sells(a_thing(number, cost=cost))

    ranges = stall.lists()["facets"]["price"]

    assert [one["price_min"] for one in ranges] == [price("2.00"), price("300.00")]
    assert all(one["at_least"] for one in ranges)


def test_row_22_every_order_gives_each_product_once_across_pages(stall: Stall) -> None:
    for number in range(5):
        stall.sells(a_thing(number, f"Cup {number}", cost=f"{10 + number % 2}.00"))
    every = {f"Cup {number}" for number in range(5)}

    for sort in search.Sort:
        for words in ({}, {"q": "cup"}):
            seen, cursor = [], {}
            for _ in range(4):
                page = stall.lists(sort=sort.value, limit="2", **words, **cursor)
                seen += [item["title"] for item in page["items"]]
                if page["next_cursor"] is None:
                    break
                cursor = {"cursor": page["next_cursor"]}
            assert (len(seen), set(seen)) == (5, every), (sort, words)


def test_row_22_prices_sales_and_age_sort(quick_stall: Stall) -> None:
    dear = quick_stall.sells(a_thing(1, "Dear cup", cost="30.00"))
    quick_stall.bench.advance(60)
    quick_stall.sells(a_thing(2, "Cheap cup", cost="3.00"))
    quick_stall.hears_sold(dear["skus"][0]["sku_id"], 3, order_id="o-1")

    assert quick_stall.finds(sort="newest") == ["Cheap cup", "Dear cup"]
    assert quick_stall.finds(sort="price_asc") == ["Cheap cup", "Dear cup"]
    assert quick_stall.finds(sort="price_desc") == ["Dear cup", "Cheap cup"]
    assert quick_stall.finds(sort="sales", q="cup") == ["Dear cup", "Cheap cup"]
