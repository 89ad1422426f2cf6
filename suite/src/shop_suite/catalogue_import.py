"""`shop import`: hands another shop's catalogue to ours, through the import every merchant has.

    <folder>/categories.csv   id, name, parent_id: two levels
    <folder>/products.csv     id, name, brief, category_id, brand, price_cny, attributes_json,
                              description
    <folder>/skus.csv         product_id, options_json, price_cny, stock; a product without any is
                              one SKU at its own price

Real catalogues are untidy. What the import refuses is told row by row, and the rest is taken.
"""

from __future__ import annotations

import csv
import io
import json
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from shop_suite.caller import Caller

COLUMNS: Final = (
    "product_id",
    "status",
    "title_zh",
    "description_zh",
    "brand",
    "category",
    "attributes",
    "sku_code",
    "options",
    "price",
    "weight_g",
)
WEIGHT_G: Final = "500"  # the files say none
STOCK: Final = 100  # of a product without SKUs of its own
WITHIN_S: Final = 300.0
_FORMULA: Final = ("=", "+", "-", "@")

Rows = Sequence[Mapping[str, str]]


class NotImported(Exception):
    """The import did not come to its end."""


@dataclass(frozen=True, slots=True)
class Offered:
    """One SKU as it stands in the files."""

    code: str
    stock: int
    row: tuple[str, ...]


def offers_in(folder: Path) -> list[Offered]:
    """Every SKU of the shop in ``folder``."""
    categories = {row["id"]: row for row in _rows(folder / "categories.csv")}
    skus: dict[str, list[Mapping[str, str]]] = defaultdict(list)
    for row in _rows(folder / "skus.csv"):
        skus[row["product_id"]].append(row)
    return [
        offered
        for product in _rows(folder / "products.csv")
        for offered in _offers(product, skus[product["id"]], _path(product, categories))
    ]


def hand_in(clerk: Caller, offers: Sequence[Offered], say: Callable[[str], None]) -> Any:
    """Import these as the clerk's merchant, and receive their stock; the import's last word.

    Raises:
        Refused: the shop does not take the file.
        NotImported: it was not worked through in five minutes.
    """
    path = "/catalog/imports?create_categories=true"
    started = clerk.ask("POST", path, _csv(offers), {"Content-Type": "text/csv"}).body
    done = _wait(clerk, started["id"], say)
    _receive(clerk, {one.code: one.stock for one in offers})
    return done


def _offers(product: Mapping[str, str], skus: Rows, category: str) -> Iterator[Offered]:
    for number, sku in enumerate(skus or ({},), start=1):
        code = f"{product['id']}-{number}"
        row = (
            product["id"],
            "published",
            _text(product["name"]),
            _text(product["description"] or product["brief"]),
            _text(product["brand"]),
            category,
            product["attributes_json"],
            code,
            sku.get("options_json", ""),
            sku.get("price_cny") or product["price_cny"],
            WEIGHT_G,
        )
        yield Offered(code, int(sku.get("stock") or STOCK), row)


def _path(product: Mapping[str, str], categories: Mapping[str, Mapping[str, str]]) -> str:
    own = categories[product["category_id"]]
    parent = categories.get(own["parent_id"])
    return " > ".join(one["name"] for one in (parent, own) if one)


def _text(cell: str) -> str:
    """An apostrophe keeps a text from being taken for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _csv(offers: Sequence[Offered]) -> bytes:
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    writer.writerow(COLUMNS)
    writer.writerows(one.row for one in offers)
    return written.getvalue().encode()


def _wait(clerk: Caller, import_id: str, say: Callable[[str], None]) -> Any:
    pause, until, told = threading.Event(), time.monotonic() + WITHIN_S, -1
    while time.monotonic() < until:
        seen = clerk.get(f"/catalog/imports/{import_id}")
        if seen["percent"] != told:
            told = seen["percent"]
            say(f"    {told} % of the file, {seen['rows_failed']} rows refused")
        if seen["state"] not in ("waiting", "running"):
            return seen
        pause.wait(0.2)
    raise NotImported(f"The import {import_id} is not done after {WITHIN_S} s.")


def _receive(clerk: Caller, stock: Mapping[str, int]) -> None:
    for product in clerk.pages("/merchant/products"):
        for sku in product["skus"]:
            if quantity := stock.get(sku["sku_code"]):
                body = {"type": "received", "quantity": quantity, "reason": "import"}
                key = f"import-{sku['sku_id']}"
                clerk.post(f"/stock/{sku['sku_id']}/movements", body, key=key)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def problems_of(imported: Any) -> list[str]:
    """What was refused, a line each."""
    return [json.dumps(one, ensure_ascii=False) for one in imported["errors"]]
