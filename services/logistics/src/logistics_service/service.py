"""Logistics, on one page: what it answers, what it listens to, what it keeps.

It alone knows what is in the warehouse: it reserves, packs and ships, follows parcels, and after a
confirmation decides whether goods can still be kept.
"""

from __future__ import annotations

from pathlib import Path

from chassis.service import Service
from logistics_service.asking import ASKING
from logistics_service.config import LogisticsSettings
from logistics_service.domain.errors import LogisticsError
from logistics_service.handlers import subscriptions
from logistics_service.http.delivery import delivery
from logistics_service.http.dev import dev_carriers
from logistics_service.http.packing import packing
from logistics_service.http.shipments import shipments
from logistics_service.http.stock import stock
from logistics_service.http.webhooks import webhooks
from logistics_service.outside.carrier import Carriers
from logistics_service.outside.pretend_carrier import pretend_carriers
from logistics_service.proving import PROVING
from logistics_service.store.tables import metadata
from logistics_service.usecases.tell_state import present_levels, present_rates
from shop_events.contracts.logistics import DeliveryRatesChanged, StockLevelChanged
from shop_events.snapshot import State


def carriers(settings: LogisticsSettings) -> Carriers:
    """The carriers we work with. All of them pretend, until a real one gets its client."""
    return pretend_carriers(settings.carrier_secrets.by_carrier, settings.pretend_carriers)


service = Service(
    name="logistics",
    settings=LogisticsSettings,
    blueprints=(shipments, packing, delivery, stock, webhooks),
    dev_blueprints=(dev_carriers,),
    subscriptions=subscriptions,
    errors=LogisticsError,
    migrations=Path(__file__).parents[2] / "migrations",
    tables=(metadata,),
    chores=(ASKING, PROVING),
    outside=carriers,
    states=(
        State(StockLevelChanged, present_levels),
        State(DeliveryRatesChanged, present_rates),
    ),
)
app = service.wsgi()
