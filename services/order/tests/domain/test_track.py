"""O1, O2: the order's track is a table, and whatever is not in it cannot happen."""

import itertools
from datetime import UTC, datetime

import pytest

from order_service.domain.errors import IllegalTransition
from order_service.domain.order import Order
from order_service.domain.track import NEXT, Track


def order_at(track: Track) -> Order:
    now = datetime(2026, 11, 22, tzinfo=UTC)
    return Order(
        id="o1",
        number="261122A",
        account_id="ann",
        track=track,
        lines=(),
        freights=(),
        currency="CNY",
        payment_method="card",
        on_delivery=False,
        placed_at=now,
        pay_by=now,
    )


@pytest.mark.parametrize(("now", "wanted"), list(itertools.product(Track, Track)))
def test_o2_an_order_goes_only_where_the_table_leads(now: Track, wanted: Track) -> None:
    order = order_at(now)

    if wanted in NEXT[now]:
        assert order.to(wanted).track is wanted
    else:
        with pytest.raises(IllegalTransition) as refusal:
            order.to(wanted)
        assert all(str(way) in str(refusal.value) for way in NEXT[now])


def test_o1_cancelled_and_completed_are_the_only_ends() -> None:
    assert {track for track in Track if not NEXT[track]} == {Track.CANCELLED, Track.COMPLETED}


def test_every_state_of_the_track_leads_to_an_end() -> None:
    reachable = {Track.CANCELLED, Track.COMPLETED}
    for _ in Track:
        reachable |= {track for track in Track if NEXT[track] & reachable}

    assert reachable == set(Track)
