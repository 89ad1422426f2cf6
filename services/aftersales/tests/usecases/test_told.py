"""What aftersales keeps of what it is told: in any order, twice, and of nobody who was erased."""

from concurrent.futures import ThreadPoolExecutor
from itertools import permutations
from threading import Barrier

import pytest

from aftersales_service.testing import ORDER, Desk, completed, confirmed, received
from chassis.testing import Bench
from shop_events import Event
from shop_events.contracts.account import AccountErased


def test_whatever_comes_first_the_same_is_known(quick_desk: Desk) -> None:
    for number, order in enumerate(permutations(range(3))):
        order_id = f"o-{number}"
        told = (
            confirmed({"1": 2}, order_id=order_id),
            quick_desk.delivered(f"p-{number}", {"1": 2}, order_id=order_id),
            received(f"p-{number}", order_id=order_id),
        )
        quick_desk.hears(*(told[place] for place in order))

        assert quick_desk.returnable(order_id) == {"1": 2}
    assert quick_desk.problems() == []


def test_what_is_told_twice_counts_once(desk: Desk) -> None:
    told = (confirmed({"1": 2}), desk.delivered("p-1", {"1": 1}), received("p-1"))

    desk.hears(*told)
    desk.bench.advance(3600)
    desk.hears(*told)

    assert desk.returnable() == {"1": 1}
    assert desk.asks().get_json()["until"] == "2026-11-29T08:00:00Z"
    assert desk.problems() == []


def test_an_end_that_is_told_first_still_ends_it(desk: Desk) -> None:
    desk.hears(completed(), received("p-1"), desk.delivered("p-1", {"1": 1}))

    assert desk.asks().status_code == 404  # what was ordered is not known yet
    desk.hears(confirmed({"1": 2}))

    assert desk.returnable() == {"1": 0}


@pytest.mark.parametrize("late", [False, True], ids=["before", "after"])
def test_nothing_is_kept_of_an_account_that_was_erased(
    bench: Bench, desk: Desk, late: bool
) -> None:
    told = (confirmed({"1": 2}), desk.delivered("p-1", {"1": 1}), received("p-1"), completed())
    erased = AccountErased(account_id="ann")

    desk.hears(*((erased, *told) if late else (*told, erased)))
    desk.hears(erased)

    assert desk.asks(ORDER).status_code == 404
    assert desk.problems() == []


def test_an_order_told_while_its_account_is_erased_is_not_kept(bench: Bench, desk: Desk) -> None:
    start = Barrier(2)

    def hear(one: Event) -> None:
        start.wait(timeout=10)
        bench.hears(one)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(hear, (confirmed({"1": 2}), AccountErased(account_id="ann"))))

    assert desk.asks().status_code == 404
    assert desk.problems() == []
