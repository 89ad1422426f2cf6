"""The address book."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, delete, insert, select, update

from account_service.domain.address import Address
from account_service.store.tables import addresses


def list_of(connection: Connection, account_id: str) -> list[Address]:
    """An account's addresses, the default first, then the newest."""
    return [_address(row) for row in connection.execute(_OF_ACCOUNT, {"of_account": account_id})]


def add(connection: Connection, address: Address) -> None:
    """Write a new one."""
    connection.execute(insert(addresses), {"id": address.id, **_columns(address)})


def save(connection: Connection, address: Address) -> None:
    """Write a changed one."""
    connection.execute(_WRITE, {"of_address": address.id, **_columns(address)})


def remove(connection: Connection, address: Address) -> None:
    """Take one out."""
    connection.execute(_DELETE, {"of_address": address.id})


def no_default(connection: Connection, account_id: str) -> None:
    """None of the account's is the default, until another one is within this transaction."""
    connection.execute(_NO_DEFAULT, {"of_account": account_id})


def _columns(address: Address) -> dict[str, Any]:
    return {
        "account_id": address.account_id,
        "recipient": address.recipient,
        "phone": address.phone,
        "country": address.country,
        "division_code": address.division_code,
        "line1": address.line1,
        "postal_code": address.postal_code,
        "is_default": address.is_default,
    }


def _address(row: Row[Any]) -> Address:
    return Address(
        id=row.id,
        account_id=row.account_id,
        recipient=row.recipient,
        phone=row.phone,
        country=row.country,
        division_code=row.division_code,
        line1=row.line1,
        postal_code=row.postal_code,
        is_default=row.is_default,
    )


_OF_ACCOUNT: Final = (
    select(addresses)
    .where(addresses.c.account_id == bindparam("of_account"))
    .order_by(addresses.c.is_default.desc(), addresses.c.id.desc())
)
_WRITE: Final = update(addresses).where(addresses.c.id == bindparam("of_address"))
_DELETE: Final = delete(addresses).where(addresses.c.id == bindparam("of_address"))
_NO_DEFAULT: Final = (
    update(addresses)
    .where(addresses.c.account_id == bindparam("of_account"), addresses.c.is_default)
    .values(is_default=False)
)
