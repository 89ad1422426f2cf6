"""Somebody proved that an address is theirs."""

from __future__ import annotations

from dataclasses import replace

from account_service.domain.account import Account
from account_service.domain.errors import AddressTaken
from account_service.domain.identifier import Channel, Identifier
from account_service.store import accounts
from shop_events import Tx
from shop_events.contracts.account import AccountContactChanged, AccountVerified
from shop_events.contracts.account import Channel as SaidChannel


def own_identifier(
    tx: Tx,
    account: Account,
    identifier: Identifier,
    *,
    password_hash: str | None,
    display_name: str | None,
) -> Account:
    """The address is the account's now, with the password and name that were chosen for it.

    Publishes AccountVerified and AccountContactChanged. The account is locked.

    Raises:
        AddressTaken: somebody else proved it first; said to who can read what is sent there.
    """
    if not accounts.verify(tx.connection, identifier, account.id, at=tx.now):
        raise AddressTaken
    changed = replace(
        account,
        password_hash=password_hash or account.password_hash,
        display_name=display_name or account.display_name,
        identifiers=tuple(
            (one, tx.now if one == identifier else at) for one, at in account.identifiers
        ),
    )
    accounts.change(
        tx.connection,
        account.id,
        password_hash=changed.password_hash,
        display_name=changed.display_name,
    )
    tx.publish(AccountVerified(account_id=account.id, channel=SaidChannel(identifier.channel)))
    return tell_contact(tx, changed)


def tell_contact(tx: Tx, account: Account) -> Account:
    """Tell how somebody is reached now. Publishes AccountContactChanged, with the next version."""
    told = replace(account, version=account.version + 1)
    accounts.change(tx.connection, account.id, version=told.version)
    tx.publish(contact_of(told))
    return told


def contact_of(account: Account) -> AccountContactChanged:
    """How somebody is reached, in the version of the account."""
    return AccountContactChanged(
        account_id=account.id,
        email=_first(account, Channel.EMAIL),
        phone=_first(account, Channel.PHONE),
        locale=account.locale,
        display_name=account.display_name,
        version=account.version,
    )


def _first(account: Account, channel: Channel) -> str | None:
    return next((one.value for one in account.verified if one.channel is channel), None)
