"""Whoever is signed in tells the password again before what a thief of their phone would do."""

from __future__ import annotations

from account_service.domain.account import Account
from account_service.domain.caller import Caller
from account_service.domain.errors import WrongPassword
from account_service.store import accounts
from account_service.usecases.limit_tries import forgive_try, limit_tries
from shop_events import Tx


def count_password_try(tx: Tx, account_id: str, caller: Caller) -> Account:
    """Count a try of the password; the account it is compared with.

    Raises:
        TooManyTries: not yet.
    """
    limit_tries(tx, network=caller.network, of=_key(account_id))
    return accounts.get(tx.connection, account_id)


def forgive_password_tries(tx: Tx, account_id: str) -> None:
    """It was right, whatever comes of what was asked for with it."""
    forgive_try(tx, _key(account_id))


def still_with_password(tx: Tx, before: Account, *, field: str = "password") -> Account:
    """The account as it is now, locked.

    Raises:
        WrongPassword: it was changed by somebody else in this very moment.
    """
    account = accounts.get(tx.connection, before.id, locked=True)
    if account.password_hash != before.password_hash:
        raise WrongPassword(field)
    return account


def _key(account_id: str) -> str:
    return f"change:{account_id}"
