"""The person behind an account is to be forgotten."""

from __future__ import annotations

from order_service.store import papers, quotes
from shop_events import Tx


def forget_account(tx: Tx, account_id: str) -> None:
    """Delete names, phones, addresses and notes of this account; amounts stay in the books.

    Idempotent. What is on its way still arrives: logistics has its own copy until it has.
    """
    quotes.forget(tx.connection, account_id)
    papers.scrub(tx.connection, account_id)
