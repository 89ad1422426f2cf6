"""Catalog, on one page: what it answers, what it listens to, what it keeps."""

from __future__ import annotations

from pathlib import Path

from catalog_service.config import CatalogSettings
from catalog_service.domain.errors import CatalogError
from catalog_service.handlers import subscriptions
from catalog_service.store.tables import metadata
from chassis.service import Service

service = Service(
    name="catalog",
    settings=CatalogSettings,
    subscriptions=subscriptions,
    errors=CatalogError,
    migrations=Path(__file__).parents[2] / "migrations",
    tables=(metadata,),
)
app = service.wsgi()
