"""Cart, on one page: what it answers, what it listens to, what it keeps."""

from __future__ import annotations

from pathlib import Path

from cart_service.config import CartSettings
from cart_service.domain.errors import CartError
from cart_service.handlers import subscriptions
from cart_service.store.tables import metadata
from chassis.service import Service

service = Service(
    name="cart",
    settings=CartSettings,
    subscriptions=subscriptions,
    errors=CartError,
    migrations=Path(__file__).parents[2] / "migrations",
    tables=(metadata,),
)
app = service.wsgi()
