from sqlalchemy import select

from logistics_service.testing import LIN, MUG, POT, TEA, AnOrder, a_line
from logistics_service.usecases.times import HOLD_OVERDUE
from services.logistics.tests.town import Town
from shop_events.contracts.logistics import (
    Shortage,
    StockBand,
    StockLevelChanged,
    StockRejected,
    StockReserved,
)
from shop_events.tables import deadlines


def test_a_placed_order_holds_its_goods(town: Town) -> None:
    town.stocks(5)

    town.hears(AnOrder("o-1", a_line("1", quantity=2)).placed())

    assert town.counters() == (5, 2, 0)
    assert town.said(StockReserved) == [StockReserved(order_id="o-1")]


def test_an_order_told_twice_holds_once(town: Town) -> None:
    town.stocks(5)
    order = AnOrder("o-1", a_line("1", quantity=2))

    town.hears(order.placed(), order.placed())

    assert town.counters() == (5, 2, 0)
    assert len(town.said(StockReserved)) == 1


def test_all_lines_are_held_or_none(town: Town) -> None:
    town.stocks(5)
    town.stocks(1, POT)

    town.hears(AnOrder("o-1", a_line("1", quantity=2), a_line("2", POT, quantity=3)).placed())

    assert town.counters(MUG) == (5, 0, 0)
    assert town.counters(POT) == (1, 0, 0)
    (rejected,) = town.said(StockRejected)
    assert rejected.shortages == (Shortage(sku_id=POT, wanted=3, available=1),)
    assert town.said(StockReserved) == []


def test_s5_lines_of_one_sku_are_summed_before_the_check(town: Town) -> None:
    town.stocks(5)

    town.hears(AnOrder("o-1", a_line("1", quantity=3), a_line("2", quantity=3)).placed())

    (rejected,) = town.said(StockRejected)
    assert rejected.shortages == (Shortage(sku_id=MUG, wanted=6, available=5),)


def test_a_sku_that_nobody_ever_received_is_short(town: Town) -> None:
    town.hears(AnOrder("o-1", a_line("1", "sku-unknown")).placed())

    (rejected,) = town.said(StockRejected)
    assert rejected.shortages == (Shortage(sku_id="sku-unknown", wanted=1, available=0),)


def test_an_order_that_was_cancelled_first_reserves_nothing_and_says_nothing(town: Town) -> None:
    town.stocks(5)
    order = AnOrder()

    town.hears(order.cancelled(), order.placed())

    assert town.counters() == (5, 0, 0)
    assert town.said(StockReserved) == []
    assert town.said(StockRejected) == []


def test_a_cancelled_order_gives_its_hold_back_once(town: Town) -> None:
    town.stocks(5)
    order = AnOrder()

    town.hears(order.placed(), order.cancelled(), order.cancelled())

    assert town.counters() == (5, 0, 0)


def test_every_change_tells_the_level_with_a_growing_version(town: Town) -> None:
    town.stocks(7)
    town.hears(AnOrder("o-1", a_line("1", quantity=4)).placed())
    town.hears(AnOrder("o-2", a_line("1", quantity=3)).placed())

    told = town.said(StockLevelChanged)

    assert [(one.available, one.band) for one in told] == [
        (7, StockBand.PLENTY),
        (3, StockBand.LOW),
        (0, StockBand.NONE),
    ]
    assert [one.version for one in told] == [1, 2, 3]


def test_row_57_a_hold_is_never_ended_by_time_alone(town: Town) -> None:
    town.stocks(5)
    town.hears(AnOrder().placed())

    town.bench.advance(3600)

    assert town.counters() == (5, 1, 0)


def test_a_hold_past_its_time_raises_an_alarm(town: Town, caplog) -> None:
    town.stocks(5)
    town.hears(AnOrder().placed())

    town.bench.advance(39 * 60)
    early = list(caplog.messages)
    town.bench.advance(60)

    assert early == []
    assert caplog.messages == ["The order o-1 still holds goods, past its time to be paid."]


def test_a_hold_that_ended_in_time_raises_no_alarm(town: Town, caplog) -> None:
    town.stocks(5)
    order, other = AnOrder("o-1"), AnOrder("o-2")
    town.hears(order.placed(), other.placed(), order.cancelled(), other.confirmed())

    town.bench.advance(2 * 3600)

    assert caplog.messages == []


def test_nobody_watches_a_hold_that_ended(town: Town) -> None:
    town.stocks(5)
    order, other = AnOrder("o-1"), AnOrder("o-2")

    town.hears(order.placed(), other.placed(), order.cancelled(), other.confirmed())

    with town.bench.database.read() as connection:
        watched = select(deadlines.c.key).where(deadlines.c.kind == HOLD_OVERDUE)
        assert connection.execute(watched).all() == []


def test_orders_of_several_merchants_hold_from_each(town: Town) -> None:
    town.stocks(5)
    town.stocks(5, TEA, of=LIN)

    town.hears(AnOrder("o-1", a_line("1"), a_line("2", TEA, of=LIN, quantity=2)).placed())

    assert town.counters(MUG) == (5, 1, 0)
    assert town.counters(TEA) == (5, 2, 0)
