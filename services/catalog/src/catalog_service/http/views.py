"""The catalogue as the outside sees it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from catalog_service.domain.category import Category
from catalog_service.domain.delivery import TITLES, Offer, cheapest
from catalog_service.domain.money import CURRENCY
from catalog_service.domain.price_ranges import Range
from catalog_service.domain.product import Product, Sku, faults_of, impossible, option_matrix
from catalog_service.domain.text import pick
from catalog_service.store.facets import Count, Facets
from catalog_service.store.search import Listing
from catalog_service.usecases.browse import Found, ProductSeen, Shelf
from catalog_service.usecases.messages import MEDIA
from shop_events.values import Money


def shelf_view(shelf: Shelf, locale: str) -> dict[str, Any]:
    """A category with what lies below, see `schemas.CategoryAnswer`."""
    return {
        **crumb_view(shelf.category, locale),
        "count": shelf.count,
        "children": [shelf_view(one, locale) for one in shelf.below],
    }


def crumb_view(category: Category, locale: str) -> dict[str, Any]:
    """A category by itself."""
    title, said_in = pick(category.titles, locale)
    return {"id": category.id, "slug": category.slug, "title": title, "title_locale": said_in}


def card_view(one: Listing, locale: str) -> dict[str, Any]:
    """A product in a list, see `schemas.CardAnswer`."""
    title, said_in = pick(one.titles, locale)
    return {
        "id": one.product_id,
        "merchant_id": one.merchant_id,
        "title": title,
        "title_locale": said_in,
        "brand": one.brand,
        "image": one.image and MEDIA + one.image,
        "price_from": one.price_min,
        "price_to": one.price_max,
        "in_stock": one.in_stock,
        "sales": one.sales,
        "rating": None,
    }


def highlights_view(found: Found, one: Listing, locale: str) -> dict[str, Any]:
    """Why a product was found, see `schemas.HighlightsAnswer`; nothing without words."""
    if not found.wanted.words:
        return {}
    shown = {"title": pick(one.titles, locale)[0], "brand": one.brand}
    return {"highlights": {name: found.parts(text) for name, text in shown.items()}}


def facets_view(found: Found, facets: Facets, locale: str) -> dict[str, Any]:
    """The counts and the total, see `schemas.ProductPage`."""
    names = {key: pick(one.titles, locale)[0] for key, one in found.categories.items()}
    slugs = {key: one.slug for key, one in found.categories.items()}

    def named(counts: Sequence[Count]) -> list[dict[str, Any]]:
        return [
            _count(one, title=names.get(one.value), value=slugs.get(one.value)) for one in counts
        ]

    return {
        "total": facets.total.number,
        "total_at_least": facets.total.at_least,
        "facets": {
            "category": named(facets.categories.down),
            "category_up": named(facets.categories.up),
            "category_aside": named(facets.categories.aside),
            "price": [_price_range(one, count) for one, count in facets.prices],
            "brand": _counts(facets.brand),
            "in_stock": _count(facets.in_stock),
            "attributes": {name: _counts(each) for name, each in facets.attributes.items()},
        },
    }


def product_view(seen: ProductSeen, locale: str) -> dict[str, Any]:
    """A product as buyers see it, see `schemas.ProductAnswer`."""
    one = seen.product
    title, title_in = pick(one.titles, locale)
    description, description_in = pick(one.descriptions, locale)
    return {
        "id": one.id,
        "merchant_id": one.merchant_id,
        "merchant_name": seen.merchant_name,
        "title": title,
        "title_locale": title_in,
        "description": description,
        "description_locale": description_in,
        "brand": one.brand,
        "breadcrumb": [crumb_view(each, locale) for each in seen.breadcrumb],
        "attributes": dict(one.attributes),
        "images": [MEDIA + digest for digest in one.images],
        "options": [
            {"name": name, "values": values} for name, values in option_matrix(one.for_sale).items()
        ],
        "missing": impossible(one.for_sale),
        "skus": [_sku(sku, seen.bands) for sku in one.for_sale],
        "in_stock": any(seen.bands[sku.id] != "none" for sku in one.for_sale),
        "sales": one.sales,
        "rating": None,
        "published_at": one.published_at,
        "delivery": None if seen.ways is None else _delivery(seen.ways, locale),
    }


def own_view(one: Product) -> dict[str, Any]:
    """A product as its merchant sees it, see `merchant_answers.OwnProductAnswer`."""
    return {
        "id": one.id,
        "external_id": one.external_id,
        "status": one.status,
        "version": one.version,
        "titles": dict(one.titles),
        "descriptions": dict(one.descriptions),
        "brand": one.brand,
        "category_path": list(one.category_path),
        "attributes": dict(one.attributes),
        "images": list(one.images),
        "skus": [_own_sku(sku) for sku in one.skus],
        "sales": one.sales,
        "created_at": one.created_at,
        "changed_at": one.changed_at,
        "published_at": one.published_at,
        "publish_at": one.publish_at,
        "review_since": one.review_since,
        "sent_back": one.sent_back,
        "problems": faults_of(one),
    }


def import_view(row: Any, errors: Sequence[Any]) -> dict[str, Any]:
    """How far an import is, see `merchant_answers.ImportAnswer`."""
    return {
        **{name: getattr(row, name) for name in _PLAIN},
        "encoding": "GBK" if row.encoding == "gb18030" else "UTF-8",
        "percent": 100 if row.state == "done" else row.position * 100 // max(1, row.size),
        "errors": [{"row": e.row, "column": e.column, "message": e.message} for e in errors],
    }


_PLAIN: Final = (
    *("id", "state", "dry_run", "rows_read", "rows_failed", "created", "changed", "unchanged"),
    *("errors_count", "started_at", "ended_at"),
)


def _sku(sku: Sku, bands: Mapping[str, str]) -> dict[str, Any]:
    return {
        "sku_id": sku.id,
        "options": dict(sku.options),
        "price": sku.price,
        "weight_g": sku.weight_g,
        "volume_cm3": sku.volume_cm3,
        "barcode": sku.barcode,
        "image": sku.image and MEDIA + sku.image,
        "stock": bands[sku.id],
    }


def _delivery(ways: Sequence[Offer], locale: str) -> dict[str, Any]:
    least = cheapest(ways)
    return {
        "methods": [_way(one, locale) for one in ways],
        "cheapest": least and least.method.code,
    }


def _way(one: Offer, locale: str) -> dict[str, Any]:
    method = one.method
    return {
        "code": method.code,
        "title": pick(TITLES.get(method.code, {}), locale)[0] or method.code,
        "price_from": one.price_from,
        "price_to": one.price_to,
        "free_over": one.free_over,
        "days": method.days,
        "traceable": method.traceable,
        "cash_on_delivery": method.cash_on_delivery,
        "pick_up": method.pick_up,
    }


def _own_sku(sku: Sku) -> dict[str, Any]:
    return {
        "sku_id": sku.id,
        "sku_code": sku.code,
        "options": dict(sku.options),
        "price": sku.price,
        "weight_g": sku.weight_g,
        "volume_cm3": sku.volume_cm3,
        "barcode": sku.barcode,
        "image": sku.image,
        "active": sku.active,
    }


def _counts(counts: Sequence[Count]) -> list[dict[str, Any]]:
    return [_count(one) for one in counts]


def _price_range(one: Range, count: Count) -> dict[str, Any]:
    return {
        "price_min": Money(one.low, CURRENCY),
        "price_max": None if one.high is None else Money(one.high, CURRENCY),
        "count": count.number,
        "at_least": count.at_least,
    }


def _count(one: Count, *, title: str | None = None, value: str | None = None) -> dict[str, Any]:
    return {
        "value": value or one.value,
        "title": title or one.value,
        "count": one.number,
        "at_least": one.at_least,
    }
