"""Register, and have the link sent again."""

from __future__ import annotations

from dataclasses import dataclass

from account_service.domain.code import Purpose
from account_service.domain.identifier import Identifier
from account_service.store import accounts, codes
from account_service.usecases.open_account import open_account
from account_service.usecases.send_code import may_send, send_code, send_notice
from shop_events import Tx
from shop_events.contracts.account import CodePurpose


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """What somebody tells who registers; the password is a hash already."""

    password_hash: str
    display_name: str
    locale: str
    referral_code: str | None = None


def register(tx: Tx, identifier: Identifier, application: Application) -> None:
    """Send a link or code that makes the account theirs. Publishes AccountRegistered, once an
    account, and AccountCodeIssued.

    To an address that is somebody's already goes a notice instead; whoever asks sees no difference.
    Password and name wait beside the code: nobody can choose them for somebody else's address.
    """
    if not may_send(tx, identifier, Purpose.VERIFY):
        return
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


def send_again(tx: Tx, identifier: Identifier) -> None:
    """Send the link or code of a registration again. Publishes AccountCodeIssued, or nothing."""
    if not may_send(tx, identifier, Purpose.VERIFY):
        return
    last = codes.newest_of(tx.connection, identifier, Purpose.VERIFY)
    if last is None:
        return
    send_code(
        tx,
        accounts.get(tx.connection, last.account_id),
        identifier,
        Purpose.VERIFY,
        password_hash=last.password_hash,
        display_name=last.display_name,
    )
