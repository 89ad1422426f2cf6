"""Be reached no more by a mail address or a number."""

from __future__ import annotations

import logging

from account_service.domain.account import Account
from account_service.domain.identifier import Identifier
from account_service.store import moves
from account_service.usecases.ask_password_again import still_with_password
from account_service.usecases.give_up_identifier import give_up_identifier, tell_of_change
from shop_events import Tx

log = logging.getLogger(__name__)


def remove_identifier(tx: Tx, before: Account, gone: Identifier, *, session_id: str) -> None:
    """Take it away, sign other devices out, and tell the owner there and wherever else.

    Publishes AccountContactChanged, AccountCodeIssued and AccountSessionsRevoked. A change that it
    was part of is off.

    Raises:
        WrongPassword: the password was changed in this very moment.
        IdentifierNotFound: it is none of theirs.
        LastIdentifier: there is no other one.
        OthersTooNew: all others were added after it, and less than a day ago.
    """
    account = still_with_password(tx, before)
    account.must_do_without(gone, tx.now)
    move = moves.get(tx.connection, account.id, gone.channel)
    if move is not None and move.concerns(gone):
        moves.drop(tx.connection, account.id, gone.channel)
    give_up_identifier(tx, account, gone, session_id=session_id)
    tell_of_change(tx, account)
    log.info("Account %s removed its %s.", account.id, gone.channel)
