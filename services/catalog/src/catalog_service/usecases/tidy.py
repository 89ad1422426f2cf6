"""Forget what nobody asks for any more."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from catalog_service.store import imports, search
from shop_events import Tx

IMPORTS_FOR: Final = timedelta(days=30)
VAIN_SEARCHES_FOR: Final = timedelta(days=90)


def tidy(tx: Tx) -> int:
    """Forget imports that ended a month ago, and words nobody looked for in three; how many."""
    done = imports.forget_before(tx.connection, tx.now - IMPORTS_FOR)
    return done + search.forget_zero_results(tx.connection, tx.now - VAIN_SEARCHES_FOR)
