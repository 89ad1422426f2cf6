"""Goods stay here after all, unless their parcel is gone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from logistics_service.domain.fulfilment import Fulfilment
from logistics_service.domain.order import Order
from logistics_service.domain.stock import MovementType
from logistics_service.store import fulfilments, orders
from logistics_service.usecases import messages
from logistics_service.usecases.move_units import lock_levels, move_units
from shop_events import Tx


def request_cancellation(tx: Tx, order_id: str, line_ids: Iterable[str]) -> None:
    """Somebody wants a confirmed order cancelled; only logistics can say whether it still may be.

    Publishes FulfilmentCancelled for what is still here, FulfilmentCancellationRefused for what
    is gone. Asked again, it gives the same answer again. Before the fulfilments exist the wish is
    remembered.
    """
    known = orders.lock(tx.connection, order_id)
    order = replace(known, asked=known.asked | set(line_ids))
    orders.save(tx.connection, known, order)
    answer_cancellation(tx, order)


def answer_cancellation(tx: Tx, order: Order) -> None:
    """Each fulfilment with a line that was asked for answers, for all its lines."""
    asked = [
        fulfilment
        for fulfilment in fulfilments.lock_of_order(tx.connection, order.id)
        if any(line.line_id in order.asked for line in fulfilment.lines)
    ]
    lock_levels(tx, (line.sku_id for fulfilment in asked for line in fulfilment.open_lines))
    for fulfilment in asked:
        _answer(tx, cancel_fulfilment(tx, fulfilment))


def cancel_fulfilment(tx: Tx, fulfilment: Fulfilment) -> Fulfilment:
    """Free what is still here of the locked fulfilment. Publishes StockLevelChanged."""
    open_lines = fulfilment.open_lines
    if not open_lines:
        return fulfilment
    cancelled = fulfilment.cancel(tx.now)
    fulfilments.save(tx.connection, fulfilment, cancelled)
    move_units(
        tx,
        MovementType.FREED,
        open_lines,
        warehouse_id=fulfilment.warehouse_id,
        cause=f"fulfilment:{fulfilment.id}",
    )
    return cancelled


def _answer(tx: Tx, fulfilment: Fulfilment) -> None:
    if fulfilment.cancelled_lines:
        tx.publish(messages.cancelled(fulfilment))
    if fulfilment.shipped_lines:
        tx.publish(messages.refused(fulfilment))
