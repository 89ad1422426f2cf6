"""What review keeps of what it is told: in any order, twice, and of nobody who was erased."""

from concurrent.futures import ThreadPoolExecutor
from itertools import permutations
from threading import Barrier

import pytest

from chassis.testing import Bench
from review_service.testing import Board, a_product, completed, confirmed, received
from shop_events import Event
from shop_events.contracts.account import AccountErased

MONTH_S = 30 * 24 * 3600


def test_whatever_comes_first_the_same_is_known(quick_board: Board) -> None:
    for number, order in enumerate(permutations(range(4))):
        order_id, sku_id = f"o-{number:02}", f"sku-{number}"
        told = (
            a_product(sku_id, product_id=f"p-{number}"),
            confirmed(sku_id, order_id=order_id),
            received("1", order_id=order_id),
            completed(order_id=order_id),
        )
        quick_board.hears(*(told[place] for place in order))

        newest = quick_board.page(limit=1)["items"][0]
        assert (newest["order_id"], newest["product_id"]) == (order_id, f"p-{number}")
    assert quick_board.problems() == []


def test_what_is_told_twice_counts_once(board: Board) -> None:
    told = (a_product("sku-1"), confirmed("sku-1"), received("1"), completed())

    board.hears(*told)
    before = board.page()
    board.bench.advance(3600)
    board.hears(*told)

    assert board.page() == before
    board.bench.advance(MONTH_S)
    board.hears(*told)
    assert board.pending() == []
    assert board.problems() == []


def test_an_older_product_takes_no_sku_away(quick_board: Board) -> None:
    quick_board.hears(a_product("sku-1", product_id="p-new", version=2), confirmed("sku-1"))
    quick_board.hears(received("1"), a_product("sku-2", product_id="p-new", version=1))

    assert quick_board.pending() == [("o-1", "1")]


@pytest.mark.parametrize("late", [False, True], ids=["before", "after"])
def test_nothing_is_kept_of_an_account_that_was_erased(board: Board, late: bool) -> None:
    told = (a_product("sku-1"), confirmed("sku-1"), received("1"), completed())
    erased = AccountErased(account_id="ann")

    board.hears(*((erased, *told) if late else (*told, erased)))
    board.hears(erased)
    board.bench.advance(MONTH_S)

    assert board.pending() == []
    assert board.problems() == []


def test_an_order_told_while_its_account_is_erased_is_not_kept(bench: Bench, board: Board) -> None:
    board.hears(a_product("sku-1"), received("1"))
    start = Barrier(2)

    def hear(one: Event) -> None:
        start.wait(timeout=10)
        bench.hears(one)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(hear, (confirmed("sku-1"), AccountErased(account_id="ann"))))

    assert board.pending() == []
    assert board.problems() == []
