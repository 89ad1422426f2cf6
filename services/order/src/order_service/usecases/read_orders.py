"""Look at orders without changing them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from order_service.domain.status import Parcel, Status, status_of
from order_service.store import orders, told

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
    return _see(connection, orders.get(connection, order_id, account_id))


def read_orders(
    connection: Connection, *, account_id: str, before: str | None, at_most: int
) -> list[OrderSeen]:
    """The account's orders, the newest first, older than the order ``before``."""
    found = orders.list_of(connection, account_id, before=before, at_most=at_most)
    return [_see(connection, order) for order in found]


def _see(connection: Connection, order: Order) -> OrderSeen:
    parcels = tuple(told.parcels_of(connection, order.id))
    preparing = told.is_preparing(connection, order.id)
    return OrderSeen(
        order=order,
        status=status_of(order, parcels, preparing=preparing),
        parcels=parcels,
        refunded=told.refunded(connection, order.id, order.currency),
    )
