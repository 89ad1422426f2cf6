"""Units that arrived damaged, or not at all. The order's row is locked already."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from order_service.domain.claim import Claim, ClaimKind
from order_service.domain.units import count
from order_service.store import parts, texts
from order_service.store.tables import order_claims
from shop_events.sql import insert_once


def add(connection: Connection, order_id: str, claim: Claim, at: datetime) -> bool:
    """Open a claim; False when there is one of that kind about that line of the parcel."""
    row = {
        "order_id": order_id,
        "parcel_id": claim.parcel_id,
        "line_id": claim.line_id,
        "kind": claim.kind,
        "units": texts.from_units({claim.line_id: claim.runs}),
        "quantity": count(claim.runs),
        "state": "open",
        "opened_at": at,
    }
    return insert_once(connection, order_claims, row)


def of_orders(connection: Connection, order_ids: Sequence[str]) -> dict[str, list[Claim]]:
    """Each order's claims."""
    rows = parts.of_orders(connection, order_claims, order_ids)
    return {order_id: [_claim(row) for row in rows[order_id]] for order_id in order_ids}


def _claim(row: Row[Any]) -> Claim:
    return Claim(
        parcel_id=row.parcel_id,
        line_id=row.line_id,
        kind=ClaimKind(row.kind),
        runs=texts.to_units(row.units)[row.line_id],
    )
