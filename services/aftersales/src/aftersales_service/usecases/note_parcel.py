"""Remember what was delivered and what the buyer received."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from aftersales_service.store import accounts, orders, parcels
from shop_events import Tx


def note_delivered(
    tx: Tx,
    parcel_id: str,
    *,
    order_id: str,
    units: Iterable[parcels.Unit],
    signed_at: datetime,
) -> None:
    """The units of a parcel that was signed for. Once a parcel."""
    orders.begin(tx.connection, order_id)
    parcels.note_delivered(
        tx.connection, parcel_id, order_id=order_id, units=units, signed_at=signed_at
    )


def note_received(tx: Tx, order_id: str, *, account_id: str, parcel_ids: Iterable[str]) -> None:
    """The buyer has these parcels: the return window begins now. Once a parcel."""
    if accounts.lock(tx.connection, account_id):
        return
    orders.begin(tx.connection, order_id, account_id=account_id)
    for parcel_id in sorted(parcel_ids):
        parcels.note_received(tx.connection, parcel_id, order_id=order_id, received_at=tx.now)
