from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logistics_service.domain.errors import IllegalTransition
from logistics_service.domain.parcel import (
    ENDED,
    FURTHER,
    NEXT,
    PackedLine,
    Parcel,
    ParcelState,
)

EIGHT = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
SIGHTINGS = sorted(FURTHER[ParcelState.SHIPPED])


def a_parcel(state: ParcelState = ParcelState.SHIPPED) -> Parcel:
    line = PackedLine(line_id="1", sku_id="sku-mug", quantity=1, first_unit=0)
    return Parcel(
        id="p-1",
        fulfilment_id="f-1",
        order_id="o-1",
        lines=(line,),
        state=state,
        state_at=EIGHT,
    )


@pytest.mark.parametrize(("now", "wanted"), [*product(ParcelState, repeat=2)])
def test_f1_a_parcel_goes_where_the_table_leads_and_nowhere_else(
    now: ParcelState, wanted: ParcelState
) -> None:
    if wanted in NEXT[now]:
        assert a_parcel(now).to(wanted, EIGHT).state is wanted
    else:
        with pytest.raises(IllegalTransition):
            a_parcel(now).to(wanted, EIGHT)


def test_steps_that_nobody_told_are_stepped_over() -> None:
    assert a_parcel().seen(ParcelState.SIGNED, EIGHT).state is ParcelState.SIGNED


def test_between_states_that_lead_back_and_forth_the_later_sighting_counts() -> None:
    stuck = a_parcel(ParcelState.IN_TRANSIT).seen(ParcelState.EXCEPTION, EIGHT + timedelta(hours=2))

    assert stuck.seen(ParcelState.IN_TRANSIT, EIGHT + timedelta(hours=1)) == stuck
    again = stuck.seen(ParcelState.IN_TRANSIT, EIGHT + timedelta(hours=3))
    assert again.state is ParcelState.IN_TRANSIT


@given(
    st.lists(st.tuples(st.sampled_from(SIGHTINGS), st.integers(-50, 50)), min_size=1, max_size=12)
)
def test_whatever_is_told_a_parcel_never_moves_back(told: list[tuple[ParcelState, int]]) -> None:
    parcel = a_parcel()
    for state, hours in told:
        before = parcel.state
        parcel = parcel.seen(state, EIGHT + timedelta(hours=hours))
        assert parcel.state is before or parcel.state in FURTHER[before]
        assert before not in ENDED or parcel.state is before
