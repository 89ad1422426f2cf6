"""Set a new password, with a link or with the old one."""

from __future__ import annotations

import logging

from account_service.domain.account import Account
from account_service.domain.caller import Caller
from account_service.domain.code import Code, Purpose
from account_service.domain.errors import CodeRefused
from account_service.store import accounts, codes
from account_service.usecases.ask_password_again import still_with_password
from account_service.usecases.check_code import Proof, check_code
from account_service.usecases.end_sessions import end_all_sessions
from account_service.usecases.limit_tries import forgive_tries, limit_tries
from account_service.usecases.send_code import send_notice
from shop_events import Tx
from shop_events.contracts.account import CodePurpose

log = logging.getLogger(__name__)


def begin_reset(tx: Tx, proof: Proof, caller: Caller) -> tuple[Code, Account] | None:
    """Whose password may be set with this; None for nobody's. The caller commits the try.

    Raises:
        TooManyTries: too many were tried from that network.
    """
    limit_tries(tx, network=caller.network)
    code = check_code(tx, proof, Purpose.RESET_PASSWORD)
    return (code, accounts.get(tx.connection, code.account_id)) if code else None


def finish_reset(tx: Tx, code: Code, password_hash: str, *, field: str) -> None:
    """Set the new password, end all sessions and tell the owner; the code is used up.

    Publishes AccountSessionsRevoked and AccountCodeIssued. It signs nobody in.

    Raises:
        CodeRefused: somebody else used it in this very moment.
    """
    account = accounts.get(tx.connection, code.account_id, locked=True)
    if not codes.use(tx.connection, code):
        raise CodeRefused(field)
    end_all_sessions(tx, account.id)
    _set(tx, account, password_hash)
    log.info("Account %s has a new password, by %s.", account.id, code.identifier.channel)


def finish_change(tx: Tx, before: Account, password_hash: str, *, session_id: str) -> None:
    """Set the new password, end all sessions but this one, and tell the owner.

    Publishes AccountSessionsRevoked and AccountCodeIssued.

    Raises:
        WrongPassword: it was changed by somebody else in this very moment.
    """
    account = still_with_password(tx, before, field="old_password")
    end_all_sessions(tx, account.id, but=session_id)
    _set(tx, account, password_hash)
    log.info("Account %s changed its password.", account.id)


def _set(tx: Tx, account: Account, password_hash: str) -> None:
    accounts.change(tx.connection, account.id, password_hash=password_hash)
    forgive_tries(tx, account.verified)
    send_notice(tx, account, CodePurpose.PASSWORD_CHANGED)
