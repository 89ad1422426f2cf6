"""Reads a carrier's bill: CSV in UTF-8 with the columns waybill, amount and currency.

It is money, so nothing is guessed: one wrong cell refuses the whole bill, and every wrong cell is
told by its row (the first row, which names the columns, is row 1) and its column.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from typing import Final

from payment_service.domain.errors import BillUnreadable
from payment_service.domain.remittance import BillLine
from shop_events.values import LARGEST_MINOR, Money, NotMoney

COLUMNS: Final = ("waybill", "amount", "currency")
MOST_ROWS: Final = 5_000
MOST_FAULTS: Final = 50  # who sent the wrong file needs no longer list
_MOST_MINOR: Final = LARGEST_MINOR // MOST_ROWS  # so that the sum of a bill is an amount, too
_BOM: Final = b"\xef\xbb\xbf"
_WAYBILL: Final = re.compile(r"[A-Za-z0-9-]{1,64}", re.ASCII)  # as logistics takes them
# OWASP, "CSV Injection": spreadsheets take a cell that starts so for a formula and run it.
_FORMULA: Final = ("=", "+", "-", "@", "\t")

Faults = dict[str, list[str]]  # sentences, by ``rows.2.amount``
Cells = Mapping[str, str]  # by column


def read_bill(content: bytes) -> tuple[BillLine, ...]:
    """The lines of a bill, in its order; each above zero, all in one currency.

    Raises:
        BillUnreadable: something in it is wrong; each wrong cell is told.
    """
    faults: Faults = {}
    found: list[BillLine] = []
    rows: dict[str, int] = {}  # by waybill
    for number, cells in _rows(content, faults):
        line = _line(number, cells, faults)
        if line is None:
            continue
        if line.waybill in rows:
            sentence = f"{line.waybill} is in row {rows[line.waybill]} already."
            _fault(faults, number, "waybill", sentence)
        elif found and line.amount.currency != found[0].amount.currency:
            sentence = f"A bill has one currency, and it began with {found[0].amount.currency}."
            _fault(faults, number, "currency", sentence)
        rows.setdefault(line.waybill, number)
        found.append(line)
    if not found and not faults:
        _fault(faults, 2, "waybill", "The bill has no row of a parcel.")
    if faults:
        raise BillUnreadable(dict(list(faults.items())[:MOST_FAULTS]))
    return tuple(found)


def _rows(content: bytes, faults: Faults) -> Iterator[tuple[int, Cells]]:
    """The rows that could be read, with their numbers; blank ones are passed over."""
    lines = content.removeprefix(_BOM).split(b"\n")
    header = tuple(cell.lower() for cell in _cells(1, lines[0], faults) or ())
    if not faults and sorted(header) != sorted(COLUMNS):
        _fault(faults, 1, "", f"The first row names the columns {', '.join(COLUMNS)}, each once.")
    if len(lines) > MOST_ROWS + 2:  # the header, and what follows the last line's end
        _fault(faults, MOST_ROWS + 2, "", f"A bill has {MOST_ROWS} rows at most; split it.")
    if faults:
        return
    for number, line in enumerate(lines[1:], start=2):
        cells = _cells(number, line, faults) if line.strip() else None
        if cells and len(cells) != len(header):
            _fault(faults, number, "", f"The row has {len(cells)} cells, not {len(header)}.")
        elif cells:
            yield number, dict(zip(header, cells, strict=True))


def _cells(number: int, line: bytes, faults: Faults) -> tuple[str, ...] | None:
    try:
        text = line.decode("utf-8").removesuffix("\r")
        (row,) = csv.reader([text], strict=True)
    except UnicodeDecodeError as error:
        column = COLUMNS[min(line.count(b",", 0, error.start), len(COLUMNS) - 1)]
        sentence = "This is not UTF-8; save the bill as “CSV UTF-8”, not as GBK."
        _fault(faults, number, column, sentence)
    except (csv.Error, ValueError) as error:
        _fault(faults, number, "", f"The row cannot be read as CSV: {error}.")
    else:
        return tuple(cell.strip(" ") for cell in row)
    return None


def _line(number: int, cells: Cells, faults: Faults) -> BillLine | None:
    formulas = [column for column in COLUMNS if cells[column].startswith(_FORMULA)]
    for column in formulas:
        sign = cells[column][0]
        _fault(faults, number, column, f"Starts with {sign!r}, as a formula or a debt does.")
    if formulas:
        return None
    if not _WAYBILL.fullmatch(cells["waybill"]):
        _fault(faults, number, "waybill", "A waybill has 1 to 64 letters, digits and hyphens.")
        return None
    amount = _amount(number, cells, faults)
    return None if amount is None else BillLine(waybill=cells["waybill"], amount=amount)


def _amount(number: int, cells: Cells, faults: Faults) -> Money | None:
    try:
        Money.zero(cells["currency"])
    except NotMoney as error:
        _fault(faults, number, "currency", str(error)[:200])
        return None
    try:
        amount = Money.of(cells["amount"], cells["currency"])
    except NotMoney as error:
        _fault(faults, number, "amount", str(error))
        return None
    if not 0 < amount.minor <= _MOST_MINOR:
        _fault(faults, number, "amount", "This is nothing, or more than a parcel brings.")
        return None
    return amount


def _fault(faults: Faults, number: int, column: str, sentence: str) -> None:
    where = f"rows.{number}.{column}" if column else f"rows.{number}"
    faults.setdefault(where, []).append(sentence)
