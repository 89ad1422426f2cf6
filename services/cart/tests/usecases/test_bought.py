"""What leaves a cart when its owner orders, or is erased."""

from cart_service.testing import BLUE, RED, TEAPOT, Stall, an_order, ann, bob
from chassis.testing import Bench
from shop_events.contracts.account import AccountErased


def test_row_35_exactly_what_was_bought_leaves_the_ticked_lines(bench: Bench, stall: Stall) -> None:
    shopper = stall.of(ann)
    shopper.adds(BLUE, 5)
    shopper.adds(RED, 2)
    shopper.adds(TEAPOT, 1)
    shopper.changes(shopper.line(TEAPOT)["id"], selected=False)

    bench.hears(an_order("o-1", {BLUE: 3, RED: 2, TEAPOT: 1, "sku-other": 4}))

    assert shopper.units() == {BLUE: 2, TEAPOT: 1}


def test_an_order_told_again_takes_nothing_more(bench: Bench, stall: Stall) -> None:
    shopper = stall.of(ann)
    shopper.adds(BLUE, 2)
    bench.hears(an_order("o-1", {BLUE: 2}))
    shopper.adds(BLUE, 2)

    bench.hears(an_order("o-1", {BLUE: 2}), event_id="outlived-the-inbox")

    assert shopper.units() == {BLUE: 2}


def test_an_order_that_comes_when_the_cart_is_gone_is_harmless(bench: Bench, stall: Stall) -> None:
    bench.hears(an_order("o-1", {BLUE: 1}))
    shopper = stall.of(ann)
    shopper.adds(BLUE, 1)

    bench.hears(an_order("o-1", {BLUE: 1}), event_id="again")

    assert shopper.units() == {BLUE: 1}
    assert stall.problems() == []


def test_an_order_takes_nothing_out_of_other_peoples_carts(
    quick_bench: Bench, quick_stall: Stall
) -> None:
    quick_stall.of(bob).adds(BLUE, 2)

    quick_bench.hears(an_order("o-1", {BLUE: 2}, by="ann"))

    assert quick_stall.of(bob).units() == {BLUE: 2}


def test_an_erased_account_leaves_no_cart(bench: Bench, stall: Stall) -> None:
    shopper = stall.of(ann)
    shopper.removes(shopper.adds()["lines"][0]["id"])
    shopper.adds(RED)
    stall.of(bob).adds()

    bench.hears(AccountErased(account_id="ann"))
    bench.hears(AccountErased(account_id="ann"), event_id="again")

    assert shopper.sees()["id"] is None
    assert stall.of(bob).units() == {BLUE: 1}
    assert stall.problems() == []


def test_a_cart_begun_while_its_account_was_erased_goes_with_the_sweep(
    bench: Bench, stall: Stall
) -> None:
    bench.hears(AccountErased(account_id="ann"))
    shopper = stall.of(ann)
    shopper.adds()
    stall.of(bob).adds()

    bench.do_chores()

    assert shopper.sees()["id"] is None
    assert stall.of(bob).units() == {BLUE: 1}
