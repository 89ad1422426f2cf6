"""What people see, and what they do not."""

from catalog_service.testing import MEI, Stall, a_mug, a_sku, a_teapot, lan, mei, price


def test_row_16_the_tree_counts_what_is_for_sale_in_a_category_and_below(stall: Stall) -> None:
    stall.sells()
    stall.sells(a_teapot(), lan)
    stall.drafts(a_mug(skus=[a_sku("DRAFT")]))

    (home,) = stall.bench.client().get("/catalog/categories?locale=en").get_json()["items"]

    assert (home["title"], home["count"]) == ("Home", 2)
    (kitchen,) = home["children"]
    assert (kitchen["slug"], kitchen["count"]) == ("kitchen", 2)
    assert [(one["slug"], one["count"]) for one in kitchen["children"]] == [("cups", 1)]


def test_row_16_an_old_slug_leads_to_the_new_one(quick_stall: Stall) -> None:
    quick_stall.puts_category("cups", "kitchen", {"en": "Mugs"}, slug="mugs")
    quick_stall.sells(a_mug(category="cups"))

    moved = quick_stall.bench.client().get("/catalog/categories/cups")

    assert (moved.status_code, moved.headers["Location"]) == (
        308,
        "/api/v1/catalog/categories/mugs",
    )
    assert quick_stall.finds(category="cups") == quick_stall.finds(category="mugs") != []
    taken = quick_stall.puts_category("kitchen", "home", {"en": "Kitchen"}, slug="cups")
    assert taken.get_json()["code"] == "slug_taken"


def test_row_17_a_product_shows_its_choices_prices_and_way_from_the_root(
    quick_stall: Stall,
) -> None:
    product = quick_stall.sells()
    quick_stall.hears_stock(product["skus"][0]["sku_id"], "low")

    seen = quick_stall.bench.client().get(f"/catalog/products/{product['id']}").get_json()

    assert [crumb["slug"] for crumb in seen["breadcrumb"]] == ["home", "kitchen", "cups"]
    assert seen["options"] == [{"name": "颜色", "values": ["蓝", "白"]}]
    assert [sku["price"] for sku in seen["skus"]] == [price("19.90"), price("17.90")]
    assert [sku["stock"] for sku in seen["skus"]] == ["low", "none"]
    assert seen["rating"] is None


def test_s9_nobody_is_told_the_exact_stock(quick_stall: Stall) -> None:
    product = quick_stall.sells()
    quick_stall.hears_stock(product["skus"][0]["sku_id"], "plenty")

    page = quick_stall.bench.client().get(f"/catalog/products/{product['id']}")

    assert '"stock":"plenty"' in page.get_data(as_text=True)
    assert "90" not in [part for sku in page.get_json()["skus"] for part in map(str, sku.values())]


def test_row_18_combinations_that_do_not_exist_are_told(quick_stall: Stall) -> None:
    skus = [
        a_sku("B-S", options={"颜色": "蓝", "尺码": "S"}),
        a_sku("B-L", options={"颜色": "蓝", "尺码": "L"}),
        a_sku("W-S", options={"颜色": "白", "尺码": "S"}),
    ]
    product = quick_stall.sells(a_mug(skus=skus))

    seen = quick_stall.bench.client().get(f"/catalog/products/{product['id']}").get_json()

    assert seen["missing"] == [{"颜色": "白", "尺码": "L"}]


def test_a_text_that_is_missing_in_a_language_says_which_it_is_in(quick_stall: Stall) -> None:
    product = quick_stall.sells()

    seen = quick_stall.bench.client().get(f"/catalog/products/{product['id']}?locale=en").get_json()

    assert (seen["title"], seen["title_locale"]) == ("Handmade mug", "en")
    assert (seen["description"][:2], seen["description_locale"]) == ("陶土", "zh-CN")


def test_drafts_and_withdrawn_products_are_found_nowhere(stall: Stall) -> None:
    draft = stall.drafts()["id"]
    gone = stall.sells(a_teapot(), lan)["id"]
    stall.bench.client(lan).delete(f"/catalog/products/{gone}")

    client = stall.bench.client()
    assert [client.get(f"/catalog/products/{one}").status_code for one in (draft, gone)] == [
        404,
        404,
    ]
    assert stall.finds() == stall.finds(q="茶壶") == []
    assert stall.problems() == []


def test_an_unknown_parameter_is_refused_and_named(quick_stall: Stall) -> None:
    answer = quick_stall.bench.client().get("/catalog/products?colour=blue")

    assert answer.status_code == 422
    assert list(answer.get_json()["errors"]) == ["colour"]


def test_bad_questions_are_answered_with_the_field_that_is_wrong(quick_stall: Stall) -> None:
    client = quick_stall.bench.client()
    bad = {
        "price_min": "-1",
        "price_max": "1e9",
        "sort": "cheapest",
        "limit": "101",
        "cursor": "WyJ4Il0=",  # a list of one text
        "attr.": "blue",
        "locale": "fr",
        "in_stock": "perhaps",
    }

    for field, value in bad.items():
        answer = client.get("/catalog/products", query_string={field: value})
        assert (answer.status_code, list(answer.get_json()["errors"])) == (422, [field])
    assert client.get("/catalog/products?category=nowhere").status_code == 404


def test_anonymous_answers_may_be_kept_for_a_moment_and_asked_for_by_their_tag(
    quick_stall: Stall,
) -> None:
    product = quick_stall.sells()
    client = quick_stall.bench.client()

    first = client.get(f"/catalog/products/{product['id']}")
    again = client.get(
        f"/catalog/products/{product['id']}", headers={"If-None-Match": first.headers["ETag"]}
    )
    mine = quick_stall.bench.client(mei).get("/catalog/products")

    assert first.headers["Cache-Control"] == "public, max-age=15"
    assert (again.status_code, again.get_data()) == (304, b"")
    assert mine.headers["Cache-Control"].startswith("private")


def test_titles_are_suggested_from_their_first_letters(quick_stall: Stall) -> None:
    quick_stall.sells()
    quick_stall.sells(a_teapot(titles={"en": "Handy teapot", "zh-CN": "手工壶"}), lan)

    def suggested(start: str) -> list[str]:
        return quick_stall.bench.client().get(f"/catalog/suggest?q={start}").get_json()["items"]

    assert suggested("ＨＡＮＤ") == ["Handmade mug", "Handy teapot"]
    assert suggested("手工马") == ["手工马克杯"]
    assert suggested("zzz") == []


def test_a_merchants_own_shelf_is_a_filter(quick_stall: Stall) -> None:
    quick_stall.sells()
    quick_stall.sells(a_teapot(), lan)

    assert quick_stall.finds(merchant_id=MEI) == ["手工马克杯"]


def test_a_title_that_grows_when_width_is_taken_from_it_is_kept(stall: Stall) -> None:
    stall.sells(a_mug(titles={"en": "\N{ARABIC LIGATURE SALLALLAHOU ALAYHE WASALLAM}" * 200}))

    assert len(stall.finds()) == 1
