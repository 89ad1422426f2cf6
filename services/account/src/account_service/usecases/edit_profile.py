"""Change one's name or language."""

from __future__ import annotations

from dataclasses import replace

from account_service.domain.account import Account
from account_service.store import accounts
from account_service.usecases.own_identifier import tell_contact
from shop_events import Tx


def edit_profile(
    tx: Tx, account_id: str, *, display_name: str | None = None, locale: str | None = None
) -> Account:
    """The account as it is afterwards. Publishes AccountContactChanged if anything changed."""
    account = accounts.get(tx.connection, account_id, locked=True)
    changed = replace(
        account,
        display_name=display_name or account.display_name,
        locale=locale or account.locale,
    )
    if changed == account:
        return account
    accounts.change(
        tx.connection,
        account.id,
        display_name=changed.display_name,
        locale=changed.locale,
    )
    return tell_contact(tx, changed)
