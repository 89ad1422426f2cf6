"""An order is over: what is held for it is for sale again."""

from __future__ import annotations

from dataclasses import replace

from logistics_service.domain.parcel import PackedLine
from logistics_service.domain.reservation import Reservation, ReservationState
from logistics_service.domain.stock import DEFAULT_WAREHOUSE, MovementType
from logistics_service.store import fulfilments, orders, reservations
from logistics_service.usecases import messages, times
from logistics_service.usecases.cancel_fulfilments import cancel_fulfilment
from logistics_service.usecases.forget_people import forget_when_due
from logistics_service.usecases.move_units import lock_levels, move_units
from shop_events import Tx


def release_stock(tx: Tx, order_id: str) -> None:
    """End the order's holds. Publishes StockLevelChanged.

    If the order is not known yet, a tombstone is left: it will reserve nothing. What was shipped
    stays shipped, and what was released is not released again (S6). A fulfilment that is still
    here is cancelled too, with FulfilmentCancelled.
    """
    known = orders.lock(tx.connection, order_id)
    if known.cancelled:
        return
    orders.save(tx.connection, known, replace(known, cancelled=True))
    tx.unschedule(times.HOLD_OVERDUE, order_id)
    forget_when_due(tx, order_id, known.account_id)
    held = [
        one
        for one in reservations.of_order(tx.connection, order_id)
        if one.state is ReservationState.HELD
    ]
    _release(tx, order_id, held)
    started = fulfilments.lock_of_order(tx.connection, order_id)
    lock_levels(tx, (line.sku_id for fulfilment in started for line in fulfilment.open_lines))
    for fulfilment in started:
        cancelled = cancel_fulfilment(tx, fulfilment)
        if cancelled != fulfilment:
            tx.publish(messages.cancelled(cancelled))


def _release(tx: Tx, order_id: str, held: list[Reservation]) -> None:
    reservations.save(tx.connection, (one.release() for one in held))
    lines = [
        PackedLine(line_id=one.line_id, sku_id=one.sku_id, quantity=one.open, first_unit=0)
        for one in held
    ]
    cause = f"order:{order_id}"
    move_units(tx, MovementType.RELEASED, lines, warehouse_id=DEFAULT_WAREHOUSE, cause=cause)
