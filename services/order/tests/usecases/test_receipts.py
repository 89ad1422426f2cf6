"""Rows 92 and 93: what the buyer counts, and what counts as received by itself."""

import pytest
from werkzeug.test import TestResponse

from order_service.testing import MEI, Body, Shop, a_mug, a_teapot, ann, bob, cny
from order_service.testing_market import Market
from shop_events.contracts.logistics import ParcelDelivered, ShipmentLine
from shop_events.contracts.order import OrderCompleted, OrderReceived

A_DAY_S = 24 * 60 * 60


def counts(shop: Shop, order_id: str, *lines: Body, parcel: str | None = None) -> TestResponse:
    body = {"lines": list(lines), "parcel_id": parcel}
    body = {name: value for name, value in body.items() if value is not None}
    return shop.bench.client(ann).post(f"/orders/{order_id}/confirm-receipt", body)


def a_count(received: int, condition: str = "good", *, line: str = "1") -> Body:
    return {"order_line_id": line, "received": received, "condition": condition}


def test_row_92_good_units_settle_and_the_others_stay_open_as_claims(shop: Shop) -> None:
    order_id = shop.confirms(a_mug(4), discount="0.02")
    shop.delivers(order_id, "p-1", {"1": 4})

    seen = counts(shop, order_id, a_count(2), a_count(1, "damaged")).get_json()

    assert seen["status"] == "partially_received"
    assert [(one["kind"], one["quantity"]) for one in seen["claims"]] == [
        ("damaged", 1),
        ("short", 1),
    ]
    (received,) = shop.bench.said(OrderReceived)
    assert [share.amount for share in received.shares] == [cny("39.80")]
    shop.bench.advance(30 * A_DAY_S)
    assert shop.bench.said(OrderCompleted) == [], "no window runs while units are open"
    assert shop.problems() == []


def test_row_92_nothing_good_settles_nothing(quick_shop: Shop) -> None:
    order_id = quick_shop.confirms(a_mug(), shipping="8.00")
    quick_shop.delivers(order_id, "p-1", {"1": 1})

    counts(quick_shop, order_id, a_count(0))

    assert quick_shop.bench.said(OrderReceived) == []
    assert [one["kind"] for one in quick_shop.sees(order_id)["claims"]] == ["short"]


def test_row_92_all_good_is_as_a_receipt_without_words(quick_shop: Shop) -> None:
    order_id = quick_shop.confirms(a_mug(2), a_teapot())
    quick_shop.delivers(order_id, "p-1", {"1": 2, "2": 1})

    seen = counts(quick_shop, order_id, a_count(2)).get_json()

    assert (seen["status"], seen["claims"]) == ("received", [])


def test_row_92_the_good_units_are_paid_by_their_numbers(quick_shop: Shop) -> None:
    order_id = quick_shop.confirms(a_mug(3, price="10.00"), discount="0.01")
    line = ShipmentLine(line_id="1", sku_id="sku-mug", quantity=2, first_unit=1)
    now = quick_shop.bench.clock.now()
    quick_shop.bench.hears(
        ParcelDelivered(parcel_id="p-1", order_id=order_id, lines=(line,), signed_at=now)
    )

    counts(quick_shop, order_id, a_count(1), a_count(1, "damaged"))

    (received,) = quick_shop.bench.said(OrderReceived)
    assert [share.amount for share in received.shares] == [cny("10.00")]
    assert {share.merchant_id for share in received.shares} == {MEI}


@pytest.mark.parametrize(
    ("lines", "field"),
    [
        ([a_count(3)], "lines.0.received"),
        ([a_count(1), a_count(2, "damaged")], "lines.0.received"),
        ([a_count(1, line="2")], "lines.0.order_line_id"),
        ([a_count(-1)], "lines.0.received"),
        ([a_count(1, "dusty")], "lines.0.condition"),
    ],
    ids=str,
)
def test_row_92_what_cannot_have_been_counted_is_refused(
    quick_shop: Shop, lines: list[Body], field: str
) -> None:
    order_id = quick_shop.confirms(a_mug(2))
    quick_shop.delivers(order_id, "p-1", {"1": 2})

    answer = counts(quick_shop, order_id, *lines)

    assert answer.status_code == 422
    assert field in answer.get_json()["errors"]
    assert quick_shop.sees(order_id)["claims"] == []


def test_row_92_of_several_parcels_the_counted_one_is_named(shop: Shop) -> None:
    order_id = shop.confirms(a_mug(2))
    shop.delivers(order_id, "p-1", {"1": 1})
    shop.delivers(order_id, "p-2", {"1": 1})

    refused = counts(shop, order_id, a_count(1))
    assert (refused.status_code, refused.get_json()["code"]) == (409, "parcel_needed")

    assert counts(shop, order_id, a_count(0), parcel="p-2").status_code == 200
    assert counts(shop, order_id, a_count(0), parcel="p-2").status_code == 200
    assert len(shop.sees(order_id)["claims"]) == 1, "counted again, it is one claim"


def test_row_93_what_nobody_can_trace_counts_as_received_after_its_promise(
    market: Market, shop: Shop
) -> None:
    order_id = market.places(("mug", 1), delivery_method="post")
    shop.reserves(order_id)
    shop.pays(order_id)
    shop.ships(order_id, "p-1", {"1": 1})

    market.bench.advance((9 + 7) * A_DAY_S - 1)
    assert shop.status(order_id) == "shipped"
    assert shop.problems() == []

    market.bench.advance(1)
    assert shop.status(order_id) == "received"


def test_row_93_the_buyer_may_confirm_what_nobody_can_trace(
    quick_market: Market, quick_shop: Shop
) -> None:
    order_id = quick_market.places(("mug", 1), delivery_method="post")
    quick_shop.reserves(order_id)
    quick_shop.pays(order_id)
    quick_shop.ships(order_id, "p-1", {"1": 1})

    assert quick_shop.receives(order_id).get_json()["status"] == "received"


def test_row_93_the_buyer_may_ask_once_for_five_days_more(shop: Shop) -> None:
    order_id = shop.confirms(a_mug())
    path = f"/orders/{order_id}/extend-receipt"
    early = shop.bench.client(ann).post(path)
    assert (early.status_code, early.get_json()["code"]) == (409, "nothing_to_extend")
    shop.delivers(order_id, "p-1", {"1": 1})

    assert shop.bench.client(ann).post(path).status_code == 200
    again = shop.bench.client(ann).post(path)
    assert (again.status_code, again.get_json()["code"]) == (409, "receipt_extended")

    shop.bench.advance(15 * A_DAY_S - 1)
    assert shop.status(order_id) == "shipped"
    assert shop.problems() == []
    shop.bench.advance(1)
    assert shop.status(order_id) == "received"


def test_row_93_nobody_extends_another_persons_receipt(quick_shop: Shop) -> None:
    order_id = quick_shop.confirms(a_mug())
    quick_shop.delivers(order_id, "p-1", {"1": 1})

    assert (
        quick_shop.bench.client(bob).post(f"/orders/{order_id}/extend-receipt").status_code == 404
    )
