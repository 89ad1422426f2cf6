"""Keep what others say of goods, merchants and delivery rates, and notice when it comes late."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from chassis.runtime import settings_of
from order_service.config import OrderSettings
from order_service.domain.catalogue import Sku
from order_service.domain.delivery import Rates
from order_service.domain.quote_errors import PricesBehind
from order_service.store import copies
from shop_events import Tx


def keep_product(tx: Tx, product_id: str, version: int, skus: Sequence[Sku]) -> None:
    """A product is like this now; an older version changes nothing."""
    copies.put_product(tx.connection, product_id, version, skus)
    notice_lateness(tx)


def keep_merchant(tx: Tx, merchant_id: str, version: int, *, sells: bool) -> None:
    """A merchant sells, or may not any more; an older version changes nothing."""
    copies.put_merchant(tx.connection, merchant_id, version, sells=sells)
    notice_lateness(tx)


def keep_rates(tx: Tx, rates: Rates) -> None:
    """Goods are delivered like this now; an older version changes nothing."""
    copies.put_rates(tx.connection, rates)
    notice_lateness(tx)


def notice_lateness(tx: Tx) -> None:
    """Write down that the event in hand was said long ago: then others wait behind it, too.

    Costs nothing while all is well. A worker that is dead hears nothing and notices nothing: that
    is its health's business.
    """
    if tx.cause is not None and tx.now - tx.cause.time > _late_after(tx):
        copies.note_late(tx.connection, tx.now)


def refuse_when_late(tx: Tx) -> None:
    """Make no promise on prices that may be old.

    Raises:
        PricesBehind: within the last half minute something was heard half a minute late.
    """
    last = copies.last_late(tx.connection)
    if last is not None and tx.now - last < _late_after(tx):
        raise PricesBehind


def _late_after(tx: Tx) -> timedelta:
    return timedelta(seconds=settings_of(tx, OrderSettings).late_after_s)
