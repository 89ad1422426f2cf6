"""What catalog does when something happened elsewhere, and when its own time has come."""

from __future__ import annotations

from catalog_service.domain.delivery import Rates
from catalog_service.usecases import follow_others, times
from catalog_service.usecases.publish_product import publish_as_planned
from catalog_service.usecases.restate_products import is_any_restatement, restate_some
from catalog_service.usecases.tidy import tidy
from catalog_service.usecases.work_import import (
    is_any_import,
    note_failure,
    work_import,
)
from chassis.background import Chore
from chassis.revocation import listen as listen_for_revocations
from chassis.runtime import Runtime
from shop_events import Subscriptions, Tx
from shop_events.contracts.account import MerchantChanged, MerchantStatus
from shop_events.contracts.catalog import ProductChanged
from shop_events.contracts.logistics import DeliveryRatesChanged, StockLevelChanged
from shop_events.contracts.order import OrderConfirmed
from shop_events.wire import from_plain, to_plain

subscriptions = Subscriptions("catalog")
listen_for_revocations(subscriptions)


@subscriptions.on(MerchantChanged)
def know_who_sells_when_changed(event: MerchantChanged, tx: Tx) -> None:
    """A merchant began, was suspended, or may sell again."""
    active = event.status is MerchantStatus.ACTIVE
    follow_others.follow_merchant(
        tx, event.merchant_id, name=event.name, active=active, version=event.version
    )


@subscriptions.on(StockLevelChanged)
def show_stock_when_changed(event: StockLevelChanged, tx: Tx) -> None:
    """There is more or less of a SKU; how many is nobody's business (S9)."""
    follow_others.follow_stock(tx, event.sku_id, band=event.band.value, version=event.version)


@subscriptions.on(DeliveryRatesChanged)
def know_how_goods_come_when_changed(event: DeliveryRatesChanged, tx: Tx) -> None:
    """A merchant delivers in other ways, or for other prices."""
    follow_others.follow_rates(tx, from_plain(Rates, to_plain(event)))


@subscriptions.on(OrderConfirmed)
def count_when_sold(event: OrderConfirmed, tx: Tx) -> None:
    """Somebody bought something."""
    sold = [(line.sku_id, line.quantity) for line in event.lines]
    follow_others.count_sales(tx, event.order_id, sold)


@subscriptions.at(times.PUBLISH, publishes=(ProductChanged,))
def publish_when_planned(product_id: str, tx: Tx) -> None:
    """The hour its merchant named has come."""
    publish_as_planned(tx, product_id)


def _restate(runtime: Runtime) -> int:
    with runtime.database.read() as connection:
        if not is_any_restatement(connection):
            return 0
    with runtime.database.begin(publishes=(ProductChanged,)) as tx:
        return restate_some(tx)


def _import(runtime: Runtime) -> int:
    with runtime.database.read() as connection:
        if not is_any_import(connection):
            return 0
    try:
        with runtime.database.begin(publishes=(ProductChanged,)) as tx:
            return work_import(tx)
    except Exception:
        with runtime.database.begin() as tx:
            note_failure(tx)
        raise


def _tidy(runtime: Runtime) -> int:
    with runtime.database.begin() as tx:
        return tidy(tx)


chores = (
    Chore(name="restate-products", every_s=5.0, run=_restate, publishes=(ProductChanged,)),
    Chore(name="work-imports", every_s=5.0, run=_import, publishes=(ProductChanged,)),
    Chore(name="tidy", every_s=3600.0, run=_tidy, woken_by_commits=False),
)
