"""Send the link or code somebody asked for or registers with, if there is somebody to get it.

The answer to whoever asks is given before anybody looks, so that it takes as long for an address
nobody has (ASVS 6.3.8). The worker looks a moment later.
"""

from __future__ import annotations

from typing import Final

from account_service.domain.account import Status
from account_service.domain.application import Application, Wish
from account_service.domain.code import Purpose
from account_service.domain.identifier import Identifier
from account_service.store import accounts, asked, codes, moves
from account_service.usecases.register import register
from account_service.usecases.send_code import may_send, send_code, send_notice
from shop_events import Tx
from shop_events.contracts.account import CodePurpose

WHEN_ASKED: Final = "account.asked"


def ask_for_message(
    tx: Tx,
    identifier: Identifier,
    purpose: Purpose,
    *,
    application: Application | None = None,
    account_id: str | None = None,
) -> None:
    """Note that somebody wants a message, or with an ``application`` an account.

    ``account_id``: who wants to be reached by it, or no more.

    An address that may get no more of them gets none; nobody is told.
    """
    if may_send(tx, identifier, purpose):
        wish = Wish(
            identifier=identifier,
            purpose=purpose,
            application=application,
            account_id=account_id,
        )
        key = tx.new_id()
        asked.add(tx.connection, key, wish)
        tx.schedule(WHEN_ASKED, key, tx.now)


def send_asked(tx: Tx, key: str) -> None:
    """Do what was asked for, if it is anybody's address.

    Publishes AccountRegistered and AccountCodeIssued, or nothing.
    """
    wish = asked.take(tx.connection, key)
    if wish is None:
        return
    if wish.account_id is not None:
        _send_for_move(tx, wish, wish.account_id)
    elif wish.application is not None:
        register(tx, wish.identifier, wish.application)
    elif wish.purpose is Purpose.VERIFY:
        _send_registration_again(tx, wish.identifier)
    else:
        _send_reset(tx, wish.identifier)


def _send_registration_again(tx: Tx, identifier: Identifier) -> None:
    last = codes.newest_of(tx.connection, identifier, Purpose.VERIFY)
    if last is None or accounts.owner_of(tx.connection, identifier) != last.account_id:
        return
    send_code(
        tx,
        accounts.get(tx.connection, last.account_id),
        identifier,
        Purpose.VERIFY,
        password_hash=last.password_hash,
        display_name=last.display_name,
    )


def _send_reset(tx: Tx, identifier: Identifier) -> None:
    account = accounts.find(tx.connection, identifier)
    if account is not None and account.status is Status.ACTIVE:
        send_code(tx, account, identifier, Purpose.RESET_PASSWORD)


def _send_for_move(tx: Tx, wish: Wish, account_id: str) -> None:
    """Ask at the new address, or at the old one; who has the new one already is told instead."""
    account = accounts.get(tx.connection, account_id, locked=True)
    move = moves.get(tx.connection, account.id, wish.identifier.channel)
    if move is None or not move.is_open(tx.now):
        return
    if move.unanswered().get(wish.identifier) is not wish.purpose:
        return
    owner = accounts.find(tx.connection, wish.identifier)
    if wish.purpose is Purpose.CHANGE_ADDRESS and owner is not None:
        send_notice(tx, owner, CodePurpose.ALREADY_REGISTERED, wish.identifier)
    else:
        send_code(tx, account, wish.identifier, wish.purpose)
