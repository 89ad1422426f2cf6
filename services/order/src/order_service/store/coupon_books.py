"""Coupons, counted against their promotions and orders; for the auditor."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, func, or_, select

from order_service.domain.promotion import CouponState
from order_service.domain.track import UNCONFIRMED, Track
from order_service.store.shop_tables import coupons, promotions
from order_service.store.tables import orders


def wrong_counts(connection: Connection) -> Iterator[tuple[str, int, int]]:
    """Promotions that count other than their coupons: id, what they count, how many there are."""
    there = func.count(coupons.c.id)
    query = (
        select(promotions.c.id, promotions.c.claimed, there)
        .join_from(promotions, coupons, isouter=True)
        .group_by(promotions.c.id, promotions.c.claimed)
        .having(promotions.c.claimed != there)
    )
    for row in connection.execute(query):
        yield row[0], row[1], row[2]


def in_wrong_state(connection: Connection) -> Iterator[tuple[str, str, str]]:
    """Coupons that are not as their order is (C1): id, state, and the order's track."""
    unconfirmed, over = [*UNCONFIRMED], [*UNCONFIRMED, Track.CANCELLED]
    locked = (coupons.c.state == CouponState.LOCKED) & orders.c.track.not_in(unconfirmed)
    used = (coupons.c.state == CouponState.USED) & orders.c.track.in_(over)
    query = (
        select(coupons.c.id, coupons.c.state, orders.c.track)
        .join_from(coupons, orders)
        .where(or_(locked, used))
    )
    for row in connection.execute(query):
        yield row[0], row[1], row[2]
