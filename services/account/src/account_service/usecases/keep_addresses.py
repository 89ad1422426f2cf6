"""The address book: one default, whoever writes at the same time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from account_service.domain.address import AT_MOST, Address
from account_service.domain.divisions import place_of
from account_service.domain.errors import (
    AddressNotFound,
    DefaultAddressNeeded,
    TooManyAddresses,
    UnknownDivision,
)
from account_service.store import accounts, addresses
from shop_events import Tx


def add_address(tx: Tx, account_id: str, written: Mapping[str, Any]) -> Address:
    """A new page; the first one is the default.

    Raises:
        UnknownDivision: its code is no district's.
        TooManyAddresses: there are fifty.
    """
    book = _open(tx, account_id)
    if len(book) >= AT_MOST:
        raise TooManyAddresses(AT_MOST)
    made = Address(id=tx.new_id(), account_id=account_id, **written)
    _must_be_a_place(made)
    if made.is_default:
        addresses.no_default(tx.connection, account_id)
    made = replace(made, is_default=made.is_default or not book)
    addresses.add(tx.connection, made)
    return made


def edit_address(
    tx: Tx, account_id: str, address_id: str, *, changes: Mapping[str, Any]
) -> Address:
    """The page as it is afterwards.

    Raises:
        AddressNotFound: there is none, or it is in somebody else's book.
        UnknownDivision: its code is no district's.
        DefaultAddressNeeded: it is the default, and was to be none.
    """
    before = _find(_open(tx, account_id), address_id)
    changed = replace(before, **changes)
    _must_be_a_place(changed)
    if before.is_default and not changed.is_default:
        raise DefaultAddressNeeded(address_id)
    if changed.is_default:
        addresses.no_default(tx.connection, account_id)
    addresses.save(tx.connection, changed)
    return changed


def remove_address(tx: Tx, account_id: str, address_id: str) -> None:
    """Tear a page out; if it was the default, the newest other one is.

    Raises:
        AddressNotFound: there is none, or it is in somebody else's book.
    """
    book = _open(tx, account_id)
    gone = _find(book, address_id)
    addresses.remove(tx.connection, gone)
    others = [one for one in book if one.id != gone.id]
    if gone.is_default and others:
        addresses.save(tx.connection, replace(others[0], is_default=True))


def _open(tx: Tx, account_id: str) -> list[Address]:
    """The book, for this transaction alone: the account's row is its lock."""
    accounts.get(tx.connection, account_id, locked=True)
    return addresses.list_of(tx.connection, account_id)


def _find(book: Iterable[Address], address_id: str) -> Address:
    for one in book:
        if one.id == address_id:
            return one
    raise AddressNotFound(address_id)


def _must_be_a_place(address: Address) -> None:
    if place_of(address.division_code) is None:
        raise UnknownDivision(address.division_code)
