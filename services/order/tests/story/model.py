"""What an order should be, in a few lines of plain Python: the oracle of `test_story`."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from shop_events import Event, Money
from shop_events.contracts.logistics import (
    FulfilmentCancellationRefused,
    FulfilmentCancelled,
    ParcelDelivered,
    ParcelLost,
    ParcelRefused,
    ParcelReturned,
    ShipmentLine,
    StockRejected,
    StockReserved,
)
from shop_events.contracts.payment import PaymentConfirmed, PaymentRefunded


class Expected:
    """One order, as the rules of DOMAIN.md have it; told what order was told, when it was told."""

    def __init__(
        self, quantities: dict[str, int], total: Money, *, on_delivery: bool, now: datetime
    ) -> None:
        self.quantities = Counter(quantities)
        self.total = total
        self.on_delivery = on_delivery
        self.now = now
        self.pay_by = now + timedelta(minutes=30)
        self.track = "placed"
        self.cancelled: Counter[str] = Counter()
        self.received: Counter[str] = Counter()
        self.answered: Counter[str] = Counter()
        self.paid: set[str] = set()  # payment ids that were told
        self.expected_payment: str | None = None
        self.heard: set[tuple[str, str]] = set()
        self.waiting: dict[str, tuple[Counter[str], datetime]] = {}  # delivered parcels
        self.over: set[str] = set()  # parcels that were received, or turned back
        self.refunds: set[str] = set()  # asked for
        self.refunded: set[str] = set()  # told to have come through
        self.complete_at: datetime | None = None

    def hear(self, event: Event) -> None:
        """What the fact makes of the order."""
        match event:
            case StockReserved() if self.track == "placed":
                free = self.on_delivery or not self.total
                self.track = "confirmed" if free else "awaiting_payment"
            case StockRejected() if self.track == "placed":
                self.track = "cancelled"
            case PaymentConfirmed():
                self._pay(event.payment_id, event.amount)
            case FulfilmentCancelled() if self._news("kept", event.fulfilment_id):
                self.cancelled += units_of(event.lines)
                self.answered += units_of(event.lines)
            case FulfilmentCancellationRefused() if self._news("refused", event.fulfilment_id):
                self.answered += units_of(event.lines)
            case ParcelDelivered() if event.parcel_id not in self.over:
                signed = min(event.signed_at, self.now)
                units = units_of(event.lines)
                self.waiting.setdefault(event.parcel_id, (units, signed + timedelta(days=10)))
            case ParcelRefused() | ParcelLost() | ParcelReturned():
                self._turn_back(event.parcel_id, units_of(event.lines))
            case PaymentRefunded():
                self.refunded.add(event.refund_id)
        self._go_on()

    def cancel(self) -> None:
        """The buyer asked to."""
        if self.track in ("placed", "awaiting_payment"):
            self.track = "cancelled"
        elif self.track == "confirmed" and not self._settled() and self.answered != self.quantities:
            self.track = "cancelling"

    def receive(self) -> None:
        """The buyer has all that was delivered."""
        for parcel_id in list(self.waiting):
            self._take(parcel_id)
        self._go_on()

    def advance(self, to: datetime) -> None:
        """Time passed."""
        self.now = to
        if self.complete_at is not None and self.complete_at <= to:
            self.track, self.complete_at = "completed", None
        if self.track in ("placed", "awaiting_payment") and self.pay_by <= to:
            self.track = "cancelled"
        for parcel_id, (_, due_at) in list(self.waiting.items()):
            if due_at <= to:
                self._take(parcel_id)
        self._go_on()

    def _pay(self, payment_id: str, amount: Money) -> None:
        known = payment_id in self.paid
        self.paid.add(payment_id)
        if not known and self.track == "awaiting_payment" and amount == self.total:
            self.track, self.expected_payment = "confirmed", payment_id

    def _turn_back(self, parcel_id: str, units: Counter[str]) -> None:
        self.waiting.pop(parcel_id, None)
        if parcel_id not in self.over:
            self.over.add(parcel_id)
            self.cancelled += units

    def _take(self, parcel_id: str) -> None:
        units, _ = self.waiting.pop(parcel_id)
        self.over.add(parcel_id)
        self.received += units

    def _go_on(self) -> None:
        nothing_left = self.cancelled == self.quantities
        if self.track == "confirmed" and nothing_left:
            self.track = "cancelling"
        if self.track == "cancelling":
            if nothing_left and self.refunds <= self.refunded:
                self.track = "cancelled"
            elif not nothing_left and self.answered == self.quantities:
                self.track = "confirmed"
        if self.track == "confirmed" and self._settled() and self.complete_at is None:
            self.complete_at = self.now + timedelta(days=7)

    def _settled(self) -> bool:
        return self.cancelled + self.received == self.quantities

    def _news(self, what: str, of: str) -> bool:
        known = (what, of) in self.heard
        self.heard.add((what, of))
        return not known


def units_of(lines: tuple[ShipmentLine, ...]) -> Counter[str]:
    """So many units by line id."""
    units: Counter[str] = Counter()
    for line in lines:
        units[line.line_id] += line.quantity
    return units
