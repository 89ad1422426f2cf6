"""An order was placed: hold all its goods, or none."""

from __future__ import annotations

import logging
from dataclasses import replace

from logistics_service.domain.order import Order, Placed
from logistics_service.domain.parcel import PackedLine
from logistics_service.domain.reservation import Reservation
from logistics_service.domain.stock import DEFAULT_WAREHOUSE, MovementType, Short
from logistics_service.store import orders, reservations, stock
from logistics_service.usecases import times
from logistics_service.usecases.move_units import move_units
from logistics_service.usecases.start_fulfilments import start_fulfilments
from shop_events import Tx
from shop_events.contracts.logistics import Shortage, StockRejected, StockReserved

log = logging.getLogger(__name__)


def reserve_stock(tx: Tx, placed: Placed) -> None:
    """Hold every line, or nothing. Publishes StockReserved, or StockRejected with what is short.

    Idempotent on the order. Of an order that was cancelled first nothing is held and nothing is
    said; one that was confirmed first goes on to be packed.
    """
    known = orders.lock(tx.connection, placed.order_id)
    if known.placed:
        return
    order = replace(
        known,
        placed=True,
        account_id=placed.account_id,
        number=placed.number,
        delivery_method=placed.delivery_method,
        lines=known.lines or placed.lines,
    )
    orders.save(tx.connection, known, order)
    if order.cancelled:
        return
    if shortages := _shortages(tx, order):
        _reject(tx, order, shortages)
        return
    _hold(tx, order)
    tx.publish(StockReserved(order_id=order.id))
    tx.schedule(times.HOLD_OVERDUE, order.id, placed.pay_by + times.HOLD_GRACE)
    if order.confirmed:
        start_fulfilments(tx, order)


def _shortages(tx: Tx, order: Order) -> list[Short]:
    """What is missing, with the levels locked in one order everywhere (S4)."""
    wanted = order.quantity_by_sku()
    levels = stock.lock(tx.connection, wanted, DEFAULT_WAREHOUSE)
    available = {sku_id: level.available for sku_id, level in levels.items()}
    return [
        Short(sku_id=sku_id, wanted=quantity, available=available.get(sku_id, 0))
        for sku_id, quantity in wanted.items()
        if quantity > available.get(sku_id, 0)
    ]


def _hold(tx: Tx, order: Order) -> None:
    made = [
        Reservation(
            order_id=order.id,
            line_id=line.line_id,
            sku_id=line.sku_id,
            warehouse_id=DEFAULT_WAREHOUSE,
            merchant_id=line.merchant_id,
            quantity=line.quantity,
        )
        for line in order.lines
    ]
    reservations.add(tx.connection, made)
    lines = [
        PackedLine(line_id=one.line_id, sku_id=one.sku_id, quantity=one.quantity, first_unit=0)
        for one in made
    ]
    cause = f"order:{order.id}"
    move_units(tx, MovementType.HELD, lines, warehouse_id=DEFAULT_WAREHOUSE, cause=cause)


def _reject(tx: Tx, order: Order, shortages: list[Short]) -> None:
    if order.confirmed:
        log.error("The order %s is confirmed, and its goods are not there.", order.id)
    tx.publish(
        StockRejected(
            order_id=order.id,
            shortages=tuple(
                Shortage(sku_id=one.sku_id, wanted=one.wanted, available=one.available)
                for one in shortages
            ),
        )
    )
