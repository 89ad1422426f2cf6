import threading
from collections.abc import Callable, Sequence

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError, IntegrityError

from chassis.testing import Bench
from logistics_service.domain.stock import DEFAULT_WAREHOUSE, Movement, MovementType
from logistics_service.store import stock
from logistics_service.store.tables import movements
from logistics_service.testing import MUG, AnOrder
from services.logistics.tests.town import Town
from shop_events.contracts.logistics import StockRejected, StockReserved

RIVALS = 200
CROWD = 1_000
LAST = 7
HANDS = 8


@pytest.mark.parametrize("statement", ["UPDATE movements SET on_hand = 0", "DELETE FROM movements"])
def test_s2_a_movement_is_never_changed(town: Town, statement: str) -> None:
    town.stocks(5)

    with (
        pytest.raises(DatabaseError, match="append-only"),
        town.bench.database.begin() as tx,
    ):
        tx.connection.execute(text(statement))


def test_one_cause_moves_a_sku_once_per_type(town: Town) -> None:
    town.stocks(5)
    movement = Movement(
        type=MovementType.HELD,
        sku_id=MUG,
        warehouse_id=DEFAULT_WAREHOUSE,
        quantity=1,
        cause="order:o-1",
    )

    with pytest.raises(IntegrityError), town.bench.database.begin() as tx:
        stock.move(tx.connection, movement, tx.now)
        stock.move(tx.connection, movement, tx.now)


def test_s4_the_database_itself_refuses_to_promise_what_is_not_there(town: Town) -> None:
    town.stocks(5)

    with pytest.raises(IntegrityError), town.bench.database.begin() as tx:
        tx.connection.execute(text("UPDATE stock_levels SET held = 6"))


def test_safety_stock_is_not_sold(town: Town) -> None:
    town.stocks(5)
    town.mo.patch(f"/stock/{MUG}", {"safety": 5})

    town.hears(AnOrder().placed())

    assert town.level().available == 0
    assert len(town.said(StockRejected)) == 1


def test_row_57_of_two_hundred_who_want_the_last_unit_exactly_one_gets_it(town: Town) -> None:
    town.stocks(1)
    placed = [AnOrder(f"o-{number}").placed() for number in range(RIVALS)]

    everyone_at_once(town.bench, placed)

    assert len(town.said(StockReserved)) == 1
    assert len(town.said(StockRejected)) == RIVALS - 1
    assert town.counters() == (1, 1, 0)
    with town.bench.database.read() as connection:
        held = select(func.count()).where(movements.c.type == "held")
        assert connection.execute(held).scalar_one() == 1


def test_row_57_a_thousand_holds_of_the_last_units_are_as_many_as_there_are(town: Town) -> None:
    """The conditional write alone decides: each is a transaction, and nobody looks first."""
    town.stocks(LAST)
    database, holding = town.bench.database, []

    def hold(number: int) -> None:
        with database.begin() as tx:
            if stock.move(tx.connection, one_unit("held", number), tx.now) is not None:
                holding.append(number)

    from_all_hands(hold, range(CROWD))

    assert len(holding) == LAST
    assert town.counters() == (LAST, LAST, 0)
    with database.begin() as tx:  # no order is behind them, which the auditor would not like
        assert all(stock.move(tx.connection, one_unit("released", n), tx.now) for n in holding)


def one_unit(kind: str, number: int) -> Movement:
    return Movement(
        type=MovementType(kind),
        sku_id=MUG,
        warehouse_id=DEFAULT_WAREHOUSE,
        quantity=1,
        cause=f"order:o-{number}",
    )


def everyone_at_once(bench: Bench, events: list) -> None:
    """Hand the events over from several threads that start together."""
    from_all_hands(bench.hears, events)


def from_all_hands(act: Callable, things: Sequence) -> None:
    """Do it to each of them, from several threads that start together."""
    barrier = threading.Barrier(HANDS)
    failures: list[BaseException] = []

    def do(mine: Sequence) -> None:
        barrier.wait(timeout=10)
        try:
            for thing in mine:
                act(thing)
        except BaseException as error:  # noqa: BLE001 - told to the test below
            failures.append(error)

    threads = [threading.Thread(target=do, args=(things[hand::HANDS],)) for hand in range(HANDS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not failures
    assert not any(thread.is_alive() for thread in threads)
