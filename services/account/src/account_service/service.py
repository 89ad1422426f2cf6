"""Account, on one page: what it answers, what it listens to, what it keeps.

It knows who people are: how they prove it, on which devices they are signed in, what they may do
here, and where their parcels go.
"""

from __future__ import annotations

from pathlib import Path

from account_service.config import AccountSettings
from account_service.domain.errors import AccountError
from account_service.handlers import subscriptions
from account_service.http.account import account, devices
from account_service.http.addresses import book, divisions
from account_service.http.admin import admin, sellers
from account_service.http.auth import auth
from account_service.http.dev import dev_accounts
from account_service.http.identifiers import identifiers
from account_service.http.keys import well_known
from account_service.store.tables import metadata
from account_service.usecases.forget_ended import FORGET_ENDED
from account_service.usecases.tell_state import present_contacts, present_merchants
from chassis.service import Service
from shop_events.contracts.account import AccountContactChanged, MerchantChanged
from shop_events.snapshot import State

service = Service(
    name="account",
    settings=AccountSettings,
    blueprints=(auth, devices, account, identifiers, book, divisions, admin, sellers),
    dev_blueprints=(dev_accounts,),
    root_blueprints=(well_known,),
    subscriptions=subscriptions,
    errors=AccountError,
    migrations=Path(__file__).parents[2] / "migrations",
    tables=(metadata,),
    chores=(FORGET_ENDED,),
    states=(
        State(MerchantChanged, present_merchants),
        State(AccountContactChanged, present_contacts),
    ),
)
app = service.wsgi()
