"""Sign in: two short transactions, and between them the password is checked."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from account_service.domain.account import Account, Part
from account_service.domain.caller import Caller
from account_service.domain.errors import SignInRefused
from account_service.domain.identifier import Identifier
from account_service.store import accounts, sessions
from account_service.usecases.limit_tries import forgive_try, limit_tries
from account_service.usecases.open_session import SignedIn, open_session
from account_service.usecases.send_code import send_notice
from shop_events import Tx
from shop_events.contracts.account import CodePurpose

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """Somebody says who they are. ``account_id`` is empty for those whom nobody knows.

    ``key`` is what the try was counted under.
    """

    key: str
    account_id: str
    password_hash: str | None


def begin_sign_in(tx: Tx, identifier: Identifier, caller: Caller) -> Attempt:
    """Count the try, and look up what the password is compared with.

    Where the account was used before, tries are counted apart: strangers who guess somewhere else
    cannot keep its owner out.

    Raises:
        TooManyTries: not yet.
    """
    known = accounts.credentials(tx.connection, identifier)
    account_id, password_hash = known or ("", None)
    at_home = sessions.knows_network(tx.connection, account_id, caller.network)
    key = f"{identifier.fingerprint}:{caller.network}" if at_home else identifier.fingerprint
    limit_tries(tx, network=caller.network, of=key)
    return Attempt(key=key, account_id=account_id, password_hash=password_hash)


def note_refusal(attempt: Attempt) -> None:
    """ASVS 16.3.1: who was refused, without what they called themselves."""
    log.info("A sign-in was refused: %s.", attempt.account_id or "nobody we know")


def finish_sign_in(
    tx: Tx,
    attempt: Attempt,
    caller: Caller,
    *,
    part: Part | None = None,
    better_hash: str | None = None,
) -> SignedIn:
    """The password was right: let them in. May publish AccountCodeIssued, about a new device.

    ``better_hash`` replaces one that was made with weaker parameters.

    Raises:
        SignInRefused: the password was changed in this very moment.
        AccountIsDisabled: the shop closed the account.
        NotThatRole: they do not have the role they want.
    """
    account = accounts.get(tx.connection, attempt.account_id, locked=True)
    if account.password_hash != attempt.password_hash:
        raise SignInRefused
    if better_hash is not None:
        accounts.change(tx.connection, account.id, password_hash=better_hash)
    forgive_try(tx, attempt.key)
    _tell_of_new_device(tx, account, caller)
    signed_in = open_session(tx, account, caller, part=part)
    log.info("Account %s signed in as %s.", account.id, signed_in.session.part)
    return signed_in


def _tell_of_new_device(tx: Tx, account: Account, caller: Caller) -> None:
    """ASVS 6.3.5: the owner hears of a device that never signed in before."""
    if sessions.is_new_device(tx.connection, account.id, caller.device):
        send_notice(tx, account, CodePurpose.NEW_DEVICE)
