"""Drives the road with real purchases, on a clock that follows their dates.

What must come out is worked out from the file and the rule alone (`expected`), so that the
checker can compare it with what the services say, to the cent.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Final, Protocol

from shop_suite.audit.books import Sums
from shop_suite.caller import Refused
from shop_suite.purchases import Fate, Purchase, all_skus, merchant_of
from shop_suite.road import GOOD_CARD, Road, Wanted

DECLINED_CARD: Final = "tok_declined"
SILENT_CARD: Final = "tok_silent"
STOCK_PER_SKU: Final = 1_000_000
UNTIL_THE_BANK_IS_ASKED: Final = timedelta(seconds=20)  # payment asks after fifteen

# Where to stop while time passes: unpaid orders expire, receipts are taken for granted after ten
# days, and the return window is over seven days later.
STOPS: Final = (timedelta(hours=1), timedelta(days=11), timedelta(days=8), timedelta(days=8))


class MovableClock(Protocol):
    """A clock that the whole town shares and that can be set."""

    def now(self) -> datetime:
        """The present instant."""

    def set(self, at: datetime) -> None:
        """Have it be ``at`` now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Walked:
    """One purchase that became an order."""

    purchase: Purchase
    order_id: str
    took_s: float


@dataclass(kw_only=True)
class Replay:
    """The purchases walked so far."""

    road: Road
    clock: MovableClock
    people: int = 4  # how many walk at once
    walked: list[Walked] = field(default_factory=list)

    def stock(self) -> None:
        """Fill the warehouse."""
        for sku_id in all_skus():
            self.road.receive_stock(sku_id, merchant_of(sku_id), STOCK_PER_SKU)

    def run(self, purchases: Sequence[Purchase], *, tell: Callable[[str], None]) -> None:
        """Walk them day by day. Within a day, several people walk side by side."""
        with ThreadPoolExecutor(self.people) as people:
            for day, of_day in groupby(purchases, key=lambda one: one.day):
                noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
                self.clock.set(max(noon, self.clock.now()))
                self.walked += people.map(self.walk, of_day)
                tell(f"{day}  {len(self.walked):>6} of {len(purchases)} orders")

    def walk(self, purchase: Purchase) -> Walked:
        """One purchase from the quote to wherever its fate takes it."""
        started = time.monotonic()
        order_id = _Walk(self.road, self.clock, purchase).go()
        return Walked(purchase=purchase, order_id=order_id, took_s=time.monotonic() - started)

    def let_time_pass(self, settle: Callable[[], None]) -> None:
        """Move to where no order waits for anything; ``settle`` returns when the town is quiet."""
        settle()
        for stop in STOPS:
            self.clock.set(self.clock.now() + stop)
            settle()


class _Walk:
    """One buyer's way."""

    def __init__(self, road: Road, clock: MovableClock, purchase: Purchase) -> None:
        self._road = road
        self._clock = clock
        self._bought = purchase
        self._buyer = f"customer-{purchase.customer}"

    def go(self) -> str:
        """Walk; the order's id."""
        on_delivery = self._bought.fate in (Fate.CASH, Fate.CASH_REFUSED)
        order = self._place("cash_on_delivery" if on_delivery else "card")
        order_id = str(order["id"])
        if self._bought.fate is Fate.CANCELLED_EARLY:
            self._road.cancel(self._buyer, order_id)
            return order_id
        if order["status"] == "awaiting_payment" and not self._pay(order_id):
            return order_id
        self._deliver(order_id)
        return order_id

    def _place(self, method: str) -> dict[str, object]:
        bought = self._bought
        line = Wanted(
            sku_id=bought.sku_id,
            merchant_id=bought.merchant_id,
            quantity=bought.quantity,
            unit_price=bought.unit_price,
        )
        quote = self._road.quote(self._buyer, [line], discount=bought.discount)
        return self._road.place(self._buyer, quote, method=method)

    def _pay(self, order_id: str) -> bool:
        fate = self._bought.fate
        if fate in (Fate.SECOND_CARD, Fate.NEVER_PAID):
            self._road.pay(self._buyer, order_id, card=DECLINED_CARD)
        if fate is Fate.NEVER_PAID:
            return False
        card = SILENT_CARD if fate is Fate.SILENT_BANK else GOOD_CARD
        self._road.pay(self._buyer, order_id, card=card)
        if fate is Fate.SILENT_BANK:
            self._clock.set(self._clock.now() + UNTIL_THE_BANK_IS_ASKED)
        return True

    def _deliver(self, order_id: str) -> None:
        fate = self._bought.fate
        (fulfilment,) = self._road.fulfilments(self._buyer, order_id)
        if fate is Fate.CANCELLED_PAID:
            self._road.cancel(self._buyer, order_id)
            return
        waybill = self._road.ship(self._bought.merchant_id, fulfilment["id"])
        if fate is Fate.CANCELLED_LATE:
            self._cancel_in_vain(order_id)
        if fate in (Fate.CASH_REFUSED, Fate.DOOR_REFUSED):
            for state in ("refused", "returned_to_sender"):
                self._road.trace(waybill, state)
            return
        self._road.trace(waybill, "signed")
        if fate is not Fate.LEFT_TO_TIME:
            self._road.receive(self._buyer, order_id)

    def _cancel_in_vain(self, order_id: str) -> None:
        try:
            self._road.cancel(self._buyer, order_id)
        except Refused as refused:
            if refused.code != "order_not_cancellable":
                raise


_PAID_BY_CARD: Final = frozenset(
    {
        Fate.KEPT,
        Fate.LEFT_TO_TIME,
        Fate.SECOND_CARD,
        Fate.SILENT_BANK,
        Fate.CANCELLED_PAID,
        Fate.CANCELLED_LATE,
        Fate.DOOR_REFUSED,
    }
)
_REFUNDED: Final = frozenset({Fate.CANCELLED_PAID, Fate.DOOR_REFUSED})
_SENT_AND_BACK: Final = frozenset({Fate.CASH_REFUSED, Fate.DOOR_REFUSED})
_COMPLETED: Final = _PAID_BY_CARD - _REFUNDED | {Fate.CASH}


def expected(purchases: Iterable[Purchase]) -> Sums:
    """What must come out, from the file and the rule alone."""
    all_of_them = list(purchases)
    sent = _COMPLETED | _SENT_AND_BACK

    def amount(fates: frozenset[Fate]) -> int:
        return sum(one.amount.minor for one in all_of_them if one.fate in fates)

    def units(fates: frozenset[Fate]) -> int:
        return sum(one.quantity for one in all_of_them if one.fate in fates)

    return Sums(
        orders=len(all_of_them),
        completed=sum(one.fate in _COMPLETED for one in all_of_them),
        captured=amount(_PAID_BY_CARD),
        refunded=amount(_REFUNDED),
        cash=amount(frozenset({Fate.CASH})),
        shipped=units(sent),
        came_back=units(_SENT_AND_BACK),
    )
