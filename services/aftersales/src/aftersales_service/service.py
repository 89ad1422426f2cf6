"""Aftersales, on one page: what it answers, what it listens to, what it keeps."""

from __future__ import annotations

from pathlib import Path

from aftersales_service.config import AftersalesSettings
from aftersales_service.domain.errors import AftersalesError
from aftersales_service.handlers import subscriptions
from aftersales_service.http.routes import aftersales
from aftersales_service.store.tables import metadata
from chassis.service import Service

service = Service(
    name="aftersales",
    settings=AftersalesSettings,
    blueprints=(aftersales,),
    subscriptions=subscriptions,
    errors=AftersalesError,
    migrations=Path(__file__).parents[2] / "migrations",
    tables=(metadata,),
)
app = service.wsgi()
