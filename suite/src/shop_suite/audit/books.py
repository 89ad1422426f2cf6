"""I3 of EVENTS.md: order, payment and logistics say the same about every unit and every fen.

It reads the three databases with statements of its own and trusts none of the services' code.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, func, select

from logistics_service.store import tables as logistics
from order_service.store import tables as order
from payment_service.store import tables as payment
from shop_events import Database

TAKEN = ("captured", "partially_refunded", "refunded")
ENDS = ("cancelled", "completed")

Amounts = dict[str, int]  # minor units by order id
PerOrder = Select[str, int]  # an order's id, and a number
Total = Select[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """What the books of a whole town say; amounts in minor units of its one currency."""

    orders: int
    completed: int
    captured: int
    refunded: int
    cash: int
    shipped: int
    came_back: int


class Books:
    """The databases of order, payment and logistics, side by side."""

    def __init__(self, databases: Mapping[str, Database]) -> None:
        self._databases = databases

    def problems(self) -> Iterator[str]:
        """A sentence for each order whose three records disagree. Ask when it is quiet."""
        with self._databases["order"].read() as connection:
            orders = connection.execute(select(order.orders)).all()
            expected = _by_order(connection, _known_payments())
            undone = _by_order(connection, _refunds_of_orders("done"))
            units = _units_of_orders(connection)
            open_refunds = _by_order(connection, _refunds_of_orders("requested"))
        with self._databases["payment"].read() as connection:
            taken = _by_order(connection, _taken())
            given = _by_order(connection, _given_back())
            prepaid = _by_order(connection, _balance("customer_prepaid"))
            owed = _by_order(connection, _balance("cod_receivable"))
        with self._databases["logistics"].read() as connection:
            sent = _units_sent(connection)
            bound = _by_order(connection, _bound_units())
        for row in orders:
            money = taken.get(row.id, 0) - given.get(row.id, 0)
            if not row.on_delivery:
                yield from _compare_money(row, money, expected, undone)
            yield from _compare_units(row.id, units[row.id], sent)
            if row.track in ENDS:
                yield from _all_over(row, bound, open_refunds)
                yield from _nothing_owed(row, prepaid, owed)
        for order_id in (taken.keys() | bound.keys()) - {row.id for row in orders}:
            yield f"I2: money or goods are booked for {order_id}, which is no order."

    def unfinished(self) -> Iterator[str]:
        """A sentence for each order that has not come to an end (I5)."""
        query = select(order.orders.c.id, order.orders.c.track).where(
            order.orders.c.track.not_in(ENDS)
        )
        with self._databases["order"].read() as connection:
            for row in connection.execute(query):
                yield f"I5: the order {row.id} is still {row.track}."

    def sums(self) -> Sums:
        """What the whole town's books say."""
        with self._databases["order"].read() as connection:
            orders = _count(connection, select(func.count()).select_from(order.orders))
            completed = order.orders.c.track == "completed"
            kept = _count(connection, select(func.count()).where(completed))
        with self._databases["payment"].read() as connection:
            captured = _entries(connection, "captured:", debit=True)
            cash = _entries(connection, "cash", debit=True)
            refunded = _count(connection, _summed(_given_back().subquery().c.amount))
        with self._databases["logistics"].read() as connection:
            moved = logistics.movements.c
            shipped = _count(connection, _summed(moved.on_hand).where(moved.type == "shipped"))
            back = _count(connection, _summed(moved.on_hand).where(moved.type == "returned"))
        return Sums(
            orders=orders,
            completed=kept,
            captured=captured,
            refunded=refunded,
            cash=cash,
            shipped=-shipped,
            came_back=back,
        )


def _compare_money(row: Row[Any], money: int, expected: Amounts, undone: Amounts) -> Iterator[str]:
    order_id = str(row.id)
    wanted = expected.get(order_id, 0) - undone.get(order_id, 0)
    if money != wanted:
        yield f"I3: for {order_id} payment holds {money}, and order expects {wanted}."


def _compare_units(
    order_id: str, lines: Mapping[str, tuple[int, int, int]], sent: Mapping[tuple[str, str], int]
) -> Iterator[str]:
    for line_id, (quantity, cancelled, received) in lines.items():
        shipped = sent.get((order_id, line_id), 0)
        if shipped > quantity:
            yield f"I3: {shipped} of {quantity} units of {order_id}/{line_id} were shipped."
        if received > shipped or received + cancelled > quantity:
            yield f"I3: of {order_id}/{line_id} {received} are received and {cancelled} cancelled."


def _all_over(row: Row[Any], bound: Amounts, open_refunds: Amounts) -> Iterator[str]:
    order_id, track = str(row.id), row.track
    if bound.get(order_id):
        yield f"I3: {bound[order_id]} units are still bound to {order_id}, which is {track}."
    if open_refunds.get(order_id):
        yield f"I5: the order {order_id} is {track}, and a refund of it is still open."


def _nothing_owed(row: Row[Any], prepaid: Amounts, owed: Amounts) -> Iterator[str]:
    order_id, track = str(row.id), row.track
    if prepaid.get(order_id):
        yield f"I3: {-prepaid[order_id]} of {order_id}, which is {track}, belong to nobody yet."
    if owed.get(order_id):
        yield f"I3: {owed[order_id]} in cash are still owed for {order_id}, which is {track}."


def _by_order(connection: Connection, query: PerOrder) -> Amounts:
    return {order_id: int(amount) for order_id, amount in connection.execute(query)}


def _known_payments() -> PerOrder:
    """What order was told of, expected or not."""
    of = order.order_payments.c
    return select(of.order_id, func.sum(of.amount)).group_by(of.order_id)


def _refunds_of_orders(state: str) -> PerOrder:
    """What order was told of, whether it had asked for it or people did."""
    of = order.order_refunds.c
    amount = func.sum(func.coalesce(of.went_back, of.amount))
    return select(of.order_id, amount).where(of.state == state).group_by(of.order_id)


def _units_of_orders(connection: Connection) -> dict[str, dict[str, tuple[int, int, int]]]:
    found: dict[str, dict[str, tuple[int, int, int]]] = defaultdict(dict)
    for row in connection.execute(select(order.order_lines)):
        found[row.order_id][row.line_id] = (row.quantity, row.cancelled, row.received)
    return found


def _taken() -> PerOrder:
    of = payment.payments.c
    return select(of.order_id, func.sum(of.amount)).where(of.state.in_(TAKEN)).group_by(of.order_id)


def _given_back() -> PerOrder:
    of = payment.refunds.c
    return (
        select(of.order_id, func.sum(of.amount).label("amount"))
        .where(of.state == "succeeded", of.payment_id.is_not(None))
        .group_by(of.order_id)
    )


def _balance(account: str) -> PerOrder:
    entries, postings = payment.entries.c, payment.postings.c
    return (
        select(postings.order_id, func.sum(entries.amount))
        .join_from(payment.entries, payment.postings, entries.posting_id == postings.id)
        .where(entries.account == account)
        .group_by(postings.order_id)
    )


def _units_sent(connection: Connection) -> dict[tuple[str, str], int]:
    parcels, lines = logistics.parcels.c, logistics.parcel_lines.c
    query = (
        select(parcels.order_id, lines.line_id, func.sum(lines.quantity))
        .join_from(logistics.parcels, logistics.parcel_lines, parcels.id == lines.parcel_id)
        .where(parcels.state.not_in(("created", "packed", "cancelled")))
        .group_by(parcels.order_id, lines.line_id)
    )
    return {(order_id, line_id): int(n) for order_id, line_id, n in connection.execute(query)}


def _bound_units() -> PerOrder:
    """Units held or allocated for an order: neither shipped nor released."""
    of = logistics.reservations.c
    bound = func.sum(of.quantity - of.consumed - of.released)
    return select(of.order_id, bound).group_by(of.order_id)


def _entries(connection: Connection, cause: str, *, debit: bool) -> int:
    entries, postings = payment.entries.c, payment.postings.c
    side = entries.amount > 0 if debit else entries.amount < 0
    query = (
        _summed(entries.amount)
        .join_from(payment.entries, payment.postings, entries.posting_id == postings.id)
        .where(postings.cause.startswith(cause), side)
    )
    return _count(connection, query)


def _summed(column: ColumnElement[Any]) -> Total:
    return select(func.coalesce(func.sum(column), 0))


def _count(connection: Connection, query: Total) -> int:
    return int(connection.execute(query).scalar_one())
