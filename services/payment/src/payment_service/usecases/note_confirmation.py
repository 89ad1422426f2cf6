"""An order is confirmed: paid, or to be paid at the door."""

from __future__ import annotations

from dataclasses import replace

from payment_service.domain import ledger
from payment_service.domain.refund import Share
from payment_service.store import books, line_money, payables
from payment_service.usecases.carry_out_refunds import carry_out_waiting
from shop_events import Tx
from shop_events.contracts.order import OrderConfirmed


def note_confirmation(tx: Tx, order: OrderConfirmed) -> None:
    """Remember what was paid, or will be, for each line; book the debt of cash on delivery.

    Idempotent on the order. Refunds that waited for this are carried out, which may publish
    PaymentRefunded or PaymentRefundFailed.
    """
    payable = payables.lock(tx.connection, order.order_id)
    if payable.confirmed:
        return
    payable = replace(
        payable,
        confirmed=True,
        on_delivery=order.on_delivery,
        account_id=payable.account_id or order.account_id,
        amount=payable.amount or order.amount,
    )
    payables.save(tx.connection, payable)
    _remember_lines(tx, order)
    if order.on_delivery and order.amount:
        books.add(tx.connection, ledger.on_delivery(order.order_id, order.amount), tx.now)
    carry_out_waiting(tx, payable)


def _remember_lines(tx: Tx, order: OrderConfirmed) -> None:
    for line in order.lines:
        whole = Share(merchant_id=line.merchant_id, line_id=line.line_id, amount=line.payable)
        known = line_money.of_share(tx.connection, order.order_id, whole)
        line_money.save(tx.connection, order.order_id, replace(known, paid=line.payable))
