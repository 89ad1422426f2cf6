"""What somebody wants to be told, and by which channels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from notification_service.domain.errors import AlwaysTold
from notification_service.domain.notice import ALWAYS, SWITCHABLE, Channel, Kind
from notification_service.store import people, preferences
from shop_events import Tx
from shop_events.sql import Connection

Choice = Mapping[Kind, Mapping[Channel, bool]]


def read_choice(connection: Connection, account_id: str) -> Choice:
    """Each kind that may be switched off, with its channels. Whatever was not said is on."""
    off = preferences.switched_off(connection, account_id)
    return {
        kind: {channel: (kind, channel) not in off for channel in Channel} for kind in SWITCHABLE
    }


def choose_channels(
    tx: Tx, account_id: str, chosen: Iterable[tuple[Kind, Mapping[Channel, bool]]]
) -> Choice:
    """Replace what was chosen before; kinds and channels that are not named are on.

    What is on its way already still goes.

    Raises:
        AlwaysTold: a code or security notice is named, or a kind twice.
    """
    by_kind: dict[Kind, Mapping[Channel, bool]] = {}
    for kind, wanted in chosen:
        if kind in ALWAYS:
            raise AlwaysTold(kind, "cannot be switched off")
        if kind in by_kind:
            raise AlwaysTold(kind, "stands there twice")
        by_kind[kind] = wanted
    off = [(kind, way) for kind, wanted in by_kind.items() for way, on in wanted.items() if not on]
    if not people.lock(tx.connection, account_id).erased:
        preferences.switch_off(tx.connection, account_id, off)
    return read_choice(tx.connection, account_id)
