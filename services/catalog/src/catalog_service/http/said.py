"""A merchant's body as what he says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from catalog_service.domain.said import Said, SkuSaid


def said_in(body: Mapping[str, Any]) -> Said:
    """What a checked body says; what it does not name is not said."""
    images, skus = body.get("images"), body.get("skus")
    return Said(
        titles=body.get("titles"),
        descriptions=body.get("descriptions"),
        brand=body.get("brand"),
        category=body.get("category"),
        attributes=body.get("attributes"),
        images=None if images is None else tuple(images),
        skus=None if skus is None else tuple(_sku(sku) for sku in skus),
    )


def _sku(body: Mapping[str, Any]) -> SkuSaid:
    given = {name: value for name, value in body.items() if name not in ("sku_code", "sku_id")}
    return SkuSaid(code=body["sku_code"], id=body.get("sku_id"), **given)
