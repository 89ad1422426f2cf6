"""The buyer has the goods."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from order_service.domain.errors import NothingToReceive, ParcelNotFound
from order_service.domain.order import Order
from order_service.domain.parcel import Parcel, ParcelState
from order_service.domain.track import UNDER_WAY
from order_service.domain.units import together
from order_service.store import orders, parcels
from order_service.usecases import messages, times
from order_service.usecases.go_on import go_on
from shop_events import Tx
from shop_events.contracts.order import CancelReason, OrderReceived, ReceivedBy


def confirm_receipt(
    tx: Tx, order_id: str, *, account_id: str, parcel_id: str | None = None
) -> Order:
    """The buyer confirms one delivered parcel, or all of them. Publishes OrderReceived.

    The windows to return and to review open, and the money settles with the merchants. A parcel
    that was confirmed before is left as it is.

    Raises:
        OrderNotFound: there is no such order, or it is somebody else's.
        ParcelNotFound: the order has no such parcel.
        NothingToReceive: nothing was delivered yet.
    """
    order = orders.lock(tx.connection, order_id, account_id=account_id)
    meant = _meant(tx, order_id, parcel_id)
    waiting = [parcel for parcel in meant if parcel.state is ParcelState.DELIVERED]
    if waiting and order.track in UNDER_WAY:
        return _receive(tx, order, waiting, ReceivedBy.BUYER)
    if any(parcel.state is ParcelState.RECEIVED for parcel in meant):
        return order
    raise NothingToReceive(order_id)


def receive_by_itself(tx: Tx, parcel_id: str) -> None:
    """Ten days have passed since the parcel was signed for. Publishes OrderReceived (F4)."""
    order_id = parcels.order_of(tx.connection, parcel_id)
    if order_id is None:
        return
    order = orders.lock(tx.connection, order_id)
    parcel = parcels.find(tx.connection, parcel_id)
    if parcel and parcel.state is ParcelState.DELIVERED and order.track in UNDER_WAY:
        _receive(tx, order, [parcel], ReceivedBy.AUTOMATIC)


def _meant(tx: Tx, order_id: str, parcel_id: str | None) -> list[Parcel]:
    known = parcels.of_orders(tx.connection, [order_id])[order_id]
    if parcel_id is None:
        return known
    named = [parcel for parcel in known if parcel.id == parcel_id]
    if not named:
        raise ParcelNotFound(order_id, parcel_id)
    return named


def _receive(tx: Tx, order: Order, received: Sequence[Parcel], by: ReceivedBy) -> Order:
    for parcel in received:
        parcels.put(tx.connection, order.id, replace(parcel, state=ParcelState.RECEIVED))
        tx.unschedule(times.AUTO_RECEIPT, parcel.id)
    changed, shares = order.receive_units(together(parcel.units for parcel in received))
    tx.publish(
        OrderReceived(
            order_id=order.id,
            account_id=order.account_id,
            parcel_ids=tuple(parcel.id for parcel in received),
            line_ids=tuple(share.line_id for share in shares if share.line_id),
            shares=messages.refund_shares(shares),
            by=by,
        )
    )
    return go_on(tx, order, changed, reason=CancelReason.BUYER)
