"""The buyer has the goods."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from order_service.domain.claim import Claim, Counted, split
from order_service.domain.errors import NothingToReceive, ParcelNeeded, ParcelNotFound
from order_service.domain.happening import Kind
from order_service.domain.order import Order
from order_service.domain.parcel import Parcel, ParcelState
from order_service.domain.track import UNDER_WAY
from order_service.domain.units import Units, count, together
from order_service.store import claims, orders, parcels
from order_service.usecases import messages, times
from order_service.usecases.go_on import go_on
from order_service.usecases.tell import tell
from shop_events import Tx
from shop_events.contracts.order import CancelReason, OrderReceived, ReceivedBy

# Where nobody can trace a parcel, nobody tells that it was delivered either.
_MAY_BE_HERE: Final = {
    True: {ParcelState.DELIVERED},
    False: {ParcelState.DELIVERED, ParcelState.SHIPPED},
}


def confirm_receipt(
    tx: Tx,
    order_id: str,
    *,
    account_id: str,
    parcel_id: str | None = None,
    counted: Sequence[Counted] = (),
) -> Order:
    """The buyer confirms one delivered parcel, or all of them. Publishes OrderReceived.

    Good units: the windows to return and to review open, and their money settles with the
    merchants. What was ``counted`` as short or damaged does neither and is kept as a claim
    (FEATURES 92). A parcel that was confirmed before is left as it is.

    Raises:
        OrderNotFound: there is no such order, or it is somebody else's.
        ParcelNotFound: the order has no such parcel.
        ParcelNeeded: lines were counted, and several parcels wait.
        NotInParcel: what was counted does not fit the parcel.
        NothingToReceive: nothing was delivered yet.
    """
    order = orders.lock(tx.connection, order_id, account_id=account_id)
    meant = _meant(tx, order_id, parcel_id)
    waiting = [one for one in meant if one.state in _MAY_BE_HERE[order.traceable]]
    if not waiting or order.track not in UNDER_WAY:
        if any(parcel.state is ParcelState.RECEIVED for parcel in meant):
            return order
        raise NothingToReceive(order_id)
    if not counted:
        units = together(parcel.units for parcel in waiting)
        return _receive(tx, order, waiting, units, by=ReceivedBy.BUYER)
    if len(waiting) > 1:
        raise ParcelNeeded(order_id)
    good, found = split(waiting[0], counted)
    for claim in found:
        _open(tx, order_id, claim)
    return _receive(tx, order, waiting, good, by=ReceivedBy.BUYER)


def receive_by_itself(tx: Tx, parcel_id: str) -> None:
    """Ten days have passed since the parcel was signed for. Publishes OrderReceived (F4).

    If the buyer has asked for more time meanwhile, it waits until then.
    """
    order_id = parcels.order_of(tx.connection, parcel_id)
    if order_id is None:
        return
    order = orders.lock(tx.connection, order_id)
    parcel = parcels.find(tx.connection, parcel_id)
    if parcel is None or parcel.state not in _MAY_BE_HERE[order.traceable]:
        return
    if parcel.receive_at is not None and parcel.receive_at > tx.now:
        tx.schedule(times.AUTO_RECEIPT, parcel_id, parcel.receive_at)
    elif order.track in UNDER_WAY:
        _receive(tx, order, [parcel], parcel.units, by=ReceivedBy.AUTOMATIC)


def _meant(tx: Tx, order_id: str, parcel_id: str | None) -> list[Parcel]:
    known = parcels.of_orders(tx.connection, [order_id])[order_id]
    if parcel_id is None:
        return known
    named = [parcel for parcel in known if parcel.id == parcel_id]
    if not named:
        raise ParcelNotFound(order_id, parcel_id)
    return named


def _open(tx: Tx, order_id: str, claim: Claim) -> None:
    if claims.add(tx.connection, order_id, claim, tx.now):
        key = f"{claim.parcel_id}:{claim.line_id}:{claim.kind}"
        quantity = str(count(claim.runs))
        tell(tx, order_id, Kind.CLAIMED, key=key, what=claim.kind.value, quantity=quantity)


def _receive(
    tx: Tx, order: Order, received: Sequence[Parcel], good: Units, *, by: ReceivedBy
) -> Order:
    for parcel in received:
        parcels.put(tx.connection, order.id, replace(parcel, state=ParcelState.RECEIVED))
        tx.unschedule(times.AUTO_RECEIPT, parcel.id)
        tell(tx, order.id, Kind.RECEIVED, key=parcel.id, parcel_id=parcel.id, by=by)
    changed, shares = order.receive_units(good)
    if shares:
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
