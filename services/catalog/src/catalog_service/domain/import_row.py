"""One row of an import: the SKU it describes, the product it belongs to, and what is wrong with it.

An empty cell says nothing: what is there stays. The same columns, in this order, are exported.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from catalog_service.domain.money import CURRENCY
from catalog_service.domain.product import HEAVIEST_G, LARGEST_CM3, Product, Sku, Status
from catalog_service.domain.said import SkuSaid
from shop_events.values import LARGEST_MINOR, Money, NotMoney

REQUIRED: Final = ("product_id", "sku_code")
COLUMNS: Final = (
    "product_id",
    "status",
    "title_zh",
    "title_en",
    "description_zh",
    "description_en",
    "brand",
    "category",
    "attributes",
    "images",
    "sku_code",
    "options",
    "price",
    "weight_g",
    "volume_cm3",
    "barcode",
    "active",
)
_OF_SKU: Final = frozenset(
    {*REQUIRED, "options", "price", "weight_g", "volume_cm3", "barcode", "active"}
)
LONGEST: Final = {
    "product_id": 64,
    "title_zh": 200,
    "title_en": 200,
    "description_zh": 10_000,
    "description_en": 10_000,
    "brand": 100,
    "category": 300,
    "sku_code": 64,
    "barcode": 32,
}
MOST_PAIRS: Final = 40
# OWASP, "CSV Injection": spreadsheets take a cell that starts so for a formula and run it.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_ID: Final = re.compile(r"[A-Za-z0-9_.:/-]{1,64}", re.ASCII)
_STATUSES: Final = {one.value: one for one in Status if one is not Status.IN_REVIEW}
_YES_NO: Final = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}

Fault = tuple[str, str]  # column, sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row that can be read. ``product`` are its cells about the product, by column."""

    number: int
    external_id: str
    sku: SkuSaid
    product: Mapping[str, Any] = field(default_factory=dict)


class _Faulty(ValueError):
    """A cell cannot be used; the message says why."""


def read_row(number: int, given: Mapping[str, str]) -> tuple[Row | None, list[Fault]]:
    """The row, or everything that is wrong with it."""
    read: dict[str, Any] = {}
    faults: list[Fault] = []
    for column, cell in given.items():
        try:
            read[column] = _read(column, cell.strip())
        except _Faulty as error:
            faults.append((column, str(error)))
    faults += [
        (column, f"The column {column} is empty; every row needs it.")
        for column in REQUIRED
        if column in read and read[column] is None
    ]
    return (None, faults) if faults else (_row(number, read), [])


def header_faults(header: Sequence[str]) -> dict[str, list[str]]:
    """What is wrong with the first row, by column."""
    faults = {name: ["This column is missing."] for name in REQUIRED if name not in header}
    for name in header:
        if name not in COLUMNS:
            faults[name[:64] or "(empty)"] = [f"Unknown; the columns are {', '.join(COLUMNS)}."]
        elif list(header).count(name) > 1:
            faults[name] = ["This column stands twice."]
    return faults


def cells_of(one: Product, sku: Sku) -> list[str]:
    """A SKU as a row of an export, which says the same when it is imported again."""
    texts = (
        one.external_id or one.id,
        _status_text(one.status),
        one.titles.get("zh-CN", ""),
        one.titles.get("en", ""),
        one.descriptions.get("zh-CN", ""),
        one.descriptions.get("en", ""),
        one.brand,
        one.category_id or "",
        _pairs_text(one.attributes),
        "|".join(one.images),
        sku.code,
        _pairs_text(sku.options),
        sku.price.amount if sku.price else "",
        str(sku.weight_g),
        str(sku.volume_cm3) if sku.volume_cm3 else "",
        sku.barcode or "",
        "yes" if sku.active else "no",
    )
    return [f"'{text}" if text.startswith((*_FORMULA, "'")) else text for text in texts]


def _row(number: int, read: Mapping[str, Any]) -> Row:
    sku = SkuSaid(
        code=read["sku_code"],
        options=read.get("options"),
        price=read.get("price"),
        weight_g=read.get("weight_g"),
        volume_cm3=read.get("volume_cm3"),
        barcode=read.get("barcode"),
        active=read.get("active"),
    )
    product = {name: value for name, value in read.items() if name not in _OF_SKU}
    return Row(number=number, external_id=read["product_id"], sku=sku, product=product)


def _read(column: str, cell: str) -> Any:
    if not cell:
        return None
    return _READERS.get(column, partial(_words, column))(cell)


def _words(column: str, cell: str) -> str:
    text = _text(cell)
    if len(text) > LONGEST[column]:
        raise _Faulty(f"{LONGEST[column]} characters at most; this has {len(text)}.")
    if column in REQUIRED and not _ID.fullmatch(text):
        raise _Faulty("Letters, digits and _ . : / - only, 64 at most.")
    return text


def _images(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in _text(cell).split("|") if part.strip())[:20]


def _text(cell: str) -> str:
    """A text. An apostrophe before a formula is how spreadsheets, and our export, defuse it."""
    if cell.startswith("'") and cell[1:].startswith((*_FORMULA, "'")):
        return cell[1:]
    if cell.startswith(_FORMULA):
        raise _Faulty(f"Starts with {cell[0]!r}, as a formula does; put an apostrophe before it.")
    return cell


def _price(cell: str) -> Money:
    try:
        price = Money.of(cell, CURRENCY)
    except NotMoney as error:
        raise _Faulty(f"{cell[:32]!r} is no price; write it as 19.90, in {CURRENCY}.") from error
    if not 0 < price.minor <= LARGEST_MINOR // 10_000:
        raise _Faulty(f"{cell[:32]!r} is no price: it must be above zero, and not in the billions.")
    return price


def _weight(cell: str) -> int:
    return _whole(cell, HEAVIEST_G, "no weight; write whole grams")


def _volume(cell: str) -> int:
    return _whole(cell, LARGEST_CM3, "no volume; write whole cubic centimetres")


def _whole(cell: str, largest: int, wrong: str) -> int:
    short = cell.isascii() and cell.isdigit() and len(cell) <= len(str(largest))
    if not short or int(cell) > largest:
        raise _Faulty(f"{cell[:32]!r} is {wrong}, {largest} at most.")
    return int(cell)


def _yes_no(cell: str) -> bool:
    if cell.lower() not in _YES_NO:
        raise _Faulty(f"{cell[:32]!r} is neither yes nor no.")
    return _YES_NO[cell.lower()]


def _status(cell: str) -> Status:
    status = _STATUSES.get(cell.lower())
    if status is None:
        raise _Faulty(f"{cell[:32]!r} is no status: draft, published, withdrawn.")
    return status


def _status_text(status: Status) -> str:
    """What waits in review is a draft to others, and stays where it is when it is read again."""
    return (Status.DRAFT if status is Status.IN_REVIEW else status).value


def _pairs(cell: str) -> dict[str, str]:
    """``colour=blue|size=L``, or a JSON object of texts."""
    cell = _text(cell)
    pairs = _json_pairs(cell) if cell.startswith("{") else _plain_pairs(cell)
    if len(pairs) > MOST_PAIRS:
        raise _Faulty(f"{MOST_PAIRS} pairs at most; this has {len(pairs)}.")
    for name, value in pairs.items():
        if not 0 < len(name) <= 40 or not 0 < len(value) <= 500:
            raise _Faulty(f"{name[:40]!r}: a name has 1 to 40 characters, a value 1 to 500.")
    return pairs


def _json_pairs(cell: str) -> dict[str, str]:
    try:
        found = json.loads(cell)
    except (ValueError, RecursionError) as error:
        raise _Faulty("Starts with { and is no JSON.") from error
    if not all(isinstance(value, str) for value in found.values()):
        raise _Faulty("Every value of the JSON object must be a text.")
    if any("\x00" in text or _is_half(text) for pair in found.items() for text in pair):
        raise _Faulty("A text holds a character that no store takes.")
    return {name.strip(): value.strip() for name, value in found.items() if value.strip()}


def _is_half(text: str) -> bool:
    return any("\ud800" <= one <= "\udfff" for one in text)


def _plain_pairs(cell: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in cell.split("|"):
        name, equals, value = (piece.strip() for piece in part.partition("="))
        if not equals:
            raise _Faulty(f"{part[:40]!r} is no pair; write name=value|name=value, or JSON.")
        if name in found:
            raise _Faulty(f"{name[:40]!r} stands twice.")
        found[name] = value
    return found


def _pairs_text(pairs: Mapping[str, str]) -> str:
    return json.dumps(dict(pairs), ensure_ascii=False) if pairs else ""


_READERS: Final[Mapping[str, Callable[[str], Any]]] = {
    "price": _price,
    "weight_g": _weight,
    "volume_cm3": _volume,
    "active": _yes_no,
    "status": _status,
    "attributes": _pairs,
    "options": _pairs,
    "images": _images,
}
