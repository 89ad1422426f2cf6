"""What people do with the lines of their carts (rows 32, 33, 35 and 37)."""

from cart_service.testing import BLUE, RED, TEAPOT, Stall, a_sku, ann, bob, cny
from shop_events.contracts.catalog import ProductStatus


def test_row_32_adding_a_sku_twice_makes_one_line_of_both(stall: Stall) -> None:
    shopper = stall.of(ann)

    shopper.adds(BLUE, 2)
    cart = shopper.adds(BLUE, 3)

    (line,) = cart["lines"]
    assert (line["quantity"], line["title"], line["merchant_id"]) == (5, "马克杯", "m-mei")
    assert line["options"] == [{"name": "colour", "value": "blue"}]
    assert line["line_total"] == cart["subtotal"] == {"amount": "99.50", "currency": "CNY"}
    assert (cart["notices"], line["changed"], line["available"]) == ([], [], "plenty")


def test_a_repeat_with_the_same_key_adds_nothing(stall: Stall) -> None:
    shopper = stall.of(ann)

    shopper.adds(BLUE, 2, Idempotency_Key="k-1")
    shopper.adds(BLUE, 2, Idempotency_Key="k-1")

    assert shopper.units() == {BLUE: 2}


def test_row_32_what_is_more_than_there_is_is_clamped_and_told(quick_stall: Stall) -> None:
    quick_stall.stocks(BLUE, 3)

    cart = quick_stall.of(ann).adds(BLUE, 5)

    assert cart["lines"][0]["quantity"] == 3
    assert cart["notices"] == [
        {"code": "limited_by_stock", "sku_id": BLUE, "wanted": 5, "given": 3}
    ]
    assert cart["lines"][0]["available"] == "low"


def test_a_line_holds_99_units_at_most(quick_stall: Stall) -> None:
    quick_stall.stocks(BLUE, 500)

    cart = quick_stall.of(ann).adds(BLUE, 100)

    assert cart["lines"][0]["quantity"] == 99
    assert cart["notices"][0]["code"] == "limited_per_line"


def test_adding_to_a_line_that_ran_short_takes_nothing_away(quick_stall: Stall) -> None:
    shopper = quick_stall.of(ann)
    shopper.adds(BLUE, 5)
    quick_stall.stocks(BLUE, 2)

    cart = shopper.adds(BLUE, 1)

    assert cart["lines"][0]["quantity"] == 5
    assert cart["notices"][0]["code"] == "limited_by_stock"


def test_row_32_a_variant_change_reprices_and_merges_with_an_equal_line(stall: Stall) -> None:
    shopper = stall.of(ann)
    shopper.adds(RED, 2)
    blue = shopper.adds(BLUE, 3)["lines"][1]["id"]

    (line,) = shopper.changes(blue, sku_id=RED)["lines"]

    assert (line["id"], line["sku_id"], line["quantity"]) == (blue, RED, 5)
    assert line["price_seen"] == line["price"] == {"amount": "21.90", "currency": "CNY"}


def test_a_line_changes_to_another_sku_of_its_own_product_only(quick_stall: Stall) -> None:
    shopper = quick_stall.of(ann)
    line_id = shopper.adds(BLUE)["lines"][0]["id"]

    refused = shopper.sends("PATCH", f"/lines/{line_id}", {"sku_id": TEAPOT, "selected": False})

    assert (refused.status_code, refused.get_json()["code"]) == (422, "not_a_variant")
    assert "sku_id" in refused.get_json()["errors"]
    assert shopper.line()["selected"] is True  # not half of it


def test_a_quantity_is_set_as_far_as_the_stock_goes(quick_stall: Stall) -> None:
    shopper = quick_stall.of(ann)
    line_id = shopper.adds(BLUE, 2)["lines"][0]["id"]

    assert shopper.changes(line_id, quantity=7)["lines"][0]["quantity"] == 7
    assert shopper.changes(line_id, quantity=21)["lines"][0]["quantity"] == 20


def test_a_sold_out_line_can_shrink_and_not_grow(quick_stall: Stall) -> None:
    shopper = quick_stall.of(ann)
    line_id = shopper.adds(BLUE, 5)["lines"][0]["id"]
    quick_stall.stocks(BLUE, 0)

    assert shopper.changes(line_id, quantity=9)["lines"][0]["quantity"] == 5
    assert shopper.changes(line_id, quantity=2)["lines"][0]["quantity"] == 2


def test_removing_a_line_twice_is_no_error(stall: Stall) -> None:
    shopper = stall.of(ann)
    line_id = shopper.adds()["lines"][0]["id"]

    assert [shopper.removes(line_id), shopper.removes(line_id)] == [204, 204]
    assert shopper.units() == {}


def test_row_35_unticked_lines_are_not_in_the_subtotal(stall: Stall) -> None:
    shopper = stall.of(ann)
    shopper.adds(BLUE, 2)
    teapot = shopper.adds(TEAPOT)["lines"][1]["id"]

    cart = shopper.changes(teapot, selected=False)

    assert cart["subtotal"]["amount"] == "39.80"
    assert [line["selected"] for line in cart["lines"]] == [True, False]


def test_row_33_nothing_ticked_costs_nothing_and_an_empty_cart_has_no_subtotal(
    quick_stall: Stall,
) -> None:
    shopper = quick_stall.of(ann)
    assert shopper.sees() == {
        "id": None,
        "lines": [],
        "subtotal": None,
        "subtotals": [],
        "notices": [],
    }

    line_id = shopper.adds()["lines"][0]["id"]

    assert shopper.changes(line_id, selected=False)["subtotal"]["amount"] == "0.00"


def test_row_30_amounts_in_two_currencies_are_never_added_up(quick_stall: Stall) -> None:
    quick_stall.sells("p-teapot", a_sku(TEAPOT, cny("88.00").of("9.00", "EUR")))
    shopper = quick_stall.of(ann)
    shopper.adds(BLUE)
    cart = shopper.adds(TEAPOT, 2)

    assert cart["subtotal"] is None
    assert cart["subtotals"] == [
        {"amount": "19.90", "currency": "CNY"},
        {"amount": "18.00", "currency": "EUR"},
    ]
    unticked = shopper.changes(cart["lines"][1]["id"], selected=False)
    assert unticked["subtotal"] == {"amount": "19.90", "currency": "CNY"}


def test_row_37_a_new_price_is_listed_until_it_is_accepted(stall: Stall) -> None:
    shopper = stall.of(ann)
    shopper.adds(BLUE, 2)
    stall.sells("p-mug", a_sku(BLUE, cny("25.00")), a_sku(RED, cny("21.90")))

    line = shopper.line()
    assert line["changed"] == ["price"]
    assert (line["price_seen"]["amount"], line["price"]["amount"]) == ("19.90", "25.00")
    assert shopper.sees()["subtotal"]["amount"] == "50.00"

    (accepted,) = shopper.accepts()["lines"]
    assert (accepted["changed"], accepted["price_seen"]["amount"]) == ([], "25.00")


def test_row_37_too_few_are_listed_and_accepting_takes_what_there_is(stall: Stall) -> None:
    shopper = stall.of(ann)
    shopper.adds(BLUE, 5)
    stall.stocks(BLUE, 2)
    assert shopper.line()["changed"] == ["too_few"]

    cart = shopper.accepts()

    assert (cart["lines"][0]["quantity"], cart["lines"][0]["changed"]) == (2, [])
    assert cart["notices"] == [
        {"code": "limited_by_stock", "sku_id": BLUE, "wanted": 5, "given": 2}
    ]


def test_a_withdrawn_product_stays_visible_and_counts_nothing(stall: Stall) -> None:
    shopper = stall.of(ann)
    shopper.adds(BLUE, 2)
    shopper.adds(TEAPOT)
    stall.sells(status=ProductStatus.WITHDRAWN)

    cart = shopper.sees()
    gone = cart["lines"][0]
    assert (gone["available"], gone["changed"]) == ("withdrawn", ["unavailable"])
    assert (gone["line_total"], cart["subtotal"]["amount"]) == (None, "88.00")

    accepted = shopper.accepts()
    assert accepted["notices"][0]["code"] == "unticked"
    kept = accepted["lines"][0]
    assert (kept["quantity"], kept["selected"], kept["changed"]) == (2, False, [])


def test_what_cannot_be_bought_is_not_put_in(quick_stall: Stall) -> None:
    quick_stall.sells("p-secret", a_sku("sku-draft", cny("1.00")), status=ProductStatus.DRAFT)
    old = a_sku("sku-mug-old", cny("1.00"), active=False)
    dear = a_sku("sku-mug-dear", cny("9999999999999.00"))  # a cartful would be beyond any amount
    quick_stall.sells("p-mug", old, dear, a_sku("sku-mug-never", cny("1.00")))
    quick_stall.stocks("sku-mug-dear", 5)
    shopper = quick_stall.of(ann)
    expected = {
        "sku-unheard-of": (404, "sku_not_found"),
        "sku-draft": (404, "sku_not_found"),
        "sku-mug-old": (409, "not_for_sale"),
        "sku-mug-dear": (409, "not_for_sale"),
        "sku-mug-never": (409, "out_of_stock"),
    }

    refused = {
        sku_id: shopper.sends("POST", "/lines", {"sku_id": sku_id, "quantity": 1})
        for sku_id in expected
    }

    assert {
        sku_id: (one.status_code, one.get_json()["code"]) for sku_id, one in refused.items()
    } == expected
    assert all("sku_id" in one.get_json()["errors"] for one in refused.values())
    assert shopper.units() == {}


def test_no_quantity_but_a_sensible_whole_number_is_taken(quick_stall: Stall) -> None:
    shopper = quick_stall.of(ann)
    line_id = shopper.adds(BLUE, 2)["lines"][0]["id"]

    for quantity in (0, -1, 1.5, True, "2", 10**18, 10_000, None, [1]):
        added = shopper.sends("POST", "/lines", {"sku_id": BLUE, "quantity": quantity})
        changed = shopper.sends("PATCH", f"/lines/{line_id}", {"quantity": quantity})
        assert (quantity, added.status_code, changed.status_code) == (quantity, 422, 422)
        assert "quantity" in added.get_json()["errors"]
    assert shopper.units() == {BLUE: 2}


def test_a_body_with_anything_odd_is_refused(quick_stall: Stall) -> None:
    shopper = quick_stall.of(ann)
    line_id = shopper.adds()["lines"][0]["id"]
    free = {"amount": "0.01", "currency": "CNY"}
    odd_lines = (
        {"sku_id": BLUE, "quantity": 1, "price": free},
        {"sku_id": "a b", "quantity": 1},
        {"sku_id": ["x"], "quantity": 1},
        {"quantity": 1},
        [],
    )
    odd_changes = ({"selected": "yes"}, {"selected": 1}, {"price_seen": free})

    answers = [shopper.sends("POST", "/lines", body) for body in odd_lines]
    answers += [shopper.sends("PATCH", f"/lines/{line_id}", change) for change in odd_changes]

    assert {answer.status_code for answer in answers} == {422}
    assert all(answer.get_json()["errors"] for answer in answers)
    assert shopper.units() == {BLUE: 1}


def test_somebody_elses_line_is_like_a_missing_one(stall: Stall) -> None:
    line_id = stall.of(ann).adds(BLUE, 2)["lines"][0]["id"]
    thief, stranger = stall.of(bob), stall.guest()
    thief.adds()
    stranger.adds()

    for someone in (thief, stranger, stall.guest()):
        for method, body in (("PATCH", {"quantity": 9}), ("DELETE", None)):
            theirs = someone.sends(method, f"/lines/{line_id}", body)
            missing = someone.sends(method, "/lines/0193540f-0000-7000-8000-000000000000", body)
            assert theirs.status_code == missing.status_code == 404
            assert theirs.get_json()["code"] == missing.get_json()["code"]
    assert stall.of(ann).units() == {BLUE: 2}


def test_titles_come_in_the_language_asked_for(quick_stall: Stall) -> None:
    shopper = quick_stall.of(ann)
    shopper.adds()

    assert shopper.sees(Accept_Language="en-GB,en;q=0.9")["lines"][0]["title"] == "A mug"
    assert shopper.sees(Accept_Language="fr")["lines"][0]["title"] == "马克杯"
