"""The buyer needs more time before goods count as received."""

from __future__ import annotations

from dataclasses import replace

from order_service.domain.errors import AlreadyExtended, NothingToExtend
from order_service.domain.happening import Kind
from order_service.domain.order import Order
from order_service.domain.parcel import Parcel, ParcelState
from order_service.domain.track import UNDER_WAY
from order_service.store import orders, parcels
from order_service.usecases import times
from order_service.usecases.tell import tell
from shop_events import Tx


def extend_receipt(tx: Tx, order_id: str, *, account_id: str) -> Order:
    """Five days more for every parcel that waits, once in an order's life (FEATURES 93).

    The deadlines themselves are left alone: one that fires finds the later time and waits on. To
    move it here could lock both out.

    Raises:
        OrderNotFound: there is no such order, or it is somebody else's.
        AlreadyExtended: it was extended before.
        NothingToExtend: no parcel waits for the buyer's word.
    """
    order = orders.lock(tx.connection, order_id, account_id=account_id)
    if order.receipt_extended_at is not None:
        raise AlreadyExtended(order_id)
    waiting = [one for one in parcels.of_orders(tx.connection, [order_id])[order_id] if _waits(one)]
    if not waiting or order.track not in UNDER_WAY:
        raise NothingToExtend(order_id)
    for parcel in waiting:
        if parcel.receive_at is not None:
            later = parcel.receive_at + times.RECEIPT_EXTENDED_BY
            parcels.put(tx.connection, order_id, replace(parcel, receive_at=later))
    extended = replace(order, receipt_extended_at=tx.now)
    orders.save(tx.connection, order, extended)
    tell(tx, order_id, Kind.RECEIPT_EXTENDED)
    return extended


def _waits(parcel: Parcel) -> bool:
    here = parcel.state in (ParcelState.SHIPPED, ParcelState.DELIVERED)
    return here and parcel.receive_at is not None
