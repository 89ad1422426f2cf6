"""Whether order's books are in order, judged by its own database alone.

    with database.read() as connection:
        found = list(problems(connection, now=clock.now()))     # empty: all is well

`facts` gives each order in plain values, to be compared with what payment and logistics wrote down.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from order_service.domain.line import Line
from order_service.domain.order import Order
from order_service.domain.parcel import Parcel, ParcelState, unsent
from order_service.domain.payment import Payment
from order_service.domain.refund import Refund, is_awaited
from order_service.domain.track import UNCONFIRMED, UNDER_WAY, Track
from order_service.store import coupon_books, orders, parcels, payments, refunds, waits
from order_service.usecases import times
from shop_events.sql import Connection
from shop_events.values import Money, total

AT_ONCE: Final = 500
# A handler that fails is tried again after ten minutes at the latest (shop_events.deadlines).
LATE_AFTER: Final = timedelta(minutes=15)

Waits = dict[tuple[str, str], datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitFacts:
    """What became of the units of a line."""

    quantity: int
    cancelled: int
    received: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFacts:
    """An order for whoever compares it with other services' books."""

    order_id: str
    account_id: str
    track: str
    cancel_reason: str | None
    currency: str
    total: Money
    on_delivery: bool
    expected: dict[str, Money]  # by payment id
    unexpected: dict[str, Money]  # by payment id
    refunds_done: dict[str, Money]  # by refund id; asked for by this order
    refunds_open: dict[str, Money]
    refunds_of_others: dict[str, Money]
    units: dict[str, UnitFacts]  # by line id


@dataclass(frozen=True, slots=True, kw_only=True)
class _Book:
    """One order with all that is written about it."""

    order: Order
    paid: list[Payment]
    back: list[Refund]
    sent: list[Parcel]
    waits: Waits

    @property
    def expected(self) -> list[Payment]:
        """The money it waited for."""
        return [payment for payment in self.paid if payment.expected]

    @property
    def ours(self) -> list[Refund]:
        """The refunds the order asked for itself."""
        return [refund for refund in self.back if refund.ours]


def facts(connection: Connection) -> Iterator[OrderFacts]:
    """Every order, the oldest first."""
    for book in _books(connection):
        order = book.order
        yield OrderFacts(
            order_id=order.id,
            account_id=order.account_id,
            track=order.track,
            cancel_reason=order.cancel_reason,
            currency=order.currency,
            total=order.total,
            on_delivery=order.on_delivery,
            expected={one.id: one.amount for one in book.expected},
            unexpected={one.id: one.amount for one in book.paid if not one.expected},
            refunds_done={one.id: one.amount for one in book.ours if one.amount and not one.open},
            refunds_open={one.id: one.amount for one in book.ours if one.open},
            refunds_of_others={one.id: one.amount for one in book.back if not one.ours},
            units={line.line_id: _units(line) for line in order.lines},
        )


def problems(connection: Connection, *, now: datetime) -> Iterator[str]:
    """A sentence for each thing that must not be, ``now`` being the shop's present instant."""
    for book in _books(connection):
        for complaint in (*_units_wrong(book), *_money_wrong(book), *_waits_wrong(book, now)):
            yield f"Order {book.order.id} ({book.order.track}): {complaint}"
    yield from _coupons_wrong(connection)


def _coupons_wrong(connection: Connection) -> Iterator[str]:
    for promotion_id, counted, there in coupon_books.wrong_counts(connection):
        yield f"Promotion {promotion_id} counts {counted} claims and has {there} coupons."
    for coupon_id, state, track in coupon_books.in_wrong_state(connection):
        yield f"Coupon {coupon_id} is {state}, and its order is {track}."


def _units_wrong(book: _Book) -> Iterator[str]:
    order = book.order
    for line in order.lines:
        if not 0 <= line.cancelled + line.received <= line.quantity:
            yield f"line {line.line_id} has {line.quantity} units and {_units(line)}."
    if order.track is Track.COMPLETED and not order.all_settled:
        yield "completed, but not every unit was received or cancelled."
    touched = any(line.cancelled or line.received for line in order.lines)
    if order.track is Track.CANCELLED and touched and not order.all_cancelled:
        yield "cancelled, but a unit of it was not."
    if order.track in UNCONFIRMED and touched:
        yield "not confirmed, but units of it were cancelled or received."


def _money_wrong(book: _Book) -> Iterator[str]:
    order = book.order
    expected = total((one.amount for one in book.expected), order.currency)
    due = order.total if _is_prepaid(order) else Money.zero(order.currency)
    if expected != due or len(book.expected) > 1:
        yield f"{len(book.expected)} expected payments of {expected}, and {due} was due."
    asked = total((one.amount for one in book.ours), order.currency)
    if asked > (order.total if order.on_delivery else expected):
        yield f"refunds of {asked} were asked for, and {expected} was paid."
    if asked > _given_up(order):
        yield f"refunds of {asked} for units and shipping of {_given_up(order)}."
    others = total((one.amount for one in book.back if not one.ours), order.currency)
    less = total((one.amount - one.given_back for one in book.ours), order.currency)
    if less > others:
        yield f"{less} less went back than was asked for, and people paid {others} back by hand."
    if order.track is Track.CANCELLED and is_awaited(book.back, book.paid):
        yield "cancelled, but it waits for a refund."


def _is_prepaid(order: Order) -> bool:
    """Whether it must have been paid: it is confirmed, or was before it was cancelled."""
    confirmed = order.track not in UNCONFIRMED
    never = order.track is Track.CANCELLED and not order.all_cancelled
    return confirmed and not never and not order.on_delivery


def _given_up(order: Order) -> Money:
    """What the units that ended cost at most, and the shipping that was settled or paid back.

    The odd fen lie with the first numbers, so no other units of a line cost more than those.
    """
    lines = (
        line.payable.of_units(line.quantity, start=0, count=line.cancelled + line.received)
        for line in order.lines
        if line.cancelled
    )
    freights = (freight.amount for freight in order.freights if freight.done)
    return total(lines, order.currency) + total(freights, order.currency)


def _waits_wrong(book: _Book, now: datetime) -> Iterator[str]:
    for kind, key in _must_wait(book):
        if (kind, key) not in book.waits:
            yield f"it has no deadline {kind} for {key}, and would stay as it is for ever."
    for (kind, key), due_at in book.waits.items():
        if due_at < now - LATE_AFTER:
            yield f"its deadline {kind} for {key} was due at {due_at:%Y-%m-%d %H:%M:%S}."


def _must_wait(book: _Book) -> Iterator[tuple[str, str]]:
    order = book.order
    if order.track in UNCONFIRMED:
        yield times.PAY_BY, order.id
    if order.track is Track.CONFIRMED and unsent(order, book.sent):
        yield times.SHIP_BY, order.id
    if order.track is Track.CANCELLING:
        yield times.CANCELLATION_OPEN, order.id
    if order.awaits_completion:
        yield times.RETURN_WINDOW_OVER, order.id
    if order.track in UNDER_WAY:
        for parcel in book.sent:
            silent = parcel.state is ParcelState.SHIPPED and not order.traceable
            if parcel.state is ParcelState.DELIVERED or silent:
                yield times.AUTO_RECEIPT, parcel.id


def _books(connection: Connection) -> Iterator[_Book]:
    found = orders.all_after(connection, "", at_most=AT_ONCE)
    yield from _read(connection, found)
    while len(found) == AT_ONCE:
        found = orders.all_after(connection, found[-1].id, at_most=AT_ONCE)
        yield from _read(connection, found)


def _read(connection: Connection, found: list[Order]) -> Iterator[_Book]:
    if not found:
        return
    ids = [order.id for order in found]
    paid, sent = payments.of_orders(connection, ids), parcels.of_orders(connection, ids)
    back = refunds.of_orders(connection, {order.id: order.currency for order in found})
    keys = ids + [parcel.id for parcels_of_one in sent.values() for parcel in parcels_of_one]
    known = waits.set_for(connection, keys)
    for order in found:
        ours = [order.id, *(parcel.id for parcel in sent[order.id])]
        yield _Book(
            order=order,
            paid=paid[order.id],
            back=back[order.id],
            sent=sent[order.id],
            waits={(kind, key): due for key in ours for kind, due in known[key]},
        )


def _units(line: Line) -> UnitFacts:
    return UnitFacts(quantity=line.quantity, cancelled=line.cancelled, received=line.received)
