"""What an admin may do with other people's accounts; each leaves a row in the audit."""

from __future__ import annotations

from account_service.domain.account import Account, Status
from account_service.domain.errors import OwnAccount
from account_service.domain.identifier import Identifier
from account_service.domain.session import after_every_token
from account_service.store import accounts, audit, sessions
from account_service.usecases.limit_tries import forgive_tries
from chassis.revocation import EVERY_SESSION, deny
from shop_events import Tx
from shop_events.contracts.account import AccountDisabled, AccountEnabled
from shop_events.sql import Connection


def disable_account(tx: Tx, account_id: str, *, by: str) -> Account:
    """Nobody uses the account until it is enabled. Publishes AccountDisabled, once.

    Raises:
        AccountNotFound: there is none.
        OwnAccount: it is the admin's own.
    """
    if account_id == by:
        raise OwnAccount(account_id)
    account = accounts.get(tx.connection, account_id, locked=True)
    if account.status is Status.DISABLED:
        return account
    open_now = sessions.lock_open_of(tx.connection, account_id, tx.now)
    sessions.revoke(tx.connection, [one.id for one in open_now], tx.now)
    at = after_every_token(open_now, tx.now)
    deny(tx, account_id, EVERY_SESSION, until=at)
    tx.publish(AccountDisabled(account_id=account_id, at=at))
    return _set(tx, account, Status.DISABLED, by=by)


def enable_account(tx: Tx, account_id: str, *, by: str) -> Account:
    """The account may be used again; its old sessions stay over. Publishes AccountEnabled, once.

    Raises:
        AccountNotFound: there is none.
    """
    account = accounts.get(tx.connection, account_id, locked=True)
    if account.status is Status.ACTIVE:
        return account
    tx.publish(AccountEnabled(account_id=account_id, at=tx.now))
    return _set(tx, account, Status.ACTIVE, by=by)


def unlock_account(tx: Tx, account_id: str, *, by: str) -> Account:
    """Somebody who mistyped their password too often may try again now.

    Raises:
        AccountNotFound: there is none.
    """
    account = accounts.get(tx.connection, account_id, locked=True)
    forgive_tries(tx, account.verified)
    audit.note(tx, "account_unlocked", account_id, actor=by)
    return account


def search_accounts(
    connection: Connection,
    *,
    called: Identifier | None,
    before: str | None,
    at_most: int,
) -> list[Account]:
    """The accounts, the newest first; or the one that is called so, verified or not."""
    if called is None:
        return accounts.list_all(connection, before=before, at_most=at_most)
    owner = accounts.owner_of(connection, called)
    return [accounts.get(connection, owner)] if owner else []


def _set(tx: Tx, account: Account, status: Status, *, by: str) -> Account:
    accounts.change(tx.connection, account.id, status=status)
    done = {Status.DISABLED: "account_disabled", Status.ACTIVE: "account_enabled"}[status]
    audit.note(tx, done, account.id, actor=by)
    return accounts.get(tx.connection, account.id)
