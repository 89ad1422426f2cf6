"""Development only: a verified account at once, for the demo shop and for tests of the whole."""

from __future__ import annotations

from account_service.domain.account import Account, Part, Staff
from account_service.domain.application import Application
from account_service.domain.identifier import Identifier
from account_service.store import accounts
from account_service.usecases.manage_merchants import employ, open_merchant
from account_service.usecases.open_account import open_account
from account_service.usecases.own_identifier import own_identifier
from shop_events import Tx


def make_dev_account(
    tx: Tx,
    identifier: Identifier,
    application: Application,
    *,
    part: Part,
    merchant: tuple[str, str] | None,
) -> tuple[Account, bool]:
    """The account with this address, and whether it was made now: the same again changes nothing.

    ``merchant``: id and name of the one a clerk works for, opened if there is none.
    Publishes AccountRegistered, AccountVerified, AccountContactChanged and MerchantChanged.
    """
    account = open_account(
        tx, identifier, display_name=application.display_name, locale=application.locale
    )
    if account.verified:
        return account, False
    if part is not Part.SHOPPER:
        merchant_id = open_merchant(tx, *merchant).id if merchant else None
        employ(tx, account, Staff(part=part, merchant_id=merchant_id))
    own_identifier(
        tx,
        account,
        identifier,
        password_hash=application.password_hash,
        display_name=application.display_name,
    )
    return accounts.get(tx.connection, account.id), True
