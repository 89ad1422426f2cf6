"""The buyer has goods: what they cost is the merchants' now, less our commission."""

from __future__ import annotations

from collections.abc import Iterable

from payment_service.domain.ledger import Entry, Posting
from payment_service.domain.refund import Share
from payment_service.domain.settlement import received
from payment_service.store import books, line_money, payables
from shop_events import Tx


def settle_receipt(
    tx: Tx, order_id: str, *, parcel_ids: Iterable[str], shares: Iterable[Share], rate_bp: int
) -> None:
    """Book each share to its merchant, less the commission of ``rate_bp`` basis points.

    A parcel is received once, so the least of its parcels names a receipt: told twice, it is
    booked once.
    """
    payables.lock(tx.connection, order_id)
    cause = f"received:{order_id}:{min(parcel_ids, default='')}"
    if books.has(tx.connection, cause):
        return
    entries: list[Entry] = []
    for share in shares:
        before = line_money.of_share(tx.connection, order_id, share)
        after = before.settle(share.amount, rate_bp)
        line_money.save(tx.connection, order_id, after)
        entries += received(before, after)
    if entries:
        posting = Posting(cause=cause, order_id=order_id, entries=tuple(entries))
        books.add(tx.connection, posting, tx.now)
