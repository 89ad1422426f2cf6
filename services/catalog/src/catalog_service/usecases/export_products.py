"""A merchant's products as CSV, a batch at a time; importing it again changes nothing."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Final

from catalog_service.domain.import_row import COLUMNS, cells_of
from catalog_service.domain.product import Product
from catalog_service.store import products
from shop_events import Database

AT_ONCE: Final = 200


def export_products(database: Database, *, merchant_id: str) -> Iterator[str]:
    """The lines, the first row first. Each batch is read by itself, so that nothing is held."""
    yield "\ufeff" + _lines([COLUMNS])  # the mark by which spreadsheets know UTF-8
    last = ""
    while True:
        with database.read() as connection:
            found = products.list_of(connection, merchant_id, after=last, at_most=AT_ONCE)
        if not found:
            return
        yield _lines([row for one in found for row in _rows(one)])
        last = found[-1].id


def _rows(one: Product) -> list[list[str]]:
    return [cells_of(one, sku) for sku in one.skus]


def _lines(rows: Sequence[Sequence[str]]) -> str:
    written = io.StringIO()
    csv.writer(written).writerows(rows)
    return written.getvalue()
