"""Look up what of an order may be sent back."""

from __future__ import annotations

from aftersales_service.domain.errors import OrderNotFound
from aftersales_service.domain.order import Order
from aftersales_service.store import orders
from shop_events.sql import Connection


def read_eligible(connection: Connection, order_id: str, *, account_id: str) -> Order:
    """The confirmed order with its parcels.

    Raises:
        OrderNotFound: there is none, or it is somebody else's, or it is not confirmed yet.
    """
    order = orders.find(connection, order_id, account_id=account_id)
    if order is None:
        raise OrderNotFound(order_id)
    return order
