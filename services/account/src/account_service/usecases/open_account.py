"""Make an account for somebody who has none."""

from __future__ import annotations

from account_service.domain.account import Account, Status
from account_service.domain.identifier import Identifier
from account_service.store import accounts
from shop_events import Tx
from shop_events.contracts.account import AccountRegistered, Channel


def open_account(
    tx: Tx,
    identifier: Identifier,
    *,
    display_name: str,
    locale: str,
    referral_code: str | None = None,
) -> Account:
    """The account this identifier belongs to, locked; made if there is none.

    Publishes AccountRegistered if it was made. Nothing about it is verified then, and it has no
    password.
    """
    owner = accounts.owner_of(tx.connection, identifier)
    if owner is None:
        owner = _make(tx, identifier, display_name, locale, referral_code)
    return accounts.get(tx.connection, owner, locked=True)


def _make(
    tx: Tx, identifier: Identifier, display_name: str, locale: str, referral_code: str | None
) -> str:
    account = Account(
        id=tx.new_id(),
        display_name=display_name,
        locale=locale,
        status=Status.ACTIVE,
        password_hash=None,
        version=0,
        created_at=tx.now,
    )
    accounts.add(tx.connection, account, referral_code=referral_code)
    if not accounts.claim(tx.connection, identifier, account.id):
        accounts.drop(tx.connection, account.id)  # somebody else was faster
        return accounts.owner_of(tx.connection, identifier) or account.id
    tx.publish(
        AccountRegistered(
            account_id=account.id,
            channels=(Channel(identifier.channel),),
            referral_code=referral_code,
        )
    )
    return account.id
