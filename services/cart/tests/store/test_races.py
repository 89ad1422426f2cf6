"""Two tabs at once: no unit is lost, no SKU has two lines."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from cart_service.testing import BLUE, RED, Stall, an_order, ann
from chassis.testing import Bench
from shop_events.contracts.cart import CartMerged

AT_ONCE = 6


def all_at_once(bench: Bench, *acts: Callable[[], object]) -> list[object]:
    start = Barrier(len(acts))
    bench.app  # noqa: B018 - made once, before the threads ask for it

    def run(act: Callable[[], object]) -> object:
        start.wait(timeout=10)
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_tabs_that_add_the_same_sku_at_once_lose_no_unit(bench: Bench, stall: Stall) -> None:
    tabs = [stall.of(ann) for _ in range(AT_ONCE)]

    all_at_once(bench, *((lambda tab=tab: tab.adds(BLUE, 2)) for tab in tabs))

    assert [line["quantity"] for line in stall.of(ann).sees()["lines"]] == [2 * AT_ONCE]
    assert stall.problems() == []


def test_tabs_of_a_guest_that_add_at_once_stay_within_the_stock(bench: Bench, stall: Stall) -> None:
    token = stall.guest().adds(BLUE, 1)["token"]
    tabs = [stall.guest(token) for _ in range(AT_ONCE)]

    all_at_once(bench, *((lambda tab=tab: tab.adds(BLUE, 4)) for tab in tabs))

    assert stall.guest(token).units() == {BLUE: 20}


def test_tabs_that_make_one_line_of_two_at_once_keep_one(bench: Bench, stall: Stall) -> None:
    shopper = stall.of(ann)
    shopper.adds(BLUE, 2)
    shopper.adds(RED, 3)
    blue, red = shopper.line(BLUE)["id"], shopper.line(RED)["id"]

    answers = all_at_once(
        bench,
        lambda: stall.of(ann).sends("PATCH", f"/lines/{blue}", {"sku_id": RED}).status_code,
        lambda: stall.of(ann).sends("PATCH", f"/lines/{red}", {"sku_id": BLUE}).status_code,
    )

    assert sorted(answers) == [200, 404]  # the second one's line was merged away
    assert sum(shopper.units().values()) == 5


def test_row_34_merges_at_once_take_a_guests_cart_over_once(bench: Bench, stall: Stall) -> None:
    token = stall.guest().adds(BLUE, 3)["token"]
    tabs = [stall.of(ann) for _ in range(4)]

    all_at_once(bench, *((lambda tab=tab: tab.merges(token)) for tab in tabs))

    assert stall.of(ann).units() == {BLUE: 3}
    assert len(bench.said(CartMerged)) == 1


def test_what_was_bought_leaves_while_more_is_put_in(bench: Bench, stall: Stall) -> None:
    shopper = stall.of(ann)
    shopper.adds(BLUE, 5)

    all_at_once(
        bench,
        lambda: bench.hears(an_order("o-1", {BLUE: 5})),
        lambda: stall.of(ann).adds(BLUE, 2),
    )

    assert shopper.units() == {BLUE: 2}
