"""Payment, on one page: what it answers, what it listens to, what it keeps.

It takes the money for orders and gives it back, asks providers outside of every transaction, and
books each move in a double-entry ledger.
"""

from __future__ import annotations

from pathlib import Path

from chassis.service import Service
from payment_service.asking import CALLS
from payment_service.config import PaymentSettings
from payment_service.domain.errors import PaymentError
from payment_service.handlers import subscriptions
from payment_service.http.payments import payments
from payment_service.http.refunds import refunds
from payment_service.http.webhooks import webhooks
from payment_service.outside.pretend_bank import PretendBank
from payment_service.outside.provider import Outside
from payment_service.store.tables import metadata


def _outside(settings: PaymentSettings) -> Outside:
    return Outside(provider=PretendBank(settings.pretend_bank_file))


service = Service(
    name="payment",
    settings=PaymentSettings,
    blueprints=(payments, refunds, webhooks),
    subscriptions=subscriptions,
    errors=PaymentError,
    migrations=Path(__file__).parents[2] / "migrations",
    tables=(metadata,),
    chores=(CALLS,),
    outside=_outside,
)
app = service.wsgi()
