"""Order, on one page: what it answers, what it listens to, what it keeps.

It prices, promises and follows orders from the quote to the end of the return window, and decides
alone when a hold on stock ends.
"""

from __future__ import annotations

from pathlib import Path

from chassis.service import Service
from order_service.config import OrderSettings
from order_service.domain.errors import OrderError
from order_service.handlers import subscriptions
from order_service.http.dev import dev_quotes
from order_service.http.routes import orders
from order_service.store.tables import metadata

service = Service(
    name="order",
    settings=OrderSettings,
    blueprints=(orders,),
    dev_blueprints=(dev_quotes,),
    subscriptions=subscriptions,
    errors=OrderError,
    migrations=Path(__file__).parents[2] / "migrations",
    tables=(metadata,),
)
app = service.wsgi()
