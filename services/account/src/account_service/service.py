"""Account, on one page: what it answers, what it listens to, what it keeps."""

from __future__ import annotations

from pathlib import Path

from account_service.config import AccountSettings
from account_service.domain.errors import AccountError
from account_service.handlers import subscriptions
from account_service.store.tables import metadata
from chassis.service import Service

service = Service(
    name="account",
    settings=AccountSettings,
    subscriptions=subscriptions,
    errors=AccountError,
    migrations=Path(__file__).parents[2] / "migrations",
    tables=(metadata,),
)
app = service.wsgi()
