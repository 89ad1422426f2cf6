"""An order: what was promised, how far it got, and what may happen to it next."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from order_service.domain.errors import IllegalTransition
from order_service.domain.line import Line
from order_service.domain.track import NEXT, Track
from order_service.domain.units import Run, Units
from shop_events.values import Money, total


@dataclass(frozen=True, slots=True, kw_only=True)
class Freight:
    """A merchant's part of the shipping cost; settled or paid back once, as a whole (M9)."""

    merchant_id: str
    amount: Money
    done: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """An amount that belongs to a merchant, for a line or (``line_id`` None) for shipping."""

    merchant_id: str
    line_id: str | None
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A placed order. Its lines and prices never change; only what became of them does (O5, O6)."""

    id: str
    number: str
    account_id: str
    track: Track
    lines: tuple[Line, ...]
    freights: tuple[Freight, ...]
    currency: str
    payment_method: str
    on_delivery: bool
    placed_at: datetime
    pay_by: datetime
    cancel_reason: str | None = None
    delivery_method: str = ""
    traceable: bool = True  # the carrier tells where a parcel is
    promise_days: int | None = None  # how long it takes at most, from shipping
    receipt_extended_at: datetime | None = None

    @property
    def shipping(self) -> Money:
        """What shipping costs, all merchants together."""
        return total((freight.amount for freight in self.freights), self.currency)

    @property
    def total(self) -> Money:
        """What the buyer owes for the order as it was placed."""
        return total((line.payable for line in self.lines), self.currency) + self.shipping

    @property
    def all_cancelled(self) -> bool:
        """Whether not one unit will be delivered."""
        return all(line.cancelled == line.quantity for line in self.lines)

    @property
    def all_settled(self) -> bool:
        """Whether every unit was received or cancelled, and at least one received."""
        return not any(line.open for line in self.lines) and not self.all_cancelled

    @property
    def unanswered(self) -> tuple[str, ...]:
        """The lines with a unit that logistics has not answered a cancellation for."""
        return tuple(line.line_id for line in self.lines if line.answered < line.quantity)

    @property
    def awaits_completion(self) -> bool:
        """Whether nothing but the end of the return window is missing."""
        return self.track is Track.CONFIRMED and self.all_settled

    def to(self, wanted: Track, *, reason: str | None = None) -> Order:
        """This order at ``wanted``; ``reason`` says why it ends, or is asked to.

        Raises:
            IllegalTransition: the track does not lead there from here.
        """
        if wanted not in NEXT[self.track]:
            raise IllegalTransition(self.id, self.track, wanted, NEXT[self.track])
        why = None if wanted is Track.CONFIRMED else reason or self.cancel_reason
        return replace(self, track=wanted, cancel_reason=why)

    def cancel_units(self, units: Units) -> tuple[Order, tuple[Share, ...]]:
        """Without these units, and what has to be paid back for them.

        A merchant of whom nothing is left to deliver gives the shipping back too (M9).
        """
        changed, shares = self._each_line(units, Line.cancel)
        left = {line.merchant_id for line in changed.lines if line.cancelled < line.quantity}
        gone = {freight.merchant_id for freight in self.freights} - left
        return _with_freight(changed, shares, gone)

    def answer_units(self, units: Units) -> Order:
        """Logistics said of these units whether they can still be cancelled."""
        lines = tuple(line.answer(units.get(line.line_id, ())) for line in self.lines)
        return replace(self, lines=lines)

    def receive_units(self, units: Units) -> tuple[Order, tuple[Share, ...]]:
        """With these units received, and what each merchant earned with them."""
        changed, shares = self._each_line(units, Line.receive)
        return _with_freight(changed, shares, {share.merchant_id for share in shares})

    def _each_line(
        self, units: Units, do: Callable[[Line, Iterable[Run]], tuple[Line, Money]]
    ) -> tuple[Order, tuple[Share, ...]]:
        lines, shares = [], []
        for line in self.lines:
            changed, amount = do(line, units.get(line.line_id, ()))
            lines.append(changed)
            if changed != line:
                shares.append(
                    Share(merchant_id=line.merchant_id, line_id=line.line_id, amount=amount)
                )
        return replace(self, lines=tuple(lines)), tuple(shares)


def amount_of(shares: tuple[Share, ...], currency: str) -> Money:
    """What the shares sum to."""
    return total((share.amount for share in shares), currency)


def _with_freight(
    order: Order, shares: tuple[Share, ...], merchants: set[str]
) -> tuple[Order, tuple[Share, ...]]:
    due = [f for f in order.freights if f.merchant_id in merchants and not f.done]
    freights = tuple(replace(f, done=True) if f in due else f for f in order.freights)
    more = tuple(
        Share(merchant_id=f.merchant_id, line_id=None, amount=f.amount) for f in due if f.amount
    )
    return replace(order, freights=freights), shares + more
