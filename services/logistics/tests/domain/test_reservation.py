from itertools import product

import pytest

from logistics_service.domain.errors import IllegalTransition
from logistics_service.domain.reservation import NEXT, Reservation, ReservationState


def a_reservation(state: ReservationState = ReservationState.HELD, **counts: int) -> Reservation:
    return Reservation(
        order_id="o-1",
        line_id="1",
        sku_id="sku-mug",
        warehouse_id="main",
        merchant_id="m-mo",
        quantity=3,
        state=state,
        **counts,
    )


@pytest.mark.parametrize(("now", "wanted"), [*product(ReservationState, repeat=2)])
def test_s3_a_reservation_goes_where_the_table_leads_and_nowhere_else(
    now: ReservationState, wanted: ReservationState
) -> None:
    reservation = a_reservation(now)

    if wanted in NEXT[now]:
        assert reservation._to(wanted).state is wanted
    else:
        with pytest.raises(IllegalTransition, match="cannot become"):
            reservation._to(wanted)


def test_s6_releasing_twice_releases_once() -> None:
    once = a_reservation().release()

    assert once.release() == once
    assert (once.released, once.open) == (3, 0)


def test_s6_releasing_after_shipping_releases_what_is_left() -> None:
    partly = a_reservation().commit("f-1").consume(2).release()

    assert (partly.consumed, partly.released) == (2, 1)
    assert partly.state is ReservationState.CONSUMED


@pytest.mark.parametrize("units", [0, -1, 4])
def test_f2_no_more_leaves_than_is_reserved(units: int) -> None:
    with pytest.raises(IllegalTransition):
        a_reservation().commit("f-1").consume(units)


def test_goods_that_are_only_held_do_not_leave() -> None:
    with pytest.raises(IllegalTransition):
        a_reservation().consume(1)
