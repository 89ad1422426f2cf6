"""What the rows of a batch do to the merchant's products."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from catalog_service.domain.errors import CatalogError, NotPublishable
from catalog_service.domain.import_row import Row
from catalog_service.domain.product import UP_OR_WAITING, Product, Status, published, withdrawn
from catalog_service.domain.said import Said
from catalog_service.store import imports, products, told
from catalog_service.usecases.change_products import as_may_be, change_products
from catalog_service.usecases.shelves import Shelves
from catalog_service.usecases.write_product import say
from shop_events import Tx


@dataclass(slots=True)
class Batch:
    """Some rows, and what became of them."""

    rows: list[Row] = field(default_factory=list)
    faults: list[tuple[int, str, str]] = field(default_factory=list)  # row, column, sentence
    failed: set[int] = field(default_factory=set)
    rows_read: int = 0
    created: int = 0
    changed: int = 0
    unchanged: int = 0

    def fail(self, number: int, column: str, words: str) -> None:
        """The row cannot be used."""
        self.faults.append((number, column, words))
        self.failed.add(number)


def import_rows(tx: Tx, task: Any, batch: Batch) -> None:
    """Write the products that the rows describe, those that can be; the others are told.

    A dry run does the same but for writing.
    """
    told.may_sell(tx.connection, [task.merchant_id])
    _refuse_repeated_codes(tx, task, batch)
    groups = _by_product(batch)
    known = products.ids_by_external(tx.connection, task.merchant_id, groups)
    before = products.lock(tx.connection, known.values())
    named = imports.known_products(tx.connection, task.id, list(groups)) if task.dry_run else set()
    shelves = Shelves(tx, create=task.create_categories, dry_run=task.dry_run)
    after: list[Product] = []
    for external_id, rows in groups.items():
        was = before.get(known.get(external_id, ""))
        is_new = was is None and external_id not in named
        one = _write(tx, shelves, batch, rows, was or _empty(tx, task, external_id))
        if one is None:
            continue
        _count(batch, one, was, is_new=is_new)
        after.append(one)
    imports.add_codes(
        tx.connection, task.id, [(r.sku.code, r.external_id, r.number) for r in batch.rows]
    )
    if not task.dry_run:
        change_products(tx, before, after, by=task.by, why="imported")


def _count(batch: Batch, one: Product, was: Product | None, *, is_new: bool) -> None:
    batch.created += is_new
    batch.changed += was is not None and one != was
    batch.unchanged += was is not None and one == was


def _refuse_repeated_codes(tx: Tx, task: Any, batch: Batch) -> None:
    seen = imports.known_codes(tx.connection, task.id, [row.sku.code for row in batch.rows])
    fine: list[Row] = []
    for row in batch.rows:
        if row.sku.code in seen:
            words = f"The SKU {row.sku.code} stands in row {seen[row.sku.code]} already."
            batch.fail(row.number, "sku_code", words)
        else:
            seen[row.sku.code] = row.number
            fine.append(row)
    batch.rows = fine


def _by_product(batch: Batch) -> dict[str, list[Row]]:
    """The rows of each product; one that contradicts its product's first row is refused."""
    groups: dict[str, list[Row]] = {}
    for row in batch.rows:
        group = groups.setdefault(row.external_id, [])
        first = group[0].product if group else {}
        wrong = [
            name
            for name, value in row.product.items()
            if None not in (value, first.get(name)) and value != first[name]
        ]
        for name in wrong:
            words = f"Says something else than row {group[0].number}, of the same product."
            batch.fail(row.number, name, words)
        if not wrong:
            group.append(row)
    return groups


def _empty(tx: Tx, task: Any, external_id: str) -> Product:
    return Product(
        id=tx.new_id(),
        merchant_id=task.merchant_id,
        external_id=external_id,
        created_at=tx.now,
        changed_at=tx.now,
    )


def _write(
    tx: Tx, shelves: Shelves, batch: Batch, rows: list[Row], before: Product
) -> Product | None:
    """The product with what its rows say; None, and told why: it cannot be so."""
    try:
        cells = _together(rows)
        path = shelves.path_of(cells["category"]) if cells.get("category") else None
        written = say(tx, before, _said(cells, before, rows))
        if path is not None:
            written = replace(written, category_path=path)
        wanted = cells.get("status") or before.status
        arranged = _arranged(tx, batch, written, wanted, rows[0].number)
        return as_may_be(tx, before, arranged)
    except CatalogError as error:
        told_by_field = getattr(error, "errors", None) or {"": [str(error)]}
        for name, words in told_by_field.items():
            batch.fail(rows[0].number, name, words[0])
        batch.failed |= {row.number for row in rows}
        return None


def _arranged(tx: Tx, batch: Batch, one: Product, wanted: Status, row: int) -> Product:
    """The product in the status it is to have; what is not for sale now stays so if unfit."""
    if wanted is Status.WITHDRAWN:
        return withdrawn(one)
    is_up = one.status in UP_OR_WAITING
    if wanted is not Status.PUBLISHED and not is_up:
        return one
    try:
        one.must_be_publishable()
    except NotPublishable as error:
        if is_up:
            raise
        for name, words in (error.errors or {}).items():
            batch.faults.append((row, name, f"{words[0]} It is kept, and not published."))
        return one
    return published(one, tx.now) if wanted is Status.PUBLISHED else one


def _together(rows: list[Row]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for row in rows:
        found |= {n: v for n, v in row.product.items() if v is not None and found.get(n) is None}
    return found


def _said(cells: Mapping[str, Any], before: Product, rows: list[Row]) -> Said:
    return Said(
        titles=_texts(before.titles, cells, "title"),
        descriptions=_texts(before.descriptions, cells, "description"),
        brand=cells.get("brand"),
        attributes=cells.get("attributes"),
        images=cells.get("images"),
        skus=tuple(row.sku for row in rows),
        keep_others=True,
    )


def _texts(before: Mapping[str, str], cells: Mapping[str, Any], name: str) -> dict[str, str]:
    told = {"zh-CN": cells.get(f"{name}_zh"), "en": cells.get(f"{name}_en")}
    return dict(before) | {locale: text for locale, text in told.items() if text is not None}
