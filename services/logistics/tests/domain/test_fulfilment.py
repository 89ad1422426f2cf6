from datetime import UTC, datetime

import pytest

from logistics_service.domain.errors import FulfilmentOnHold, NothingToPack, NotPackable
from logistics_service.domain.fulfilment import Fulfilment, Status
from logistics_service.domain.parcel import PackedLine
from logistics_service.domain.reservation import Reservation, ReservationState

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


def a_fulfilment() -> Fulfilment:
    lines = tuple(
        Reservation(
            order_id="o-1",
            line_id=line_id,
            sku_id=f"sku-{line_id}",
            warehouse_id="main",
            merchant_id="m-mo",
            quantity=2,
            state=ReservationState.COMMITTED,
            fulfilment_id="f-1",
        )
        for line_id in ("1", "2")
    )
    return Fulfilment(
        id="f-1", order_id="o-1", merchant_id="m-mo", warehouse_id="main", lines=lines
    )


def test_what_is_in_a_parcel_is_not_packed_again() -> None:
    packed = a_fulfilment().pack("p-1", NOW, units={"1": 2})

    assert packed.packable == {"2": 2}
    with pytest.raises(NotPackable, match="Line 1 of f-1 has 0 units to pack"):
        packed.pack("p-2", NOW, units={"1": 1})


def test_once_all_is_packed_nothing_is_left_to_pack() -> None:
    packed = a_fulfilment().pack("p-1", NOW)

    assert packed.status is Status.PACKED
    with pytest.raises(NothingToPack):
        packed.pack("p-2", NOW)


def test_a_line_of_somebody_else_is_not_packed() -> None:
    with pytest.raises(NotPackable):
        a_fulfilment().pack("p-1", NOW, units={"7": 1})


def test_a_held_fulfilment_is_neither_packed_nor_shipped() -> None:
    packed = a_fulfilment().pack("p-1", NOW, units={"1": 1}).hold(on=True)

    assert packed.status is Status.ON_HOLD
    with pytest.raises(FulfilmentOnHold):
        packed.pack("p-2", NOW)
    with pytest.raises(FulfilmentOnHold):
        packed.ship(packed.parcel("p-1"), NOW)


def test_a_cancelled_rest_leaves_a_shipped_fulfilment() -> None:
    packed = a_fulfilment().pack("p-1", NOW, units={"1": 1})

    ended = packed.ship(packed.parcel("p-1"), NOW).cancel(NOW)

    assert ended.status is Status.SHIPPED
    assert [line.quantity for line in ended.shipped_lines] == [1]
    assert [line.quantity for line in ended.cancelled_lines] == [1, 2]


def test_a_fulfilment_of_which_nothing_left_is_cancelled() -> None:
    assert a_fulfilment().cancel(NOW).status is Status.CANCELLED


def test_m4_each_unit_is_numbered_once_when_it_is_packed_or_stays_unpacked() -> None:
    first = a_fulfilment().pack("p-1", NOW, units={"2": 1})
    second = first.pack("p-2", NOW, units={"1": 1, "2": 1})

    ended = second.ship(second.parcel("p-2"), NOW).cancel(NOW)

    assert [numbers(line) for line in ended.shipped_lines] == [("1", 0, 1), ("2", 1, 1)]
    assert [numbers(line) for line in ended.cancelled_lines] == [("1", 1, 1), ("2", 0, 1)]


def test_m4_units_that_follow_each_other_are_told_as_one_run() -> None:
    packed = a_fulfilment().pack("p-1", NOW, units={"1": 1})

    assert [numbers(line) for line in packed.open_lines] == [("1", 0, 2), ("2", 0, 2)]


def numbers(line: PackedLine) -> tuple[str, int, int]:
    return line.line_id, line.first_unit, line.quantity
