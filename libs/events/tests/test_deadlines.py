"""A state with a way out takes it when its time has come, once."""

import threading
from datetime import timedelta

import pytest

from libs.events.tests.conftest import Bakery, LoafBurnt
from shop_events import Subscriptions, Tx
from shop_events.deadlines import Deadlines

HOUR = timedelta(hours=1)


def put_in_oven(bakery: Bakery, loaf: str = "rye") -> None:
    with bakery.database.begin() as tx:
        tx.schedule("bakery.oven", loaf, tx.now + HOUR)


def test_a_deadline_fires_when_it_is_due_and_not_before(bakery: Bakery) -> None:
    town = bakery.harness()
    put_in_oven(bakery)

    town.advance(HOUR - timedelta(seconds=1))
    assert town.said(LoafBurnt) == []
    town.advance(timedelta(seconds=1))

    assert town.said(LoafBurnt) == [LoafBurnt(loaf_id="rye")]


def test_a_deadline_fires_once(bakery: Bakery) -> None:
    town = bakery.harness()
    put_in_oven(bakery)

    town.advance(2 * HOUR)
    town.advance(2 * HOUR)

    assert len(town.said(LoafBurnt)) == 1


def test_a_deadline_that_is_no_longer_wanted_does_not_fire(bakery: Bakery) -> None:
    town = bakery.harness()
    put_in_oven(bakery)

    with bakery.database.begin() as tx:
        tx.unschedule("bakery.oven", "rye")
    town.advance(2 * HOUR)

    assert town.said(LoafBurnt) == []


def test_scheduling_again_moves_the_deadline(bakery: Bakery) -> None:
    town = bakery.harness()
    put_in_oven(bakery)

    with bakery.database.begin() as tx:
        tx.schedule("bakery.oven", "rye", tx.now + 3 * HOUR)
    town.advance(2 * HOUR)
    assert town.said(LoafBurnt) == []
    town.advance(HOUR)

    assert len(town.said(LoafBurnt)) == 1


def test_a_rolled_back_transaction_sets_no_deadline(bakery: Bakery) -> None:
    with pytest.raises(ZeroDivisionError), bakery.database.begin() as tx:
        tx.schedule("bakery.oven", "rye", tx.now + HOUR)
        1 / 0  # noqa: B018

    bakery.harness().advance(2 * HOUR)

    assert bakery.harness().said(LoafBurnt) == []


def test_a_failing_deadline_comes_again_later_and_is_never_given_up(bakery: Bakery) -> None:
    made = Subscriptions("bakery")
    tries: list[str] = []

    @made.at("bakery.oven", publishes=(LoafBurnt,))
    def burn_at_the_third_try(loaf_id: str, tx: Tx) -> None:
        tries.append(loaf_id)
        if len(tries) < 3:
            raise RuntimeError("The oven door is stuck.")
        tx.publish(LoafBurnt(loaf_id=loaf_id))

    bakery.subscriptions = made
    town = bakery.harness(strict=False)
    put_in_oven(bakery)

    town.advance(HOUR)
    town.advance(timedelta(seconds=5))
    town.advance(timedelta(seconds=10))

    assert len(tries) == 3
    assert len(town.said(LoafBurnt)) == 1


def test_many_processes_fire_each_deadline_once(bakery: Bakery) -> None:
    for number in range(40):
        put_in_oven(bakery, f"loaf-{number}")
    bakery.clock.advance(HOUR)
    start = threading.Barrier(4)

    def fire() -> None:
        deadlines = Deadlines(bakery.database, bakery.subscriptions, strict=True)
        start.wait(10)
        while deadlines.step():
            pass

    threads = [threading.Thread(target=fire) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    burnt = [event.loaf_id for event in bakery.harness().said(LoafBurnt)]
    assert sorted(burnt) == sorted(f"loaf-{n}" for n in range(40))


def test_the_next_due_time_is_known(bakery: Bakery) -> None:
    put_in_oven(bakery)

    deadlines = Deadlines(bakery.database, bakery.subscriptions)

    assert deadlines.next_due() == bakery.clock.now() + HOUR
