"""Where people want to be reached, until it counts."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, bindparam, delete, insert, select

from account_service.domain.identifier import Channel, Identifier
from account_service.domain.move import Move
from account_service.store.tables import moves


def put(connection: Connection, move: Move) -> None:
    """Keep it in place of the one before, if any; its account is locked."""
    drop(connection, move.account_id, move.to.channel)
    row = {
        "account_id": move.account_id,
        "channel": move.to.channel,
        "value": move.to.value,
        "replaces": move.replaces.value if move.replaces else None,
        "expires_at": move.expires_at,
        "proved": move.proved,
        "agreed": move.agreed,
        "done": move.done,
    }
    connection.execute(insert(moves), row)


def get(connection: Connection, account_id: str, channel: Channel) -> Move | None:
    """The last one somebody asked for."""
    row = connection.execute(_ONE, _key(account_id, channel)).first()
    if row is None:
        return None
    return Move(
        account_id=account_id,
        to=Identifier(channel, row.value),
        replaces=Identifier(channel, row.replaces) if row.replaces else None,
        expires_at=row.expires_at,
        proved=row.proved,
        agreed=row.agreed,
        done=row.done,
    )


def drop(connection: Connection, account_id: str, channel: Channel) -> None:
    """Nobody wants it any more."""
    connection.execute(_DELETE, _key(account_id, channel))


def _key(account_id: str, channel: Channel) -> dict[str, str]:
    return {"of_account": account_id, "of_channel": channel}


_THIS: Final = (
    moves.c.account_id == bindparam("of_account"),
    moves.c.channel == bindparam("of_channel"),
)
_ONE: Final = select(moves).where(*_THIS)
_DELETE: Final = delete(moves).where(*_THIS)
