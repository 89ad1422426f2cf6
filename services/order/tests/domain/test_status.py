"""O1, F3: what people see is worked out from the track and the parcels."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from order_service.domain.line import Line
from order_service.domain.order import Order
from order_service.domain.parcel import RANK, Parcel, ParcelState
from order_service.domain.status import Status, status_of
from order_service.domain.track import Track
from order_service.domain.units import Run
from shop_events.values import Money

NOW = datetime(2026, 11, 22, tzinfo=UTC)
P = ParcelState


def two_mugs(**counts: int) -> Order:
    line = Line(
        line_id="1",
        sku_id="sku-mug",
        merchant_id="m-mei",
        name="A mug",
        quantity=2,
        unit_price=Money(100, "CNY"),
        discount_share=Money.zero("CNY"),
        **counts,
    )
    return Order(
        id="o1",
        number="1",
        account_id="ann",
        track=Track.CONFIRMED,
        lines=(line,),
        freights=(),
        currency="CNY",
        payment_method="card",
        on_delivery=False,
        placed_at=NOW,
        pay_by=NOW,
    )


def a_parcel(state: ParcelState, units: int = 1, *, name: str = "p-1") -> Parcel:
    return Parcel(id=name, state=state, units={"1": (Run(units),)})


@pytest.mark.parametrize(
    ("order", "parcels", "preparing", "status"),
    [
        (two_mugs(), [], False, Status.PAID),
        (replace(two_mugs(), on_delivery=True), [], False, Status.CONFIRMED),
        (two_mugs(), [], True, Status.PREPARING),
        (two_mugs(), [a_parcel(P.PACKED)], True, Status.PREPARING),
        (two_mugs(), [a_parcel(P.SHIPPED)], True, Status.PARTIALLY_SHIPPED),
        (two_mugs(), [a_parcel(P.SHIPPED, 2)], True, Status.SHIPPED),
        (two_mugs(), [a_parcel(P.DELIVERED, 2)], True, Status.SHIPPED),
        (two_mugs(cancelled=1), [a_parcel(P.SHIPPED)], True, Status.SHIPPED),
        (two_mugs(received=1), [a_parcel(P.RECEIVED)], True, Status.PARTIALLY_RECEIVED),
        (two_mugs(received=2), [a_parcel(P.RECEIVED, 2)], True, Status.RECEIVED),
        (two_mugs(received=1, cancelled=1), [a_parcel(P.RECEIVED)], True, Status.RECEIVED),
    ],
)
def test_f3_the_status_follows_the_parcels(
    order: Order, parcels: list[Parcel], preparing: bool, status: Status
) -> None:
    assert status_of(order, parcels, preparing=preparing) is status


@pytest.mark.parametrize("state", [P.REFUSED, P.LOST, P.RETURNED])
def test_f3_a_parcel_that_turned_back_does_not_count_as_shipped(state: ParcelState) -> None:
    order = two_mugs(cancelled=1)

    assert status_of(order, [a_parcel(state)], preparing=True) is Status.PREPARING


@pytest.mark.parametrize("track", [track for track in Track if track is not Track.CONFIRMED])
def test_o1_before_and_after_confirmation_the_status_is_the_track(track: Track) -> None:
    order = replace(two_mugs(), track=track)

    assert status_of(order, [a_parcel(P.SHIPPED)], preparing=True).value == track.value


def test_a_parcel_told_in_any_order_ends_where_it_was_furthest() -> None:
    for first in P:
        for second in P:
            told = a_parcel(first).told(a_parcel(second))
            assert told.state is max(first, second, key=RANK.__getitem__)


def test_a_parcel_remembers_the_waybill_whoever_told_it() -> None:
    shipped = replace(a_parcel(P.SHIPPED), carrier="swift", waybill="W-1", fulfilment_id="f-1")
    delivered = a_parcel(P.DELIVERED)

    assert delivered.told(shipped) == shipped.told(delivered)
    assert delivered.told(shipped).waybill == "W-1"
