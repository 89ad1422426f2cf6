"""Order, on one page: what it answers, what it listens to, what it keeps.

It prices, promises and follows orders from the quote to the end of the return window, and decides
alone when a hold on stock ends.
"""

from __future__ import annotations

from pathlib import Path

from chassis.background import Chore
from chassis.runtime import Runtime
from chassis.service import Service
from order_service.config import OrderSettings
from order_service.domain.errors import OrderError
from order_service.handlers import subscriptions
from order_service.http.checkout import checkout, ways_to_pay
from order_service.http.dev import dev_quotes
from order_service.http.merchant import merchant_orders
from order_service.http.promotions import coupons, promotions
from order_service.http.routes import orders
from order_service.store.tables import metadata
from order_service.usecases.sweep_quotes import sweep_quotes


def _sweep(runtime: Runtime) -> int:
    with runtime.database.begin() as tx:
        return sweep_quotes(tx)


service = Service(
    name="order",
    settings=OrderSettings,
    blueprints=(orders, checkout, ways_to_pay, coupons, promotions, merchant_orders),
    dev_blueprints=(dev_quotes,),
    subscriptions=subscriptions,
    errors=OrderError,
    migrations=Path(__file__).parents[2] / "migrations",
    tables=(metadata,),
    chores=(Chore(name="sweep-quotes", every_s=3600.0, run=_sweep, woken_by_commits=False),),
)
app = service.wsgi()
