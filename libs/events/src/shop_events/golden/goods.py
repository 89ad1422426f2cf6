"""The potter's blue mug, how it can be sent, and in whose cart it lies."""

from __future__ import annotations

from typing import Final

from shop_events.contract import Event
from shop_events.contracts import cart, catalog, logistics
from shop_events.values import Money

POTTER: Final = "0193540a-0000-7000-8000-0000000e0001"
ANN: Final = "0193540f-6c00-7000-8000-0000000a0001"
ANNS_CART: Final = "0193540f-9000-7000-8000-0000000ca001"
MUG: Final = "0193540a-1000-7000-8000-0000000d0001"


def _cny(amount: str) -> Money:
    return Money.of(amount, "CNY")


GOODS: Final[tuple[Event, ...]] = (
    cart.CartMerged(
        cart_id=ANNS_CART,
        account_id=ANN,
        dropped=(cart.DroppedUnits(sku_id="MUG-BLUE-300ML", quantity=2, why="limited_by_stock"),),
    ),
    catalog.ProductChanged(
        product_id=MUG,
        merchant_id=POTTER,
        status=catalog.ProductStatus.PUBLISHED,
        titles=(
            catalog.LocalText(locale="zh-CN", text="手工马克杯"),
            catalog.LocalText(locale="en", text="Handmade mug"),
        ),
        category_path=("home", "home-kitchen", "home-kitchen-cups"),
        skus=(
            catalog.CatalogSku(
                sku_id="MUG-BLUE-300ML",
                options=(
                    catalog.SkuOption(name="colour", value="blue"),
                    catalog.SkuOption(name="size", value="300 ml"),
                ),
                price=_cny("19.90"),
                weight_g=420,
                active=True,
                image="/media/mug-blue.svg",
            ),
        ),
        version=3,
    ),
    logistics.DeliveryRatesChanged(
        rates_id="default",
        methods=(
            logistics.DeliveryMethod(
                code="express",
                zones=(
                    logistics.RateZone(
                        divisions=("31", "32", "33"),
                        first_g=1000,
                        first=_cny("8.00"),
                        step_g=1000,
                        step=_cny("2.00"),
                        free_over=_cny("99.00"),
                    ),
                    logistics.RateZone(
                        divisions=(),
                        first_g=1000,
                        first=_cny("12.00"),
                        step_g=1000,
                        step=_cny("5.00"),
                    ),
                ),
                days=3,
                traceable=True,
                cash_on_delivery=True,
            ),
        ),
        version=1,
    ),
)
