"""Products and their versions as JSON texts, and back."""

from __future__ import annotations

import json
from typing import Any

from catalog_service.domain.money import CURRENCY
from catalog_service.domain.product import Product, Sku
from shop_events.values import Money


def write(value: object) -> str:
    """Any plain value as text."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def read(text: str) -> Any:
    """The value again."""
    return json.loads(text)


def content_of(product: Product) -> str:
    """What is read whole or not at all."""
    return write(_content(product))


def snapshot_of(product: Product) -> str:
    """The whole product as its merchant wrote it, for the history."""
    return write(
        {
            "status": product.status,
            "category_path": product.category_path,
            **_content(product),
            "skus": [_sku(sku) for sku in product.skus],
        }
    )


def price_of(minor: int | None) -> Money | None:
    """A price from its column."""
    return None if minor is None else Money(minor, CURRENCY)


def _content(product: Product) -> dict[str, Any]:
    return {
        "titles": dict(product.titles),
        "descriptions": dict(product.descriptions),
        "brand": product.brand,
        "attributes": dict(product.attributes),
        "images": list(product.images),
    }


def _sku(sku: Sku) -> dict[str, Any]:
    return {
        "sku_id": sku.id,
        "sku_code": sku.code,
        "options": dict(sku.options),
        "price": sku.price and {"amount": sku.price.amount, "currency": sku.price.currency},
        "weight_g": sku.weight_g,
        "volume_cm3": sku.volume_cm3,
        "barcode": sku.barcode,
        "image": sku.image,
        "active": sku.active,
    }
