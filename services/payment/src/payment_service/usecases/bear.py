"""Who bears a refund: the buyer's prepaid money, or the merchants and our commission."""

from __future__ import annotations

from payment_service.domain import ledger
from payment_service.domain.ledger import CUSTOMER_PREPAID, Entry
from payment_service.domain.refund import Refund
from payment_service.domain.settlement import moved, shares_total
from payment_service.store import books, line_money
from shop_events import Tx


def book_refund(tx: Tx, refund: Refund, *, paid_from: str) -> None:
    """Book the refund, ``paid_from`` being the account that pays it; once for each refund id.

    What no share speaks of comes from the prepaid money. The order's payable is locked.
    """
    cause = f"refund:{refund.id}"
    if books.has(tx.connection, cause):
        return
    rest = refund.amount - shares_total(refund.shares, refund.amount.currency)
    entries = [
        Entry(account=paid_from, amount=-refund.amount),
        Entry(account=CUSTOMER_PREPAID, amount=rest),
    ]
    for share in refund.shares:
        before = line_money.of_share(tx.connection, refund.order_id, share)
        after = before.give_back(share.amount)
        line_money.save(tx.connection, refund.order_id, after)
        entries += moved(before, after)
    books.add(tx.connection, ledger.posting_of(cause, refund.order_id, entries), tx.now)


def touches_earned(tx: Tx, refund: Refund) -> bool:
    """Whether a merchant would have to give something back that it has earned already."""
    for share in refund.shares:
        before = line_money.of_share(tx.connection, refund.order_id, share)
        after = before.give_back(share.amount)
        if after.refunded_after_receipt != before.refunded_after_receipt:
            return True
    return False
