"""Row 143: my orders by status and words; rows 84 and 111: the merchant's part of them."""

import pytest

from chassis.testing import Bench
from order_service.testing import LAN, MEI, Shop, a_mug, a_teapot, ann, bob
from order_service.testing_market import Market, lan, mei
from shop_events.contracts.order import AskedBy, CancelReason, OrderCancellationRequested

A_DAY_S = 24 * 60 * 60


def listed(bench: Bench, **query: str) -> list[str]:
    answer = bench.client(ann).get("/orders", query_string=query)
    return [order["id"] for order in answer.get_json()["items"]]


def test_orders_are_found_by_the_status_that_people_see(bench: Bench, shop: Shop) -> None:
    placed = shop.places(a_mug())
    paid = [shop.confirms(a_mug()) for _ in range(3)]
    shipped = shop.confirms(a_mug())
    shop.ships(shipped, "p-1", {"1": 1})
    cancelled = shop.places(a_mug())
    shop.cancels(cancelled)
    shop.places(a_mug(), by=bob)

    assert listed(bench, status="placed") == [placed]
    assert listed(bench, status="shipped") == [shipped]
    assert listed(bench, status="cancelled") == [cancelled]
    assert listed(bench, status="completed") == []
    assert listed(bench, status="paid", limit="2") == paid[:0:-1]
    counts = bench.client(ann).get("/orders").get_json()["counts"]
    assert counts == {"placed": 1, "paid": 3, "shipped": 1, "cancelled": 1}


def test_a_page_of_a_status_goes_on_where_the_last_ended(bench: Bench, shop: Shop) -> None:
    paid = []
    for number in range(4):
        paid.append(shop.confirms(a_mug()))
        shop.ships(shop.confirms(a_mug()), f"p-{number}", {"1": 1})

    first = bench.client(ann).get("/orders", query_string={"status": "paid", "limit": "3"})
    cursor = first.get_json()["next_cursor"]

    assert [one["id"] for one in first.get_json()["items"]] == paid[:0:-1]
    assert listed(bench, status="paid", cursor=cursor) == paid[:1]


def test_orders_are_found_by_number_and_by_what_is_in_them(market: Market, shop: Shop) -> None:
    bench = market.bench
    mug, teapot = market.places(("mug", 1)), market.places(("teapot", 1))
    number = shop.sees(mug)["number"]

    assert listed(bench, q=number) == [mug]
    assert listed(bench, q=number[:9].lower()) == [mug]
    assert listed(bench, q="TEAPOT") == [teapot]
    assert listed(bench, q="杯") == [teapot, mug]
    assert listed(bench, q="%") == [], "a sign of the database's is a sign like others"


@pytest.mark.parametrize("query", [{"status": "lost"}, {"q": ""}, {"q": "x" * 61}])
def test_a_list_refuses_filters_that_are_none(quick_bench: Bench, query: dict[str, str]) -> None:
    assert quick_bench.client(ann).get("/orders", query_string=query).status_code == 422


def test_a_merchant_sees_his_own_lines_and_nothing_about_the_buyer(
    bench: Bench, shop: Shop
) -> None:
    order_id = shop.confirms(a_mug(2), a_teapot(), discount="10.00", shipping="6.00")
    shop.confirms(a_teapot())

    (seen,) = bench.client(mei).get("/merchant/orders").get_json()["items"]

    assert seen["id"] == order_id
    assert [line["merchant_id"] for line in seen["lines"]] == [MEI]
    assert (seen["shipping"]["amount"], seen["payable"]["amount"]) == ("1.87", "38.56")
    text = bench.client(mei).get(f"/merchant/orders/{order_id}").text
    assert not [word for word in ("Marked", "+86", "Lilac", "ann", "note") if word in text]


def test_a_merchant_without_a_line_in_it_is_told_of_no_order(bench: Bench, shop: Shop) -> None:
    order_id = shop.confirms(a_mug())

    for answer in (
        bench.client(lan).get(f"/merchant/orders/{order_id}"),
        bench.client(lan).post(f"/merchant/orders/{order_id}/cancel"),
        bench.client(lan).get("/merchant/orders/none"),
    ):
        assert (answer.status_code, answer.get_json()["code"]) == (404, "order_not_found")
    assert bench.client(lan).get("/merchant/orders").get_json()["items"] == []


def test_row_84_a_merchant_who_cannot_deliver_gives_back_what_his_part_cost(
    bench: Bench, shop: Shop
) -> None:
    order_id = shop.confirms(a_mug(2), a_teapot(), shipping="6.00")

    assert bench.client(mei).post(f"/merchant/orders/{order_id}/cancel").status_code == 200
    (asked,) = bench.said(OrderCancellationRequested)
    assert (asked.line_ids, asked.asked_by) == (("1",), AskedBy.MERCHANT)

    shop.keeps(order_id, "f-1", {"1": 2})
    shop.pays_all_back()
    (refund,) = shop.refunds()
    assert {share.merchant_id for share in refund.shares} == {MEI}
    assert refund.reason == CancelReason.MERCHANT
    assert shop.status(order_id) == "paid", "the teapot still comes"
    assert LAN in {line["merchant_id"] for line in shop.sees(order_id)["lines"]}


def test_row_84_a_merchant_cannot_cancel_what_is_not_paid_or_is_gone(
    bench: Bench, shop: Shop
) -> None:
    unpaid, gone = shop.places(a_mug()), shop.confirms(a_mug())
    shop.will_not_keep(gone, "f-1", {"1": 1})

    for order_id in (unpaid, gone):
        answer = bench.client(mei).post(f"/merchant/orders/{order_id}/cancel")
        assert (answer.status_code, answer.get_json()["code"]) == (409, "order_not_cancellable")


def test_row_84_what_nobody_ships_in_seven_days_is_cancelled_for_the_merchants_side(
    bench: Bench, shop: Shop
) -> None:
    order_id = shop.confirms(a_mug(2), a_teapot())
    shop.ships(order_id, "p-1", {"2": 1})

    bench.advance(7 * A_DAY_S - 1)
    assert bench.said(OrderCancellationRequested) == []
    bench.advance(1)
    assert [one.line_ids for one in bench.said(OrderCancellationRequested)] == [("1",)]
    bench.advance(A_DAY_S)
    assert len(bench.said(OrderCancellationRequested)) == 2, "asked again until it is answered"

    shop.keeps(order_id, "f-1", {"1": 2})
    bench.advance(A_DAY_S)
    assert len(bench.said(OrderCancellationRequested)) == 2
    assert [one.reason for one in shop.refunds()] == [CancelReason.MERCHANT]
    assert shop.status(order_id) == "shipped"


def test_row_84_an_order_that_was_sent_in_time_is_left_alone(bench: Bench, shop: Shop) -> None:
    order_id = shop.confirms(a_mug())
    shop.ships(order_id, "p-1", {"1": 1})

    bench.advance(8 * A_DAY_S)

    assert bench.said(OrderCancellationRequested) == []
    assert shop.deadlines(order_id) == []
