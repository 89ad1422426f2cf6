"""Register."""

from __future__ import annotations

from account_service.domain.application import Application
from account_service.domain.code import Purpose
from account_service.domain.identifier import Identifier
from account_service.usecases.open_account import open_account
from account_service.usecases.send_code import send_code, send_notice
from shop_events import Tx
from shop_events.contracts.account import CodePurpose


def register(tx: Tx, identifier: Identifier, application: Application) -> None:
    """Send a link or code that makes the account theirs.

    Publishes AccountRegistered, once an account, and AccountCodeIssued.

    To an address that is somebody's already goes a notice instead; whoever asks sees no difference.
    Password and name wait beside the code: nobody can choose them for somebody else's address.
    """
    account = open_account(
        tx,
        identifier,
        display_name=application.display_name,
        locale=application.locale,
        referral_code=application.referral_code,
    )
    if identifier in account.verified:
        send_notice(tx, account, CodePurpose.ALREADY_REGISTERED, identifier)
        return
    send_code(
        tx,
        account,
        identifier,
        Purpose.VERIFY,
        password_hash=application.password_hash,
        display_name=application.display_name,
    )
