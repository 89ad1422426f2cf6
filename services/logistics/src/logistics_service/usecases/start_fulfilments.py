"""An order is confirmed: its goods are to be packed, each merchant's on their own."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from logistics_service.domain.fulfilment import Fulfilment
from logistics_service.domain.order import Order, OrderedLine, Terms
from logistics_service.domain.reservation import Reservation, ReservationState
from logistics_service.domain.stock import MovementType
from logistics_service.store import fulfilments, orders, reservations
from logistics_service.usecases import messages, times
from logistics_service.usecases.cancel_fulfilments import answer_cancellation
from logistics_service.usecases.move_units import lock_levels, move_units
from shop_events import Tx


def confirm_order(
    tx: Tx, order_id: str, *, account_id: str, lines: tuple[OrderedLine, ...], terms: Terms
) -> None:
    """The order is paid, or will be on delivery. Publishes FulfilmentCreated for each merchant.

    Idempotent on the order. If the order was not told as placed yet, that is remembered and its
    goods go on once it is; if somebody wanted it cancelled meanwhile, it is, at once.
    """
    known = orders.lock(tx.connection, order_id)
    if known.confirmed:
        return
    order = replace(
        known, confirmed=True, account_id=account_id, lines=known.lines or lines, terms=terms
    )
    orders.save(tx.connection, known, order)
    if order.placed:
        start_fulfilments(tx, order)


def start_fulfilments(tx: Tx, order: Order) -> None:
    """What is held for the confirmed order becomes one fulfilment per merchant and warehouse.

    Publishes FulfilmentCreated and StockLevelChanged. If a cancellation was asked for before,
    FulfilmentCancelled follows at once.
    """
    held: dict[tuple[str, str], list[Reservation]] = defaultdict(list)
    for one in reservations.of_order(tx.connection, order.id):
        if one.state is ReservationState.HELD:
            held[one.merchant_id, one.warehouse_id].append(one)
    lock_levels(tx, (one.sku_id for ours in held.values() for one in ours))
    tx.unschedule(times.HOLD_OVERDUE, order.id)
    for _, ours in sorted(held.items()):
        _start(tx, ours)
    if order.asked:
        answer_cancellation(tx, order)


def _start(tx: Tx, held: list[Reservation]) -> None:
    first, fulfilment_id = held[0], tx.new_id()
    fulfilment = Fulfilment(
        id=fulfilment_id,
        order_id=first.order_id,
        merchant_id=first.merchant_id,
        warehouse_id=first.warehouse_id,
        lines=tuple(one.commit(fulfilment_id) for one in held),
    )
    fulfilments.add(tx.connection, fulfilment)
    move_units(
        tx,
        MovementType.COMMITTED,
        fulfilment.open_lines,
        warehouse_id=fulfilment.warehouse_id,
        cause=f"fulfilment:{fulfilment_id}",
    )
    tx.publish(messages.created(fulfilment))
