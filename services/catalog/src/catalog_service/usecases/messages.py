"""What catalog tells about its products."""

from __future__ import annotations

from typing import Final

from catalog_service.domain.product import Product, Sku, Status
from shop_events.contracts.catalog import (
    CatalogSku,
    LocalText,
    ProductChanged,
    ProductStatus,
    SkuOption,
)

MEDIA: Final = "/api/v1/catalog/media/"


def product_changed(one: Product, *, may_sell: bool) -> ProductChanged:
    """The product as others are to know it; ``may_sell``: its merchant is not suspended.

    A SKU that never had a price was never sold, and is nobody's business yet.
    """
    return ProductChanged(
        product_id=one.id,
        merchant_id=one.merchant_id,
        status=_status(one),
        titles=tuple(LocalText(locale=at, text=text) for at, text in one.titles.items() if text),
        category_path=one.category_path,
        skus=tuple(told for sku in one.skus if (told := _sku(one, sku, may_sell=may_sell))),
        version=one.version,
    )


def _status(one: Product) -> ProductStatus:
    """Reviews are the shop's own business: what was up before and is not now, is withdrawn."""
    if one.status in (Status.PUBLISHED, Status.WITHDRAWN):
        return ProductStatus(one.status.value)
    return ProductStatus.WITHDRAWN if one.published_at else ProductStatus.DRAFT


def _sku(one: Product, sku: Sku, *, may_sell: bool) -> CatalogSku | None:
    if sku.price is None:
        return None
    image = sku.image or next(iter(one.images), None)
    return CatalogSku(
        sku_id=sku.id,
        options=tuple(SkuOption(name=name, value=value) for name, value in sku.options.items()),
        price=sku.price,
        weight_g=sku.weight_g,
        volume_cm3=sku.volume_cm3,
        active=sku.active and may_sell,
        image=image and MEDIA + image,
    )
