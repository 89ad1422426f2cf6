"""Each night every counter is compared with the sum of its movements (DOMAIN.md S2).

A part at a time, read outside of any transaction that writes: the shop goes on meanwhile.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from logistics_service.domain.proof import Proof
from logistics_service.store import proofs
from shop_events import Database
from shop_events.sql import Connection

log = logging.getLogger(__name__)

AT_ONCE: Final = 500

# A night begins at three in the morning in China, when the fewest buy.
_NIGHT_BEGINS: Final = timedelta(hours=8) - timedelta(hours=3)


def prove_stock(database: Database, *, at_most: int = AT_ONCE) -> int:
    """Look at the next SKUs of tonight's proof; how many those were.

    Each contradiction is an alarm in the log and is counted in the night's row. A night that
    nobody was there for is left out; of two workers one goes on.
    """
    now = database.clock.now()
    night = _night_of(now)
    with database.read() as connection:
        known = proofs.get(connection, night)
        if known is not None and known.finished_at is not None:
            return 0
        proof = known or Proof(night=night, started_at=now)
        skus = proofs.next_skus(connection, proof.after_sku, at_most=at_most)
        wrong = proofs.wrong_levels(connection, skus[0], skus[-1]) if skus else []
    for sku_id, warehouse_id in wrong:
        log.error(
            "S2: the counters of %s in %s are not the sum of its movements.", sku_id, warehouse_id
        )
    after = replace(
        proof,
        after_sku=skus[-1] if skus else proof.after_sku,
        checked=proof.checked + len(skus),
        wrong=proof.wrong + len(wrong),
        finished_at=None if len(skus) == at_most else now,
    )
    with database.begin() as tx:
        if known is None:
            proofs.begin(tx.connection, proof)
        proofs.go_on(tx.connection, proof, after)
    return len(skus)


def read_proofs(connection: Connection, *, at_most: int) -> list[Proof]:
    """The last nights' proofs, the newest first."""
    return proofs.newest(connection, at_most=at_most)


def _night_of(now: datetime) -> str:
    return (now + _NIGHT_BEGINS).date().isoformat()
