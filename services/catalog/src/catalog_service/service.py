"""Catalog, on one page: what it answers, what it listens to, what it keeps.

It alone says what is for sale, at which price, and how it is found; how much of it there is, and
what it costs with delivery and discounts, others say.
"""

from __future__ import annotations

from pathlib import Path

from catalog_service.config import CatalogSettings
from catalog_service.domain.errors import CatalogError
from catalog_service.handlers import chores, subscriptions
from catalog_service.http.admin_reviews import reviews
from catalog_service.http.back_office import own_products, products
from catalog_service.http.browse import shop
from catalog_service.http.dev import dev_products
from catalog_service.http.files import files, own_media
from catalog_service.store.tables import metadata
from catalog_service.usecases.tell_state import present_products
from chassis.service import Service
from shop_events.contracts.catalog import ProductChanged
from shop_events.snapshot import State

service = Service(
    name="catalog",
    settings=CatalogSettings,
    blueprints=(shop, products, own_products, files, own_media, reviews),
    dev_blueprints=(dev_products,),
    subscriptions=subscriptions,
    errors=CatalogError,
    migrations=Path(__file__).parents[2] / "migrations",
    tables=(metadata,),
    chores=chores,
    states=(State(ProductChanged, present_products),),
)
app = service.wsgi()
