"""The buyer has the goods."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from order_service.domain.errors import NothingToReceive, ParcelNotFound
from order_service.domain.order import Order
from order_service.domain.status import Parcel, ParcelState
from order_service.store import orders, told
from order_service.usecases import messages, times
from order_service.usecases.complete_order import await_completion
from shop_events import Tx
from shop_events.contracts.order import OrderReceived, ReceivedBy


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
    orders.get(tx.connection, order_id, account_id)
    order = orders.lock(tx.connection, order_id)
    parcels = told.parcels_of(tx.connection, order_id)
    if parcel_id is not None:
        parcels = [parcel for parcel in parcels if parcel.id == parcel_id]
        if not parcels:
            raise ParcelNotFound(order_id, parcel_id)
    waiting = [parcel for parcel in parcels if parcel.state is ParcelState.DELIVERED]
    if not waiting:
        if parcels and all(parcel.state is ParcelState.RECEIVED for parcel in parcels):
            return order
        raise NothingToReceive(order_id)
    return _receive(tx, order, waiting, ReceivedBy.BUYER)


def receive_by_itself(tx: Tx, parcel_id: str) -> None:
    """Ten days have passed since the parcel was signed for. Publishes OrderReceived."""
    order_id = told.order_of_parcel(tx.connection, parcel_id)
    if order_id is None:
        return
    order = orders.lock(tx.connection, order_id)
    parcel = told.parcel(tx.connection, parcel_id)
    if parcel is not None and parcel.state is ParcelState.DELIVERED:
        _receive(tx, order, [parcel], ReceivedBy.AUTOMATIC)


def _receive(tx: Tx, order: Order, parcels: list[Parcel], by: ReceivedBy) -> Order:
    units: Counter[str] = Counter()
    for parcel in parcels:
        units.update(parcel.units)
        told.put_parcel(tx.connection, order.id, replace(parcel, state=ParcelState.RECEIVED))
        tx.unschedule(times.AUTO_RECEIPT, parcel.id)
    changed, shares = order.receive_units(units)
    orders.save(tx.connection, order, changed)
    await_completion(tx, changed)
    tx.publish(
        OrderReceived(
            order_id=order.id,
            account_id=order.account_id,
            parcel_ids=tuple(parcel.id for parcel in parcels),
            line_ids=tuple(sorted(units)),
            shares=messages.refund_shares(shares),
            by=by,
        )
    )
    return changed
