"""Rows 40 to 43, 53, 56: what goods cost, to whom it is told, and why."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chassis.testing import Bench
from order_service.handlers import keep_goods_when_changed
from order_service.testing import LAN, MEI, ann, bob
from order_service.testing_market import (
    HOME,
    LHASA,
    Market,
    a_product,
    a_zone,
    by_piece,
    express,
    post,
    rates,
    yuan,
)
from shop_events import Event, ManualClock, new_id
from shop_events.contracts.account import MerchantChanged, MerchantStatus
from shop_events.contracts.catalog import ProductStatus
from shop_events.testing.harness import envelop

MUG = ("mug", 1)
TEAPOT = ("teapot", 1)


def test_row_40_a_quote_with_an_address_tells_all_that_an_order_will_cost(market: Market) -> None:
    quote = market.quotes(("mug", 2), TEAPOT)

    assert quote["binding"] is True
    assert [line["payable"]["amount"] for line in quote["lines"]] == ["39.80", "88.00"]
    assert quote["lines"][0]["title"] == "mug 杯"
    assert quote["lines"][0]["options"] == [{"name": "colour", "value": "blue"}]
    assert quote["shipping"]["total"]["amount"] == "18.00", "8 for 800 g, 8 + 2 for 1,200 g"
    assert quote["total"]["amount"] == "145.80"
    assert quote["tax"] == {"included": True, "lines": []}
    assert quote["changes"] == []


def test_row_56_an_order_costs_what_its_quote_said(market: Market) -> None:
    quote = market.quotes(MUG)

    order = market.orders(quote).get_json()

    assert order["total"] == quote["total"]
    assert order["lines"][0]["product_id"] == "p-mug"


@pytest.mark.parametrize("field", ["price", "total", "discount", "account_id"])
def test_row_56_prices_of_clients_are_refused(quick_market: Market, field: str) -> None:
    answer = quick_market.asks(MUG, **{field: "0.01"})

    assert (answer.status_code, list(answer.get_json()["errors"])) == (422, [field])


@pytest.mark.parametrize("quantity", [0, -1, 1.5, 100, 2**62, "2", True, None])
def test_a_quantity_is_a_number_of_pieces(quick_bench: Bench, quantity: object) -> None:
    lines = [{"sku_id": "sku-mug", "quantity": quantity}]
    body = {"lines": lines, "division_code": "310101"}

    answer = quick_bench.client().post("/checkout/quotes", body)

    assert (answer.status_code, list(answer.get_json()["errors"])) == (422, ["lines.0.quantity"])


def test_s5_lines_of_one_sku_are_summed_before_the_limit(quick_market: Market) -> None:
    (line,) = quick_market.quotes(MUG, ("mug", 2))["lines"]
    assert line["quantity"] == 3

    answer = quick_market.asks(("mug", 60), TEAPOT, ("mug", 40))
    assert answer.status_code == 422
    assert set(answer.get_json()["errors"]) == {"lines.0.quantity", "lines.2.quantity"}


def test_more_than_fifty_lines_are_refused(quick_market: Market) -> None:
    assert quick_market.asks(*[MUG] * 51).status_code == 422


@pytest.mark.parametrize(
    ("told", "name"),
    [
        (a_product("mug", status=ProductStatus.WITHDRAWN, version=2), "mug"),
        (a_product("mug", active=False, version=2), "mug"),
        (a_product("cup"), "no-such"),
    ],
    ids=["withdrawn", "inactive", "unknown"],
)
def test_what_is_not_sold_is_refused_by_its_line(
    quick_market: Market, told: object, name: str
) -> None:
    quick_market.bench.hears(told)

    answer = quick_market.asks(TEAPOT, (name, 1))

    assert (answer.status_code, answer.get_json()["code"]) == (409, "not_for_sale")
    assert list(answer.get_json()["errors"]) == ["lines.1.sku_id"]


def test_goods_of_a_suspended_merchant_are_not_sold(quick_market: Market) -> None:
    quick_market.suspends(LAN)

    assert quick_market.asks(TEAPOT).status_code == 409
    assert quick_market.asks(MUG).status_code == 201


def test_goods_in_two_currencies_have_no_price(quick_market: Market) -> None:
    quick_market.bench.hears(a_product("cup", currency="USD"))

    assert quick_market.asks(MUG, ("cup", 1)).get_json()["code"] == "not_priced"


def test_goods_beyond_all_money_have_no_price(quick_market: Market) -> None:
    quick_market.bench.hears(a_product("crown", price="9999999999999.99"))

    assert quick_market.asks(("crown", 99)).get_json()["code"] == "not_priced"


def test_an_older_word_about_a_product_changes_nothing(market: Market) -> None:
    market.bench.hears(a_product("mug", price="25.00", version=3))
    market.bench.hears(a_product("mug", price="1.00", version=2))

    assert market.quotes(MUG)["lines"][0]["unit_price"]["amount"] == "25.00"


def test_copies_may_come_in_any_order_and_the_newest_counts(market: Market) -> None:
    market.suspends(LAN, version=2)
    active = MerchantChanged(merchant_id=LAN, name="L", status=MerchantStatus.ACTIVE, version=1)
    market.bench.hears(active)
    assert market.asks(TEAPOT).status_code == 409

    market.bench.hears(replace(active, version=3))
    market.bench.hears(rates(express(a_zone("1.00")), version=3))
    market.bench.hears(rates(express(a_zone("2.00")), version=2))
    assert market.quotes(MUG)["shipping"]["total"]["amount"] == "1.00"


def test_a_product_has_the_skus_of_its_last_word_and_no_others(market: Market) -> None:
    cup = a_product("cup")
    market.bench.hears(replace(a_product("mug", version=2), skus=cup.skus))

    assert market.asks(MUG).status_code == 409
    assert market.asks(("cup", 1)).status_code == 201


def test_row_33_with_a_division_alone_it_is_an_estimate(quick_market: Market) -> None:
    estimate = quick_market.quotes(MUG, division_code="310101")
    nobodys = quick_market.quotes(MUG, address=HOME, by=None)

    assert (estimate["binding"], nobodys["binding"]) == (False, False)
    assert quick_market.orders(estimate).get_json()["code"] == "quote_not_binding"
    assert quick_market.orders(nobodys).status_code == 404


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"recipient": " "}, "address.recipient"),
        ({"phone": "call me"}, "address.phone"),
        ({"phone": "+861380013800099999999"}, "address.phone"),  # ITU-T E.164: 15 digits at most
        ({"division_code": "31010x"}, "address.division_code"),
        ({"division_code": "990101"}, "address.division_code"),
        ({"division_code": "31"}, "address.division_code"),
        ({"division_code": "310999"}, "address.division_code"),  # no row of GB/T 2260
        ({"division_code": "310100"}, "address.division_code"),  # a row, and no district
        ({"country": "FR"}, "address.country"),
        ({"line1": ""}, "address.line1"),
        ({"floor": "3"}, "address.floor"),
    ],
    ids=str,
)
def test_row_41_an_address_must_be_one(
    quick_market: Market, wrong: dict[str, str], field: str
) -> None:
    answer = quick_market.asks(MUG, address=HOME | wrong)

    assert (answer.status_code, list(answer.get_json()["errors"])) == (422, [field])


@pytest.mark.parametrize(("code", "status"), [("31", 201), ("99", 422), ("100101", 422)])
def test_row_33_an_estimate_is_for_a_province_that_there_is(
    quick_market: Market, code: str, status: int
) -> None:
    assert quick_market.asks(MUG, division_code=code).status_code == status


def test_row_41_where_nobody_delivers_it_is_told_before_payment(quick_market: Market) -> None:
    quick_market.bench.hears(rates(post(), version=2))

    answer = quick_market.asks(MUG, division_code=LHASA)

    assert (answer.status_code, answer.get_json()["code"]) == (409, "not_deliverable")


def test_row_42_each_way_of_delivery_says_what_it_is(quick_market: Market) -> None:
    quote = quick_market.quotes(MUG, TEAPOT, delivery_method="post")

    options = {one["code"]: one for one in quote["delivery_options"]}
    assert options["post"] == {
        "code": "post", "price": {"amount": "12.00", "currency": "CNY"}, "days": 9,
        "traceable": False, "cash_on_delivery": False, "pick_up": False,
    }  # fmt: skip
    assert list(options) == ["express", "post", "pick_up"]
    cash = quote["payment_methods"][1]
    assert (cash["method"], cash["offered"]) == ("cash_on_delivery", False)
    assert cash["why"] == "所选配送方式不支持货到付款。"


def test_row_42_a_way_that_one_merchant_lacks_is_not_offered(quick_market: Market) -> None:
    quick_market.bench.hears(rates(express(a_zone("20.00")), of=LAN))

    quote = quick_market.quotes(MUG, TEAPOT)

    assert [one["code"] for one in quote["delivery_options"]] == ["express"]
    assert quote["shipping"]["total"]["amount"] == "30.00"
    refused = quick_market.asks(MUG, TEAPOT, delivery_method="post")
    assert (refused.status_code, list(refused.get_json()["errors"])) == (409, ["delivery_method"])


def test_row_43_freight_follows_weight_zone_and_what_the_goods_cost(quick_market: Market) -> None:
    costs = {
        ("310101", 2): "8.00",  # 800 g
        ("310101", 4): "12.00",  # 1,600 g: two steps are begun
        ("310101", 5): "0.00",  # 99.50: free from 99
        (LHASA, 4): "30.00",  # the closest zone, where nothing is free
    }
    for (division, mugs), freight in costs.items():
        quote = quick_market.quotes(("mug", mugs), division_code=division)
        assert quote["shipping"]["total"]["amount"] == freight


def test_row_43_by_piece_units_of_a_merchant_count_together_and_the_order_costs_that(
    market: Market,
) -> None:
    zone = by_piece(a_zone("8.00", free_over="99.00"), first=2, step=3)
    market.bench.hears(a_product("cup", weight_g=90_000))
    market.bench.hears(rates(express(zone), of=MEI))
    quote = market.quotes(("mug", 2), ("cup", 1), TEAPOT)

    order = market.orders(quote).get_json()

    each = {one["merchant_id"]: one["amount"]["amount"] for one in quote["shipping"]["merchants"]}
    assert each == {MEI: "10.00", LAN: "10.00"}, "three units; 1,200 g"
    assert quote["shipping"]["total"] == order["shipping"] == yuan("20.00")
    why = {
        one["about"]: (one["why"]["zh-CN"], one["why"]["en"])
        for one in _explained(market, quote["id"])["rules"]
        if one["kind"] == "freight"
    }
    assert why[MEI] == (
        "共 3 件：首 2 件 ¥8.00，续件 1 × ¥2.00。",
        "3 pieces: ¥8.00 up to 2 pieces, and 1 × ¥2.00 beyond.",
    )
    assert why[LAN][1] == "1200 g: ¥8.00 up to 1000 g, and 1 × ¥2.00 beyond."
    assert market.quotes(("mug", 5))["shipping"]["total"]["amount"] == "0.00", "free from 99"


def test_row_42_bulky_goods_cost_by_their_volume_and_the_order_costs_that(market: Market) -> None:
    market.bench.hears(a_product("lamp", weight_g=300, volume_cm3=9_001))
    market.bench.hears(rates(express(a_zone("8.00"), volume_divisor=6_000), of=MEI))
    quote = market.quotes(("lamp", 2), ("mug", 1))

    order = market.orders(quote).get_json()

    assert quote["shipping"]["total"] == order["shipping"] == yuan("18.00")
    (why,) = [one for one in _explained(market, quote["id"])["rules"] if one["kind"] == "freight"]
    assert why["why"] == {
        "zh-CN": "共 3001 克（按体积）：首 1000 克 ¥8.00，续重 5 × ¥2.00。",
        "en": "3001 g by volume: ¥8.00 up to 1000 g, and 5 × ¥2.00 beyond.",
    }


def test_row_43_free_shipping_is_measured_after_discounts(quick_market: Market) -> None:
    quick_market.claims(quick_market.promotes(min_spend={"amount": "50.00", "currency": "CNY"}))

    quote = quick_market.quotes(("mug", 5))

    assert quote["discount"]["amount"] == "10.00"
    assert quote["shipping"]["total"]["amount"] == "12.00", "89.50 of goods are left"


def test_a_quote_is_told_to_its_owner_alone(quick_market: Market) -> None:
    quote = quick_market.quotes(MUG)
    path = f"/checkout/quotes/{quote['id']}"

    assert quick_market.bench.client(bob).get(path).status_code == 404
    assert quick_market.bench.client().get(f"{path}/explain").status_code == 404
    assert quick_market.orders(quote, by=bob).status_code == 404


def test_what_nobody_in_particular_asked_anybody_may_read(quick_market: Market) -> None:
    quote = quick_market.quotes(MUG, by=None)

    again = quick_market.bench.client(bob).get(f"/checkout/quotes/{quote['id']}").get_json()

    assert again == quote


def test_a_quote_keeps_no_address_of_somebody_unknown(quick_market: Market) -> None:
    quote = quick_market.quotes(MUG, by=None)

    with quick_market.bench.database.read() as connection:
        kept = connection.exec_driver_sql("SELECT body || destination FROM quotes").scalars().all()

    assert quote["id"] in kept[0]
    assert "Marked" not in kept[0]


def test_the_explanation_says_of_each_rule_whether_it_hit_and_why(quick_market: Market) -> None:
    coupon = quick_market.claims(quick_market.promotes(title="满百减十"))
    quote = quick_market.quotes(("mug", 4))

    (missed,) = quote["missed"]
    assert missed == {
        "coupon_id": coupon,
        "code": "spend_more",
        "why": "「满百减十」：差 ¥20.40 可用。",
    }


def test_row_53_the_explanation_is_frozen_into_the_order_with_the_odd_fen(market: Market) -> None:
    market.bench.hears(a_product("cup", price="3.33"))
    market.bench.hears(a_product("plate", price="3.34"))
    market.claims(market.promotes(min_spend={"amount": "0.00", "currency": "CNY"},
                                  amount={"amount": "1.00", "currency": "CNY"}))  # fmt: skip
    quote = market.quotes(("cup", 2), ("plate", 1))
    explained = _explained(market, quote["id"])

    order = market.orders(quote).get_json()

    (coupon, *_) = explained["rules"]
    assert (coupon["hit"], coupon["amount"]["amount"]) == (True, "1.00")
    assert coupon["odd_minor_on"] == ["sku-cup"], "66.6 and 33.4 fen: the odd one lies there"
    assert [line["discount_share"]["amount"] for line in explained["lines"]] == ["0.67", "0.33"]
    assert [line["dearer_units"] for line in explained["lines"]] == [1, 0]
    kept = market.bench.client(ann).get(f"/orders/{order['id']}").get_json()["explanation"]
    assert kept == {name: value for name, value in explained.items() if name != "quote_id"}


def test_late_news_stop_new_quotes_until_they_are_on_time_again(market: Market) -> None:
    market.bench.clock.advance(timedelta(seconds=40))
    _hears_late(market, a_product("mug", price="21.00", version=2), seconds=31)

    refused = market.asks(MUG)
    assert (refused.status_code, refused.get_json()["code"]) == (503, "prices_behind")
    assert refused.headers["Retry-After"] == "5"

    market.bench.clock.advance(timedelta(seconds=31))
    assert market.quotes(MUG)["lines"][0]["unit_price"]["amount"] == "21.00"


def test_quotes_are_swept_a_day_after_they_expired(market: Market) -> None:
    quote = market.quotes(MUG)
    market.bench.advance(24 * 3600)
    assert market.bench.do_chores() == 0

    market.bench.advance(11 * 60)

    assert market.bench.do_chores() == 1
    assert market.orders(quote).status_code == 404


def test_titles_are_told_in_the_language_that_was_asked_for(quick_market: Market) -> None:
    body = {"lines": [{"sku_id": "sku-mug", "quantity": 1}], "division_code": "310101"}

    answer = quick_market.bench.client().post(
        "/checkout/quotes", body, headers={"Accept-Language": "en-GB, zh;q=0.2"}
    )

    assert answer.get_json()["lines"][0]["title"] == "mug"
    assert answer.get_json()["lines"][0]["merchant_id"] == MEI


def _explained(market: Market, quote_id: str) -> dict[str, Any]:
    answer = market.bench.client(ann).get(f"/checkout/quotes/{quote_id}/explain")
    assert answer.status_code == 200
    return answer.get_json()


def _hears_late(market: Market, happened: Event, *, seconds: float) -> None:
    """Handle an event that was said some time ago, as a worker with a backlog would."""
    bench = market.bench
    ago = ManualClock(bench.clock.now() - timedelta(seconds=seconds))
    message = envelop(happened, event_id=new_id(), sequence=2, clock=ago)
    with bench.database.begin() as tx, tx.scope(publishes=(), cause=message.envelope):
        keep_goods_when_changed(happened, tx)
