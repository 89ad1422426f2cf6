"""Cart, on one page: what it answers, what it listens to, what it keeps.

It keeps what people mean to buy, on its own copies of prices and stock, and promises nothing.
"""

from __future__ import annotations

from pathlib import Path

from cart_service.config import CartSettings
from cart_service.domain.errors import CartError
from cart_service.handlers import subscriptions
from cart_service.http.routes import cart
from cart_service.store.tables import metadata
from cart_service.sweeping import SWEEP
from chassis.service import Service

service = Service(
    name="cart",
    settings=CartSettings,
    blueprints=(cart,),
    subscriptions=subscriptions,
    errors=CartError,
    migrations=Path(__file__).parents[2] / "migrations",
    tables=(metadata,),
    chores=(SWEEP,),
)
app = service.wsgi()
