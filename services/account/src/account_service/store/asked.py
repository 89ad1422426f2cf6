"""What somebody asked for, until the worker has looked whether anybody is to get it."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, delete, insert

from account_service.domain.application import Application, Wish
from account_service.domain.code import Purpose
from account_service.domain.identifier import Channel, Identifier
from account_service.store.tables import asked


def add(connection: Connection, key: str, wish: Wish) -> None:
    """Keep it."""
    wanted = wish.application
    row = {
        "id": key,
        "channel": wish.identifier.channel,
        "value": wish.identifier.value,
        "purpose": wish.purpose,
        "password_hash": wanted.password_hash if wanted else None,
        "display_name": wanted.display_name if wanted else None,
        "locale": wanted.locale if wanted else None,
        "referral_code": wanted.referral_code if wanted else None,
        "account_id": wish.account_id,
    }
    connection.execute(insert(asked), row)


def take(connection: Connection, key: str) -> Wish | None:
    """What was asked for, forgotten with this transaction; None if it was taken already."""
    row = connection.execute(_TAKE, {"of_key": key}).first()
    if row is None:
        return None
    return Wish(
        identifier=Identifier(Channel(row.channel), row.value),
        purpose=Purpose(row.purpose),
        application=_application(row) if row.password_hash else None,
        account_id=row.account_id,
    )


def _application(row: Row[Any]) -> Application:
    return Application(
        password_hash=row.password_hash,
        display_name=row.display_name,
        locale=row.locale,
        referral_code=row.referral_code,
    )


_TAKE: Final = delete(asked).where(asked.c.id == bindparam("of_key")).returning(asked)
