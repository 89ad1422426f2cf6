"""Contacts and merchants as they are now, for a subscriber whose copy is new."""

from __future__ import annotations

from collections.abc import Sequence

from account_service.store import accounts, merchants
from account_service.usecases.manage_merchants import merchant_changed
from account_service.usecases.own_identifier import contact_of
from shop_events.contracts.account import AccountContactChanged, MerchantChanged
from shop_events.sql import Connection


def present_contacts(
    connection: Connection, after: str, at_most: int
) -> Sequence[AccountContactChanged]:
    """How the accounts whose ids come after ``after`` are reached, as was last told."""
    found = accounts.told_after(connection, after, at_most=at_most)
    return [contact_of(account) for account in found]


def present_merchants(
    connection: Connection, after: str, at_most: int
) -> Sequence[MerchantChanged]:
    """The merchants whose ids come after ``after``, as was last told."""
    found = merchants.list_all(connection, after=after, at_most=at_most)
    return [merchant_changed(merchant) for merchant in found]
