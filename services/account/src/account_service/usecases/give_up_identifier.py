"""An address or a number is somebody's no more."""

from __future__ import annotations

from account_service.domain.account import Account
from account_service.domain.identifier import Identifier
from account_service.store import accounts, codes
from account_service.usecases.end_sessions import end_all_sessions
from account_service.usecases.own_identifier import tell_contact
from account_service.usecases.send_code import send_notice
from shop_events import Tx
from shop_events.contracts.account import ChangeStep, CodePurpose


def give_up_identifier(tx: Tx, account: Account, gone: Identifier, *, session_id: str) -> None:
    """Nothing that was sent there opens the account any more, and other devices are signed out.

    The account is locked. Publishes AccountSessionsRevoked.
    """
    accounts.release(tx.connection, gone, account.id)
    codes.void(tx.connection, gone, account.id)
    end_all_sessions(tx, account.id, but=session_id)


def tell_of_change(tx: Tx, before: Account) -> None:
    """Tell others how somebody is reached now, and their owner, wherever they were reached before.

    Publishes AccountContactChanged and AccountCodeIssued.
    """
    tell_contact(tx, accounts.get(tx.connection, before.id))
    send_notice(tx, before, CodePurpose.CHANGE_ADDRESS, step=ChangeStep.DONE)
