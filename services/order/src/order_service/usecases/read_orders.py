"""Look at orders without changing them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from order_service.domain.fulfilment import Said, cancelled, in_work
from order_service.domain.parcel import Parcel, ParcelState
from order_service.domain.refund import Refund, paid_back
from order_service.domain.status import Status, status_of
from order_service.domain.track import Track
from order_service.store import fulfilments, orders, parcels, refunds

if TYPE_CHECKING:
    from order_service.domain.order import Order
    from shop_events import Money
    from shop_events.sql import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderSeen:
    """An order with all that is known about it now."""

    order: Order
    status: Status
    parcels: tuple[Parcel, ...]
    refunded: Money


def read_order(connection: Connection, order_id: str, *, account_id: str) -> OrderSeen:
    """One order of this account.

    Raises:
        OrderNotFound: there is none, or it is somebody else's.
    """
    return see(connection, [orders.get(connection, order_id, account_id)])[0]


def read_orders(
    connection: Connection, *, account_id: str, before: str | None, at_most: int
) -> list[OrderSeen]:
    """The account's orders, the newest first, older than the order ``before``."""
    return see(connection, orders.list_of(connection, account_id, before=before, at_most=at_most))


def is_settling(connection: Connection, order_id: str) -> bool:
    """Whether the order still waits for the stock's answer."""
    return orders.track_of(connection, order_id) is Track.PLACED


def see(connection: Connection, found: Sequence[Order]) -> list[OrderSeen]:
    """These orders with what others told of them, in as many queries as for one."""
    ids = [order.id for order in found]
    sent = parcels.of_orders(connection, ids)
    said = fulfilments.of_orders(connection, ids)
    back = refunds.of_orders(connection, {order.id: order.currency for order in found})
    return [_seen(order, sent[order.id], said[order.id], back[order.id]) for order in found]


def _seen(
    order: Order, sent: Sequence[Parcel], said: Sequence[Said], back: Sequence[Refund]
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
        refunded=paid_back(order, back),
    )
