"""Accounts with their identifiers and what they work for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, bindparam, delete, func, insert, select, update

from account_service.domain.account import Account, Part, Staff, Status
from account_service.domain.errors import AccountNotFound
from account_service.domain.identifier import Channel, Identifier
from account_service.store.tables import accounts, identifiers, staff
from shop_events.sql import insert_once


def add(connection: Connection, account: Account, *, referral_code: str | None = None) -> None:
    """Keep a new account; its identifiers are claimed beforehand or afterwards."""
    row = {
        "id": account.id,
        "display_name": account.display_name,
        "locale": account.locale,
        "status": account.status,
        "password_hash": account.password_hash,
        "referral_code": referral_code,
        "version": account.version,
        "created_at": account.created_at,
    }
    connection.execute(insert(accounts), row)


def claim(connection: Connection, identifier: Identifier, account_id: str) -> bool:
    """Make it the account's, not verified yet; False where it is somebody's already."""
    key = {"channel": identifier.channel, "value": identifier.value}
    return insert_once(connection, identifiers, {**key, "account_id": account_id})


def verify(
    connection: Connection, identifier: Identifier, account_id: str, *, at: datetime
) -> bool:
    """It was proved to be the account's; False where it is another one's by now."""
    key = {**_key(identifier), "of_account": account_id}
    return connection.execute(_VERIFY, {**key, "verified_at": at}).rowcount == 1


def take(
    connection: Connection,
    identifier: Identifier,
    account_id: str,
    *,
    at: datetime,
    in_place_of: Identifier | None,
) -> bool:
    """Make it the account's, which is locked and proved it; False where somebody else did.

    Others are reached by the account's least of its kind. This one is the last of them, or stands
    where the one stood that it is ``in_place_of``. Who only wrote it down has it no more.
    """
    old = in_place_of or identifier
    rank = connection.execute(_RANK, {**_key(old), "of_account": account_id}).scalar_one()
    told = {"account_id": account_id, "verified_at": at, "rank": rank}
    key = {"channel": identifier.channel, "value": identifier.value}
    if insert_once(connection, identifiers, {**key, **told}):
        return True
    return connection.execute(_TAKE, {**_key(identifier), **told}).rowcount == 1


def release(connection: Connection, identifier: Identifier, account_id: str) -> None:
    """It is the account's no more."""
    connection.execute(_RELEASE, {**_key(identifier), "of_account": account_id})


def drop(connection: Connection, account_id: str) -> None:
    """Forget an account that was made a moment ago and has nothing."""
    connection.execute(delete(accounts).where(accounts.c.id == account_id))


def owner_of(connection: Connection, identifier: Identifier) -> str | None:
    """The id of the account it belongs to, verified or not."""
    owner: str | None = connection.execute(_OWNER, _key(identifier)).scalar()
    return owner


def credentials(connection: Connection, identifier: Identifier) -> tuple[str, str | None] | None:
    """Id and password hash of the account somebody calls so: one statement, found or not.

    A longer way for accounts that exist could be told by the time it takes.
    """
    row = connection.execute(_CREDENTIALS, _key(identifier)).first()
    return (row.id, row.password_hash) if row else None


def find(connection: Connection, identifier: Identifier) -> Account | None:
    """The account somebody calls so, if they proved that they may."""
    owner = owner_of(connection, identifier)
    if owner is None:
        return None
    account = get(connection, owner)
    return account if identifier in account.verified else None


def get(connection: Connection, account_id: str, *, locked: bool = False) -> Account:
    """The account; ``locked`` until this transaction ends.

    Raises:
        AccountNotFound: there is none.
    """
    row = connection.execute(_LOCKED if locked else _ONE, {"of_account": account_id}).first()
    if row is None:
        raise AccountNotFound(account_id)
    return _with_parts(connection, [row])[0]


def list_all(connection: Connection, *, before: str | None, at_most: int) -> list[Account]:
    """Every account, the newest first, older than the account ``before``."""
    query = select(accounts).order_by(accounts.c.id.desc()).limit(at_most)
    if before is not None:
        query = query.where(accounts.c.id < before)
    return _with_parts(connection, connection.execute(query).all())


def told_after(connection: Connection, account_id: str, *, at_most: int) -> list[Account]:
    """By id, those after ``account_id`` of whose contact others were told."""
    told = (accounts.c.id > account_id) & (accounts.c.version > 0)
    query = select(accounts).where(told).order_by(accounts.c.id).limit(at_most)
    return _with_parts(connection, connection.execute(query).all())


def change(connection: Connection, account_id: str, **columns: Any) -> None:
    """Write these columns of an account that is locked."""
    connection.execute(_CHANGE, {"of_account": account_id, **columns})


def employ(connection: Connection, account_id: str, works_for: Staff) -> bool:
    """Make the account a clerk or an admin; False where it is one already."""
    row = {
        "account_id": account_id,
        "part": works_for.part,
        "merchant_id": works_for.merchant_id,
    }
    return insert_once(connection, staff, row)


def has_admin(connection: Connection) -> bool:
    """Whether anybody runs the shop."""
    return connection.execute(_AN_ADMIN).first() is not None


def _with_parts(connection: Connection, rows: Sequence[Row[Any]]) -> list[Account]:
    ids = {"ids": [row.id for row in rows]}
    names = connection.execute(_NAMES, ids).all()
    work = {row.account_id: row for row in connection.execute(_WORK, ids)}
    return [
        _account(row, [one for one in names if one.account_id == row.id], work.get(row.id))
        for row in rows
    ]


def _account(row: Row[Any], names: Sequence[Row[Any]], work: Row[Any] | None) -> Account:
    return Account(
        id=row.id,
        display_name=row.display_name,
        locale=row.locale,
        status=Status(row.status),
        password_hash=row.password_hash,
        version=row.version,
        created_at=row.created_at,
        identifiers=tuple(
            (Identifier(Channel(one.channel), one.value), one.verified_at) for one in names
        ),
        staff=Staff(part=Part(work.part), merchant_id=work.merchant_id) if work else None,
    )


def _key(identifier: Identifier) -> dict[str, str]:
    return {"of_channel": identifier.channel, "of_value": identifier.value}


def _named(query: Select[Any]) -> Select[Any]:
    return query.where(
        identifiers.c.channel == bindparam("of_channel"),
        identifiers.c.value == bindparam("of_value"),
    )


# Built once: building a statement costs more than executing it.
_ONE: Final = select(accounts).where(accounts.c.id == bindparam("of_account"))
_LOCKED: Final = _ONE.with_for_update()
_CHANGE: Final = update(accounts).where(accounts.c.id == bindparam("of_account"))
_OWNER: Final = _named(select(identifiers.c.account_id))
_CREDENTIALS: Final = _named(
    select(accounts.c.id, accounts.c.password_hash)
    .join(identifiers, identifiers.c.account_id == accounts.c.id)
    .where(identifiers.c.verified_at.is_not(None))
)
_THIS: Final = (
    identifiers.c.channel == bindparam("of_channel"),
    identifiers.c.value == bindparam("of_value"),
)
_THEIRS: Final = identifiers.c.account_id == bindparam("of_account")
_VERIFY: Final = update(identifiers).where(*_THIS, _THEIRS)
_TAKE: Final = update(identifiers).where(*_THIS, identifiers.c.verified_at.is_(None))
_RELEASE: Final = delete(identifiers).where(*_THIS, _THEIRS)
# That of this one, or else one more than the account's last.
_RANK: Final = select(
    func.coalesce(func.max(identifiers.c.rank).filter(*_THIS), func.max(identifiers.c.rank) + 1, 0)
).where(_THEIRS, identifiers.c.channel == bindparam("of_channel"))
_NAMES: Final = (
    select(identifiers)
    .where(identifiers.c.account_id.in_(bindparam("ids", expanding=True)))
    .order_by(identifiers.c.channel, identifiers.c.rank, identifiers.c.value)
)
_WORK: Final = select(staff).where(staff.c.account_id.in_(bindparam("ids", expanding=True)))
_AN_ADMIN: Final = select(staff.c.account_id).where(staff.c.part == Part.ADMIN.value).limit(1)
