"""Review, on one page: what it answers, what it listens to, what it keeps."""

from __future__ import annotations

from pathlib import Path

from chassis.service import Service
from review_service.config import ReviewSettings
from review_service.domain.errors import ReviewError
from review_service.handlers import subscriptions
from review_service.http.routes import reviews
from review_service.store.tables import metadata

service = Service(
    name="review",
    settings=ReviewSettings,
    blueprints=(reviews,),
    subscriptions=subscriptions,
    errors=ReviewError,
    migrations=Path(__file__).parents[2] / "migrations",
    tables=(metadata,),
)
app = service.wsgi()
