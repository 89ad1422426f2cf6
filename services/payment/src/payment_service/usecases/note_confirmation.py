"""An order is confirmed: paid, or to be paid at the door."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from payment_service.domain import ledger
from payment_service.store import books, line_money, payables
from payment_service.usecases.carry_out_refunds import carry_out_waiting
from shop_events import Money, Tx
from shop_events.contracts.order import OrderLine


def note_confirmation(
    tx: Tx,
    order_id: str,
    *,
    account_id: str,
    amount: Money,
    on_delivery: bool,
    lines: Iterable[OrderLine],
) -> None:
    """Remember what was paid, or will be, for each line; book the debt of cash on delivery.

    Idempotent on the order. Refunds that waited for this are carried out, which may publish
    PaymentRefunded or PaymentRefundFailed.
    """
    payable = payables.lock(tx.connection, order_id)
    if payable.confirmed:
        return
    payable = replace(
        payable,
        confirmed=True,
        on_delivery=on_delivery,
        account_id=payable.account_id or account_id,
        amount=payable.amount or amount,
    )
    payables.save(tx.connection, payable)
    for line in lines:
        known = line_money.of_line(
            tx.connection, order_id, line.merchant_id, line.line_id, amount.currency
        )
        line_money.save(tx.connection, order_id, replace(known, paid=line.payable))
    if on_delivery and amount:
        books.add(tx.connection, ledger.on_delivery(order_id, amount), tx.now)
    carry_out_waiting(tx, payable)
