"""What is for sale at this moment, laid out for searching. Written here, read in `search`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from catalog_service.domain.product import Product, Sku
from catalog_service.store import analyser, spelling, texts, words
from catalog_service.store.tables import listing_attributes, listing_titles, listings
from catalog_service.store.told import NONE

LONGEST_FACET: Final = 100
LONGEST_KEY: Final = 200  # a character may become eighteen, and an index takes 2,704 bytes
SHOWN_OF_DESCRIPTION: Final = 1_000  # characters that are searched; the rest is read, not sought


def put(connection: Connection, for_sale: Sequence[Product], bands: Mapping[str, str]) -> None:
    """Show these products as they are now; ``bands`` are those of their SKUs."""
    if not for_sale:
        return
    ids = [one.id for one in for_sale]
    known = _numbers(connection, ids)
    rows = {one.id: _row(one, bands) for one in for_sale}
    if old := [{"of_product": key, **row} for key, row in rows.items() if key in known]:
        connection.execute(_UPDATE, old)
    if new := [row for key, row in rows.items() if key not in known]:
        connection.execute(insert(listings), new)
    _forget_parts(connection, ids)
    if attributes := [row for one in for_sale for row in _attribute_rows(one)]:
        connection.execute(insert(listing_attributes), attributes)
    connection.execute(insert(listing_titles), [r for one in for_sale for r in _title_rows(one)])
    numbers = _numbers(connection, ids)
    found_by = {numbers[one.id]: _words(one) for one in for_sale}
    words.put(connection, found_by)
    spelling.learn(connection, (w for one in found_by.values() for w in (*one.heads, *one.rest)))


def remove(connection: Connection, product_ids: Sequence[str]) -> None:
    """Show these products no more."""
    numbers = _numbers(connection, product_ids)
    if not numbers:
        return
    _forget_parts(connection, list(numbers))
    words.forget(connection, numbers.values())
    connection.execute(delete(listings).where(listings.c.product_id.in_(list(numbers))))


def set_in_stock(connection: Connection, product_id: str, *, in_stock: bool) -> None:
    """Whether anything of it can be had; quiet if it is not for sale."""
    connection.execute(_STOCK, {"of_product": product_id, "in_stock": in_stock})


def add_sales(connection: Connection, product_id: str, quantity: int) -> None:
    """Count what was sold; quiet if it is not for sale any more."""
    connection.execute(_SELL, {"of_product": product_id, "quantity": quantity})


def is_listed(connection: Connection, product_id: str) -> bool:
    """Whether people are shown it."""
    return bool(_numbers(connection, [product_id]))


def is_in_stock(skus: Sequence[Sku], bands: Mapping[str, str]) -> bool:
    """Whether anything of these can be had."""
    return any(bands.get(sku.id, NONE) != NONE for sku in skus)


_UPDATE: Final = update(listings).where(listings.c.product_id == bindparam("of_product"))
_STOCK: Final = (
    update(listings)
    .where(listings.c.product_id == bindparam("of_product"))
    .values(in_stock=bindparam("in_stock"))
)
_SELL: Final = (
    update(listings)
    .where(listings.c.product_id == bindparam("of_product"))
    .values(sales=listings.c.sales + bindparam("quantity"))
)


def _numbers(connection: Connection, product_ids: Sequence[str]) -> dict[str, int]:
    query = select(listings.c.product_id, listings.c.number).where(
        listings.c.product_id.in_(product_ids)
    )
    return {row.product_id: row.number for row in connection.execute(query)}


def _forget_parts(connection: Connection, product_ids: Sequence[str]) -> None:
    for part in (listing_attributes, listing_titles):
        connection.execute(delete(part).where(part.c.product_id.in_(product_ids)))


def _row(one: Product, bands: Mapping[str, str]) -> dict[str, Any]:
    prices = [sku.price.minor for sku in one.for_sale if sku.price is not None]
    return {
        "product_id": one.id,
        "merchant_id": one.merchant_id,
        "category_path": "".join(f"{part}/" for part in one.category_path),
        "brand": one.brand,
        "price_min": min(prices),
        "price_max": max(prices),
        "in_stock": is_in_stock(one.for_sale, bands),
        "sales": one.sales,
        "rating": 0,
        "newest": _micros(one.published_at or one.created_at),
        "card": texts.write(
            {"titles": dict(one.titles), "image": one.images[0] if one.images else None}
        ),
    }


def _micros(at: datetime) -> int:
    return int(at.timestamp()) * 1_000_000 + at.microsecond


def _attribute_rows(one: Product) -> list[dict[str, str]]:
    """Attributes and options alike: whoever looks for blue cares little which of the two it is."""
    pairs = {(name, value) for sku in one.for_sale for name, value in sku.options.items()}
    pairs |= set(one.attributes.items())
    return [
        {"product_id": one.id, "name": name, "value": value}
        for name, value in sorted(pairs)
        if value and len(value) <= LONGEST_FACET
    ]


def _title_rows(one: Product) -> list[dict[str, str]]:
    return [
        {
            "product_id": one.id,
            "locale": locale,
            "key": analyser.normal(title)[:LONGEST_KEY],
            "title": title,
        }
        for locale, title in one.titles.items()
        if title
    ]


def _words(one: Product) -> words.Text:
    rest = [text[:SHOWN_OF_DESCRIPTION] for text in one.descriptions.values()]
    rest += one.attributes.values()
    rest += [value for sku in one.for_sale for value in (*sku.options.values(), sku.code)]
    return words.text_of([*one.titles.values(), one.brand], rest)
