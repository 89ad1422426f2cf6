"""What account does when something happened elsewhere, and when its own time has come."""

from __future__ import annotations

from account_service.usecases.send_asked import WHEN_ASKED, send_asked
from chassis.revocation import listen as listen_for_revocations
from shop_events import Subscriptions, Tx
from shop_events.contracts.account import AccountCodeIssued, AccountRegistered

subscriptions = Subscriptions("account")
listen_for_revocations(subscriptions)


@subscriptions.at(WHEN_ASKED, publishes=(AccountRegistered, AccountCodeIssued))
def send_when_asked(key: str, tx: Tx) -> None:
    """Somebody registered, or asked for a link, a moment ago."""
    send_asked(tx, key)
