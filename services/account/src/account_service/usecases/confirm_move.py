"""Confirm a new mail address or number, or that an old one is given up for it."""

from __future__ import annotations

import logging
from dataclasses import replace

from account_service.domain.account import Account
from account_service.domain.caller import Caller
from account_service.domain.code import MOVING, Code
from account_service.domain.move import Move
from account_service.store import accounts, moves
from account_service.usecases.check_code import Proof, check_code
from account_service.usecases.give_up_identifier import give_up_identifier, tell_of_change
from account_service.usecases.limit_tries import limit_tries
from chassis.identity import Identity
from shop_events import Tx
from shop_events.contracts.account import AccountVerified, Channel

log = logging.getLogger(__name__)


def confirm_move(tx: Tx, me: Identity, proof: Proof, caller: Caller) -> Move | None:
    """The wish as it is afterwards; None if nothing of this account is confirmed by that.

    Only who is signed in to the account confirms: whoever gets a mistyped address's link gets
    nothing with it. The same link again changes nothing more. Once all have confirmed it counts;
    publishes AccountVerified, AccountContactChanged, AccountCodeIssued, and where an old address
    was given up AccountSessionsRevoked. The caller commits the try.

    Raises:
        TooManyTries: too many were tried from that network.
    """
    limit_tries(tx, network=caller.network)
    account = accounts.get(tx.connection, me.subject, locked=True)
    code = _code(tx, proof, account)
    move = moves.get(tx.connection, account.id, code.identifier.channel) if code else None
    if code is None or move is None or not move.concerns(code.identifier):
        return None
    if move.done:
        return move
    if not move.is_open(tx.now):
        return None
    answered = move.answered_at(code.identifier)
    if answered.is_complete:
        return _take_effect(tx, account, answered, session_id=me.session_id)
    moves.put(tx.connection, answered)
    return answered


def _code(tx: Tx, proof: Proof, account: Account) -> Code | None:
    found = (check_code(tx, proof, purpose, account_id=account.id) for purpose in MOVING)
    return next((code for code in found if code is not None), None)


def _take_effect(tx: Tx, before: Account, move: Move, *, session_id: str) -> Move | None:
    """None where the address was somebody else's in the meantime."""
    if not accounts.take(tx.connection, move.to, before.id, at=tx.now, in_place_of=move.replaces):
        moves.drop(tx.connection, before.id, move.to.channel)
        return None
    if move.replaces is not None:
        give_up_identifier(tx, before, move.replaces, session_id=session_id)
    tx.publish(AccountVerified(account_id=before.id, channel=Channel(move.to.channel)))
    tell_of_change(tx, before)
    done = replace(move, done=True)
    moves.put(tx.connection, done)
    log.info("Account %s is reached by another %s.", before.id, move.to.channel)
    return done
