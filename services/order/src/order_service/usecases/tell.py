"""Write down what happened to an order, in the transaction in which it does."""

from __future__ import annotations

from datetime import datetime

from order_service.domain.happening import Happening, Kind
from order_service.store import timeline
from shop_events import Tx


def tell(
    tx: Tx, order_id: str, kind: Kind, *, key: str = "", at: datetime | None = None, **params: str
) -> None:
    """Add to the order's timeline. Idempotent on ``kind`` and ``key``.

    ``params`` are codes, ids, amounts as people read them, towns: never a name or an address.
    """
    known = {name: word for name, word in params.items() if word}
    happening = Happening(kind=kind, key=key, at=at or tx.now, params=known, trace_id=tx.trace_id)
    timeline.add(tx.connection, order_id, happening)
