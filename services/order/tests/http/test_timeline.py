"""The timeline: what happened, once each, in words of both languages."""

from datetime import timedelta

from chassis.testing import Bench
from order_service.testing import Shop, a_mug, a_teapot, ann, bob
from shop_events.contracts.logistics import ParcelTraceAdded, TraceState


def told(bench: Bench, order_id: str, *, language: str = "en") -> list[dict[str, object]]:
    answer = bench.client(ann).get(
        f"/orders/{order_id}/timeline", headers={"Accept-Language": language}
    )
    assert answer.status_code == 200
    return answer.get_json()["items"]


def test_a_timeline_tells_an_order_from_the_click_to_its_end(bench: Bench, shop: Shop) -> None:
    order_id = shop.confirms(a_mug())
    shop.starts(order_id, "f-1", {"1": 1})
    shop.packs(order_id, "p-1", {"1": 1})
    shop.ships(order_id, "p-1", {"1": 1})
    _traces(bench, order_id, TraceState.IN_TRANSIT, ago=0)
    shop.delivers(order_id, "p-1", {"1": 1})
    shop.receives(order_id)
    bench.advance(7 * 24 * 3600)

    rows = told(bench, order_id)

    assert [row["kind"] for row in rows] == [
        "placed", "awaiting_payment", "paid", "preparing", "packed", "shipped", "trace",
        "delivered", "received", "completed",
    ]  # fmt: skip
    assert rows[2]["text"] == "¥19.90 was paid."
    assert rows[5]["text"] == "A parcel was sent: swift W-p-1."
    assert rows[6]["text"] == "Hangzhou: in transit."
    assert all(len(str(row["trace_id"])) == 32 for row in rows)


def test_it_speaks_chinese_unless_english_is_asked_for(
    quick_bench: Bench, quick_shop: Shop
) -> None:
    order_id = quick_shop.confirms(a_mug())
    _traces(quick_bench, order_id, TraceState.OUT_FOR_DELIVERY, ago=0)

    rows = told(quick_bench, order_id, language="fr")

    assert [row["text"] for row in rows][-2:] == ["已付款 ¥19.90。", "Hangzhou 派送中。"]


def test_what_is_told_twice_happened_once(bench: Bench, shop: Shop) -> None:
    order_id = shop.confirms(a_mug())
    for _ in range(2):
        shop.starts(order_id, "f-1", {"1": 1})
        shop.ships(order_id, "p-1", {"1": 1})
        _traces(bench, order_id, TraceState.IN_TRANSIT, ago=60)

    kinds = [row["kind"] for row in told(bench, order_id)]

    assert sorted(kinds) == [
        "awaiting_payment", "paid", "placed", "preparing", "shipped", "trace",
    ]  # fmt: skip


def test_a_trace_that_comes_late_stands_where_it_happened(bench: Bench, shop: Shop) -> None:
    order_id = shop.confirms(a_mug())
    bench.advance(3_600)
    _traces(bench, order_id, TraceState.OUT_FOR_DELIVERY, ago=60)
    _traces(bench, order_id, TraceState.IN_TRANSIT, ago=1_800)

    states = [row["params"].get("state") for row in told(bench, order_id)]

    assert states[-2:] == ["in_transit", "out_for_delivery"]


def test_a_cancelled_order_says_why_and_what_was_paid_back(
    quick_bench: Bench, quick_shop: Shop
) -> None:
    order_id = quick_shop.confirms(a_mug(), a_teapot())
    quick_shop.cancels(order_id)
    quick_shop.keeps(order_id, "f-1", {"1": 1, "2": 1})
    quick_shop.pays_all_back()

    texts = [row["text"] for row in told(quick_bench, order_id)]

    assert texts[3:] == [
        "Cancelling was asked for by the buyer.",
        "Some goods were taken out of the order.",
        "A refund of ¥107.90 is under way.",
        "¥107.90 was paid back.",
        "The order was cancelled: the buyer.",
    ]


def test_another_persons_timeline_is_not_there(quick_bench: Bench, quick_shop: Shop) -> None:
    order_id = quick_shop.places(a_mug())

    assert quick_bench.client(bob).get(f"/orders/{order_id}/timeline").status_code == 404


def _traces(bench: Bench, order_id: str, state: TraceState, *, ago: int) -> None:
    at = bench.clock.now().replace(microsecond=0) - timedelta(seconds=ago)
    bench.hears(
        ParcelTraceAdded(parcel_id="p-1", order_id=order_id, state=state, place="Hangzhou", at=at)
    )
