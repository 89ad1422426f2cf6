"""Secrets that were sent, until they come back."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update

from account_service.domain.code import MOVING, Code, Purpose, hash_of
from account_service.domain.identifier import Channel, Identifier
from account_service.store.tables import codes


def add(connection: Connection, code: Code) -> None:
    """Keep one that is being sent."""
    row = {
        "id": code.id,
        "account_id": code.account_id,
        "channel": code.identifier.channel,
        "value": code.identifier.value,
        "purpose": code.purpose,
        "secret_hash": code.secret_hash,
        "expires_at": code.expires_at,
        "tries": code.tries,
        "password_hash": code.password_hash,
        "display_name": code.display_name,
    }
    connection.execute(insert(codes), row)


def of_token(connection: Connection, token: str, purpose: Purpose) -> Code | None:
    """The one whose link this token is from."""
    query = {"of_secret": hash_of(token), "of_purpose": purpose}
    row = connection.execute(_OF_TOKEN, query).first()
    return _code(row) if row else None


def newest_of(
    connection: Connection,
    identifier: Identifier,
    purpose: Purpose,
    *,
    account_id: str | None = None,
) -> Code | None:
    """The last one that was sent there for this purpose, perhaps by one account; locked."""
    key: dict[str, str] = _of(identifier, purpose)
    statement = _NEWEST
    if account_id is not None:
        statement, key = _NEWEST_OF_ACCOUNT, {**key, "of_account": account_id}
    row = connection.execute(statement, key).first()
    return _code(row) if row else None


def count_try(connection: Connection, code: Code) -> None:
    """Somebody typed something."""
    connection.execute(_COUNT, {"of_code": code.id, "tries": code.tries + 1})


def use(connection: Connection, code: Code) -> bool:
    """Use it up, and all others that were sent there for this purpose; False if it was already."""
    key = _of(code.identifier, code.purpose)
    gone = connection.execute(_DELETE_ONE, {"of_code": code.id}).rowcount == 1
    connection.execute(_DELETE_ALL, key)
    return gone


def void(connection: Connection, identifier: Identifier, account_id: str) -> None:
    """What was sent there opens the account no more."""
    key = {"of_channel": identifier.channel, "of_value": identifier.value}
    connection.execute(_VOID, {**key, "of_account": account_id})


def forget_moves(connection: Connection, account_id: str, channel: Channel) -> None:
    """Nothing that was sent to confirm a change of address or number counts any more."""
    key = {"of_account": account_id, "of_channel": channel}
    connection.execute(_FORGET_MOVES, key)


def _code(row: Row[Any]) -> Code:
    return Code(
        id=row.id,
        account_id=row.account_id,
        identifier=Identifier(Channel(row.channel), row.value),
        purpose=Purpose(row.purpose),
        secret_hash=row.secret_hash,
        expires_at=row.expires_at,
        tries=row.tries,
        password_hash=row.password_hash,
        display_name=row.display_name,
    )


def _of(identifier: Identifier, purpose: Purpose) -> dict[str, str]:
    return {
        "of_channel": identifier.channel,
        "of_value": identifier.value,
        "of_purpose": purpose,
    }


_SAME_PLACE: Final = (
    codes.c.channel == bindparam("of_channel"),
    codes.c.value == bindparam("of_value"),
    codes.c.purpose == bindparam("of_purpose"),
)
_OF_TOKEN: Final = select(codes).where(
    codes.c.secret_hash == bindparam("of_secret"),
    codes.c.purpose == bindparam("of_purpose"),
    codes.c.channel == Channel.EMAIL.value,
)
_NEWEST: Final = (
    select(codes).where(*_SAME_PLACE).order_by(codes.c.id.desc()).limit(1).with_for_update()
)
_OF_ACCOUNT: Final = codes.c.account_id == bindparam("of_account")
_NEWEST_OF_ACCOUNT: Final = _NEWEST.where(_OF_ACCOUNT)
_COUNT: Final = update(codes).where(codes.c.id == bindparam("of_code"))
_DELETE_ONE: Final = delete(codes).where(codes.c.id == bindparam("of_code"))
_DELETE_ALL: Final = delete(codes).where(*_SAME_PLACE)
# A link that confirmed a change may be opened again; it says that it is done.
_VOID: Final = delete(codes).where(
    codes.c.channel == bindparam("of_channel"),
    codes.c.value == bindparam("of_value"),
    codes.c.purpose.not_in(MOVING),
    _OF_ACCOUNT,
)
_FORGET_MOVES: Final = delete(codes).where(
    _OF_ACCOUNT, codes.c.channel == bindparam("of_channel"), codes.c.purpose.in_(MOVING)
)
