"""Look at orders without changing them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from order_service.domain.claim import Claim
from order_service.domain.fulfilment import Said, cancelled, in_work
from order_service.domain.happening import Happening
from order_service.domain.papers import Papers
from order_service.domain.parcel import Parcel, ParcelState
from order_service.domain.refund import Refund, paid_back
from order_service.domain.status import Status, status_of, tracks_of
from order_service.domain.track import Track
from order_service.store import (
    claims,
    fulfilments,
    order_lists,
    orders,
    papers,
    parcels,
    refunds,
    timeline,
)

if TYPE_CHECKING:
    from order_service.domain.order import Order
    from order_service.store.order_lists import Of
    from shop_events import Money
    from shop_events.sql import Connection

LOOKED_AT_ONCE: Final = 100
COUNTED_AT_MOST: Final = 1_000  # confirmed orders of one list; an order is one for weeks at most


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderSeen:
    """An order with all that is known about it now."""

    order: Order
    status: Status
    parcels: tuple[Parcel, ...]
    claims: tuple[Claim, ...]
    refunded: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A page of a list: of this status, with these words, older than the order ``before``."""

    at_most: int
    before: str | None = None
    status: Status | None = None
    words: str | None = None


def read_order(connection: Connection, order_id: str, *, account_id: str) -> OrderSeen:
    """One order of this account.

    Raises:
        OrderNotFound: there is none, or it is somebody else's.
    """
    return see(connection, [orders.get(connection, order_id, account_id)])[0]


def read_papers(connection: Connection, order_id: str, *, account_id: str) -> Papers:
    """To whom an order of this account goes, and why it costs what it costs.

    Raises:
        OrderNotFound: there is none, or it is somebody else's.
    """
    orders.get(connection, order_id, account_id)
    return papers.of_order(connection, order_id)


def read_timeline(connection: Connection, order_id: str, *, account_id: str) -> list[Happening]:
    """All that happened to an order of this account, in order.

    Raises:
        OrderNotFound: there is none, or it is somebody else's.
    """
    orders.get(connection, order_id, account_id)
    return timeline.of_order(connection, order_id)


def read_orders(connection: Connection, asked: Asked, *, account_id: str) -> list[OrderSeen]:
    """The account's orders, the newest first."""
    return _list(connection, order_lists.of_account(account_id), asked)


def count_orders(connection: Connection, *, account_id: str) -> dict[Status, int]:
    """How many orders of the account have each status; those that are none are left out.

    What is not confirmed, or over, is counted by the database; the rest is looked at.
    """
    whose = order_lists.of_account(account_id)
    by_track = order_lists.count_by_track(connection, whose)
    confirmed = by_track.pop(Track.CONFIRMED, 0)
    counts = Counter({Status(track.value): count for track, count in by_track.items()})
    if confirmed:
        found = order_lists.page(
            connection, whose, tracks={Track.CONFIRMED}, before=None, at_most=COUNTED_AT_MOST
        )
        counts.update(one.status for one in see(connection, found))
    return dict(counts)


def read_merchant_orders(
    connection: Connection, asked: Asked, *, merchant_id: str
) -> list[OrderSeen]:
    """The orders with goods of a merchant, the newest first."""
    return _list(connection, order_lists.of_merchant(merchant_id), asked)


def read_merchant_order(connection: Connection, order_id: str, *, merchant_id: str) -> OrderSeen:
    """One order with goods of a merchant.

    Raises:
        OrderNotFound: there is none, or nothing in it is this merchant's.
    """
    return see(connection, [orders.get_sold(connection, order_id, merchant_id)])[0]


def is_settling(connection: Connection, order_id: str) -> bool:
    """Whether the order still waits for the stock's answer."""
    return orders.track_of(connection, order_id) is Track.PLACED


def see(connection: Connection, found: Sequence[Order]) -> list[OrderSeen]:
    """These orders with what others told of them, in as many queries as for one."""
    ids = [order.id for order in found]
    sent = parcels.of_orders(connection, ids)
    said = fulfilments.of_orders(connection, ids)
    wrong = claims.of_orders(connection, ids)
    back = refunds.of_orders(connection, {order.id: order.currency for order in found})
    return [
        _seen(order, sent[order.id], said[order.id], wrong[order.id], back[order.id])
        for order in found
    ]


def _list(connection: Connection, whose: Of, asked: Asked) -> list[OrderSeen]:
    """A status is worked out, so what is confirmed is looked through until the page is full."""
    if asked.words:
        whose = whose & order_lists.with_words(asked.words)
    tracks = tracks_of(asked.status) if asked.status else frozenset(Track)
    at_once = asked.at_most if tracks != {Track.CONFIRMED} else LOOKED_AT_ONCE
    found: list[OrderSeen] = []
    before = asked.before
    while len(found) < asked.at_most:
        some = order_lists.page(connection, whose, tracks=tracks, before=before, at_most=at_once)
        fitting = (one for one in see(connection, some) if asked.status in (None, one.status))
        found += fitting
        if len(some) < at_once:
            break
        before = some[-1].id
    return found[: asked.at_most]


def _seen(
    order: Order,
    sent: Sequence[Parcel],
    said: Sequence[Said],
    wrong: Sequence[Claim],
    back: Sequence[Refund],
) -> OrderSeen:
    unpacked = cancelled(said)  # what is packed is taken out of its box again
    shown = tuple(
        parcel
        for parcel in sent
        if parcel.state is not ParcelState.PACKED or parcel.fulfilment_id not in unpacked
    )
    return OrderSeen(
        order=order,
        status=status_of(order, shown, preparing=bool(in_work(said))),
        parcels=shown,
        claims=tuple(wrong),
        refunded=paid_back(order, back),
    )
