"""Two who want the opposite of each other at the same moment."""

import threading

import pytest
import sqlalchemy as sa

from logistics_service.domain.stock import DEFAULT_WAREHOUSE
from logistics_service.store import orders, stock
from logistics_service.testing import LIN, MUG, TEA, AnOrder, a_line
from services.logistics.tests.town import Town, at_once
from shop_events import Database
from shop_events.contracts.logistics import (
    FulfilmentCancellationRefused,
    FulfilmentCancelled,
    ParcelShipped,
)
from tests.support import eventually

ORDERS = 8


def test_a_fulfilment_is_shipped_or_cancelled_and_never_both(town: Town) -> None:
    town.stocks(ORDERS)
    for number in range(ORDERS):
        order = AnOrder(f"o-{number}")
        town.hears(order.placed(), order.confirmed())
        ship = f"/shipments/{town.fulfilment(order.id).id}/ship"

        at_once(
            lambda order=order: town.hears(order.cancellation_requested()),
            lambda ship=ship: town.mo.post(ship, {"carrier": "swift"}),
        )

    shipped = {one.order_id for one in town.said(ParcelShipped)}
    refused = {one.order_id for one in town.said(FulfilmentCancellationRefused)}
    cancelled = {one.order_id for one in town.said(FulfilmentCancelled)}
    assert shipped == refused
    assert shipped.isdisjoint(cancelled)
    assert len(shipped | cancelled) == ORDERS
    assert town.counters() == (ORDERS - len(shipped), 0, 0)


def test_a_replay_from_many_sides_at_once_is_one_trace(town: Town) -> None:
    town.stocks(1)
    order = AnOrder()
    town.hears(order.placed(), order.confirmed())
    push = town.push(town.ships(), "signed")
    news: list[bool] = []

    def replay() -> None:
        news.extend(town.pushes(push).json["new"] for _ in range(10))

    at_once(*[replay] * 10)

    assert sorted(news) == [False] * 99 + [True]


def test_a_parcel_shipped_from_two_sides_at_once_leaves_once(town: Town) -> None:
    town.stocks(1)
    order = AnOrder()
    town.hears(order.placed(), order.confirmed())
    shipment = town.fulfilment().id
    codes: list[int] = []

    def ship() -> None:
        answer = town.mo.post(f"/shipments/{shipment}/ship", {"carrier": "swift"})
        codes.append(answer.status_code)

    at_once(ship, ship, ship)

    assert codes == [200, 200, 200]
    assert len(town.said(ParcelShipped)) == 1
    assert town.counters() == (0, 0, 0)


def test_an_order_is_released_or_goes_on_whatever_comes_at_the_same_moment(town: Town) -> None:
    town.stocks(ORDERS)
    for number in range(ORDERS):
        order = AnOrder(f"o-{number}")
        town.hears(order.placed())

        at_once(
            lambda order=order: town.hears(order.cancelled()),
            lambda order=order: town.hears(order.confirmed()),
        )

        with town.bench.database.read() as connection:
            known = orders.get(connection, order.id)
        assert known is not None
        assert (known.cancelled, known.confirmed) == (True, True)
    assert town.counters() == (ORDERS, 0, 0)


@pytest.mark.parametrize("happens", ["confirmed", "cancellation_requested", "cancelled"])
def test_goods_of_several_merchants_are_locked_in_the_order_of_their_ids(
    town: Town, happens: str
) -> None:
    """Lin's tea moves before Mo's mugs; who holds the mugs and wants tea must not wait for that."""
    database = town.bench.database
    if not database.is_postgres:
        return  # one writer at a time: nobody ever holds one thing and waits for another
    town.stocks(1, MUG)
    town.stocks(1, TEA, of=LIN)
    order = AnOrder("o-1", a_line("1", MUG), a_line("2", TEA, of=LIN))
    town.hears(order.placed())
    if happens != "confirmed":
        town.hears(order.confirmed())
    moving = threading.Thread(target=lambda: town.hears(getattr(order, happens)()))

    with database.begin() as tx:
        stock.lock(tx.connection, [MUG], DEFAULT_WAREHOUSE)
        moving.start()
        eventually(lambda: waits_for_a_lock(database))
        tx.connection.execute(sa.text("SET LOCAL lock_timeout = '500ms'"))
        stock.lock(tx.connection, [TEA], DEFAULT_WAREHOUSE)
    moving.join(10)

    assert not moving.is_alive()
    assert town.counters(TEA) == town.counters(MUG)


def waits_for_a_lock(database: Database) -> bool:
    query = sa.text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    with database.read() as connection:
        return bool(connection.execute(query).scalar_one())
