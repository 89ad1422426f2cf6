"""Who put which waybill right; what was written stays as it is."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, func, insert, select

from logistics_service.domain.parcel import Parcel
from logistics_service.store.tables import waybill_changes


def write_change(
    connection: Connection, before: Parcel, after: Parcel, *, changed_by: str, at: datetime
) -> None:
    """Keep who put a waybill right, when, and what stood there before."""
    values = {
        "parcel_id": after.id,
        "changed_by": changed_by,
        "changed_at": at,
        "old_carrier": before.carrier,
        "old_waybill": before.waybill,
        "new_carrier": after.carrier,
        "new_waybill": after.waybill,
    }
    connection.execute(insert(waybill_changes), values)


def count_changes(connection: Connection, parcel_id: str) -> int:
    """How often the parcel's waybill was put right; its fulfilment's row is locked."""
    its = waybill_changes.c.parcel_id == parcel_id
    return connection.execute(select(func.count()).where(its)).scalar_one()
