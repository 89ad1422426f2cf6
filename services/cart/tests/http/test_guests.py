"""Carts without an account, and what becomes of them (row 34)."""

import pytest
from sqlalchemy import select

from cart_service.domain.errors import CartGone
from cart_service.domain.owner import Owner
from cart_service.store.tables import carts
from cart_service.testing import BLUE, RED, TEAPOT, Stall, ann, bob
from cart_service.usecases.add_line import add_line
from chassis.testing import Bench
from shop_events.contracts.cart import CartMerged, DroppedUnits
from shop_events.contracts.catalog import ProductStatus


def test_a_guests_first_unit_begins_a_cart_and_gives_its_token_once(
    bench: Bench, stall: Stall
) -> None:
    guest = stall.guest()

    first = guest.adds(BLUE, 2)
    second = guest.adds(BLUE, 1)

    assert first["token"] == guest.token
    assert len(guest.token) >= 43  # 256 bits
    assert "token" not in second
    assert guest.units() == {BLUE: 3}
    with bench.database.read() as connection:
        (row,) = connection.execute(select(carts)).all()
    assert guest.token not in row
    assert row.account_id is None


def test_looking_into_no_cart_begins_none(quick_stall: Stall) -> None:
    guest = quick_stall.guest()

    assert guest.sees()["id"] is None
    assert guest.accepts()["lines"] == []
    assert guest.token == ""


def test_a_token_that_opens_nothing_is_like_none_and_is_never_taken_over(
    quick_stall: Stall,
) -> None:
    for token in ("made-up", "x" * 5000, "ÿ\x80", " ", "0" * 43):
        guest = quick_stall.guest(token)

        assert guest.sees()["id"] is None
        assert guest.adds()["token"] != token


def test_a_repeat_by_a_guest_with_the_same_key_adds_nothing(quick_stall: Stall) -> None:
    guest = quick_stall.guest()
    guest.adds(BLUE, 1, Idempotency_Key="k-1")

    guest.adds(BLUE, 1, Idempotency_Key="k-2")
    guest.adds(BLUE, 1, Idempotency_Key="k-2")

    assert guest.units() == {BLUE: 2}


def test_a_key_opens_nobodys_cart_so_a_guests_first_unit_heeds_none(quick_stall: Stall) -> None:
    first, second, lost = quick_stall.guest(), quick_stall.guest(), quick_stall.guest()

    first.adds(BLUE, 1, Idempotency_Key="k-1")
    second.adds(RED, 2, Idempotency_Key="k-1")  # chosen twice, by chance or copied from a page
    lost.adds(BLUE, 3, Idempotency_Key="k-3")
    lost.token = ""  # the answer was lost
    lost.adds(BLUE, 3, Idempotency_Key="k-3")

    assert (first.units(), second.units()) == ({BLUE: 1}, {RED: 2})
    assert lost.units() == {BLUE: 3}, "what was lost is in a cart that nobody can open"


def test_row_34_a_guests_cart_is_added_to_the_shoppers_and_ends(bench: Bench, stall: Stall) -> None:
    guest, shopper = stall.guest(), stall.of(ann)
    guest.adds(BLUE, 2)
    guest.adds(TEAPOT, 1)
    shopper.adds(BLUE, 3)

    merged = shopper.merges(guest.token)
    again = shopper.merges(guest.token)

    assert shopper.units() == {BLUE: 5, TEAPOT: 1}
    assert merged["lines"] == again["lines"]
    assert guest.sees()["id"] is None
    assert bench.said(CartMerged) == [
        CartMerged(cart_id=merged["id"], account_id="ann", dropped=())
    ]
    assert stall.problems() == []


def test_row_34_what_does_not_fit_is_dropped_and_told(bench: Bench, stall: Stall) -> None:
    guest, shopper = stall.guest(), stall.of(ann)
    guest.adds(BLUE, 15)
    shopper.adds(BLUE, 12)

    told = shopper.merges(guest.token)["notices"]

    assert told == [{"code": "limited_by_stock", "sku_id": BLUE, "wanted": 27, "given": 20}]
    dropped = DroppedUnits(sku_id=BLUE, quantity=7, why="limited_by_stock")
    assert bench.said(CartMerged)[0].dropped == (dropped,)


def test_row_34_the_shopper_says_which_of_two_carts_is_meant(quick_stall: Stall) -> None:
    guest, shopper = quick_stall.guest(), quick_stall.of(ann)
    guest.adds(BLUE, 2)
    shopper.adds(BLUE, 3)

    refused = shopper.sends("POST", "/merge", {"cart_token": guest.token, "strategy": "none"})
    shopper.merges(guest.token, strategy="guest")

    assert refused.status_code == 422
    assert shopper.units() == {BLUE: 2}


def test_row_34_what_is_withdrawn_meanwhile_moves_over_and_stays_visible(
    quick_stall: Stall,
) -> None:
    guest, shopper = quick_stall.guest(), quick_stall.of(ann)
    guest.adds(RED, 4)
    quick_stall.sells(status=ProductStatus.WITHDRAWN)

    (line,) = shopper.merges(guest.token)["lines"]

    assert (line["quantity"], line["available"]) == (4, "withdrawn")


def test_a_shoppers_cart_is_nobodys_to_merge(quick_stall: Stall) -> None:
    quick_stall.of(bob).adds()
    cart_id = quick_stall.of(bob).sees()["id"]

    assert quick_stall.of(ann).merges(cart_id)["lines"] == []
    assert quick_stall.of(bob).units() == {BLUE: 1}
    refused = quick_stall.guest().sends("POST", "/merge", {"cart_token": cart_id})
    assert refused.status_code == 401


def test_a_guests_cart_unused_for_30_days_goes(stall: Stall) -> None:
    forgotten, visited, shopper = stall.guest(), stall.guest(), stall.of(ann)
    for visitor in (forgotten, visited, shopper):
        visitor.adds()

    stall.passes(days=29)
    assert visited.units() == {BLUE: 1}  # looking at it is using it
    stall.passes(days=1.1)

    assert forgotten.sees()["id"] is None
    assert visited.units() == shopper.units() == {BLUE: 1}
    assert stall.problems() == []


def test_a_cart_that_ends_while_a_guest_adds_to_it_asks_to_come_again(
    quick_bench: Bench, quick_stall: Stall
) -> None:
    guest = quick_stall.guest()
    looked_up = Owner(guest_cart_id=guest.adds()["id"])

    quick_stall.of(ann).merges(guest.token)

    with pytest.raises(CartGone), quick_bench.database.begin() as tx:
        add_line(tx, looked_up, sku_id=BLUE, quantity=1)
    assert guest.adds()["token"] == guest.token  # a new one
