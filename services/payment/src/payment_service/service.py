"""Payment, on one page: what it answers, what it listens to, what it keeps.

It takes the money for orders and gives it back, asks providers outside of every transaction, and
books each move in a double-entry ledger.
"""

from __future__ import annotations

from pathlib import Path

from chassis.service import Service
from payment_service.asking import CALLS, PRETEND_POST
from payment_service.config import PaymentSettings
from payment_service.domain.errors import PaymentError
from payment_service.handlers import subscriptions
from payment_service.http.dev import dev_stripe
from payment_service.http.payments import payments
from payment_service.http.reconciliations import reconciliations
from payment_service.http.refunds import refunds
from payment_service.http.webhooks import webhooks
from payment_service.outside.pretend_bank import PretendBank
from payment_service.outside.pretend_stripe import ADDRESS, KEY, InProcessWire, PretendStripe
from payment_service.outside.provider import Outside, Provider
from payment_service.outside.stripe_provider import StripeProvider
from payment_service.outside.stripe_wire import HttpWire
from payment_service.store.tables import metadata


def make_outside(settings: PaymentSettings) -> Outside:
    """The payment providers there are, each with what its card tokens begin with."""
    providers: dict[str, Provider] = {}
    if settings.pretend_bank_file is not None:
        providers["tok_"] = PretendBank(settings.pretend_bank_file)
    if settings.stripe_key is not None:
        key = settings.stripe_key.reveal()
        providers["pm_"] = StripeProvider(
            key, wire=HttpWire(), return_url=settings.return_url, url=settings.stripe_url
        )
    if settings.pretend_stripe_file is None:
        return Outside(by_prefix=providers)
    pretend = PretendStripe(settings.pretend_stripe_file, pages=settings.pretend_stripe_pages)
    wire = InProcessWire(pretend)
    providers["pm_"] = StripeProvider(KEY, wire=wire, return_url=settings.return_url, url=ADDRESS)
    return Outside(by_prefix=providers, pretend_stripe=pretend)


service = Service(
    name="payment",
    settings=PaymentSettings,
    blueprints=(payments, reconciliations, refunds, webhooks),
    dev_blueprints=(dev_stripe,),
    subscriptions=subscriptions,
    errors=PaymentError,
    migrations=Path(__file__).parents[2] / "migrations",
    tables=(metadata,),
    chores=(CALLS, PRETEND_POST),
    outside=make_outside,
)
app = service.wsgi()
