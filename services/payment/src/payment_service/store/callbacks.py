"""Callbacks that were taken, so that a repeated one changes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from payment_service.store.tables import provider_events, quarantined_callbacks
from shop_events.sql import insert_once


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A callback that was signed, understood and recorded.

    ``contradicts``: it says the opposite of what we were told before; people must look.
    """

    provider: str
    event_id: str
    payment_id: str
    outcome: str
    contradicts: bool


def add(connection: Connection, taken: Taken, at: datetime) -> bool:
    """Record a callback; False when it was recorded before."""
    values = {
        "provider": taken.provider,
        "event_id": taken.event_id,
        "payment_id": taken.payment_id,
        "outcome": taken.outcome,
        "contradicts": taken.contradicts,
        "received_at": at,
    }
    return insert_once(connection, provider_events, values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarantined:
    """A callback that was signed and does not match what is ours; ``why`` is a short sentence."""

    provider: str
    event_id: str
    kind: str
    payment_id: str | None
    why: str


def quarantine(connection: Connection, callback: Quarantined, at: datetime) -> bool:
    """Keep a callback for people to look at; False when it was kept before."""
    values = {
        "provider": callback.provider,
        "event_id": callback.event_id,
        "kind": callback.kind,
        "payment_id": callback.payment_id,
        "why": callback.why,
        "received_at": at,
    }
    return insert_once(connection, quarantined_callbacks, values)


def quarantined(connection: Connection) -> list[tuple[str, str]]:
    """The event and the reason of each callback in quarantine, the oldest first."""
    query = select(quarantined_callbacks).order_by(quarantined_callbacks.c.received_at)
    return [(row.event_id, row.why) for row in connection.execute(query)]


def contradicting(connection: Connection) -> list[tuple[str, str]]:
    """The payment and the callback of each contradiction; for the audit."""
    query = select(provider_events.c.payment_id, provider_events.c.event_id).where(
        provider_events.c.contradicts
    )
    return [(row.payment_id, row.event_id) for row in connection.execute(query)]
