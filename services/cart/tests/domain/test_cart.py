"""A cart by itself: its limits, and sums that hold whatever is done."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cart_service.domain.cart import Cart, Merging
from cart_service.domain.errors import CartFull
from cart_service.domain.goods import Band, Goods, Status
from cart_service.domain.line import Line, Notice, Why
from cart_service.testing import cny


def goods(number: int, *, available: int = 20, active: bool = True) -> Goods:
    return Goods(
        sku_id=f"sku-{number:03}",
        product_id="p-mug",
        merchant_id="m-mei",
        status=Status.PUBLISHED,
        active=active,
        titles={},
        options=(),
        image=None,
        price=cny("1.00"),
        available=available,
        stock=Band.PLENTY,
    )


def a_cart(*lines: tuple[Goods, int, bool], owner: str = "ann") -> Cart:
    return Cart(
        id=f"cart-of-{owner}",
        lines=tuple(
            Line(
                id=f"{owner}-{one.sku_id}",
                goods=one,
                quantity=quantity,
                selected=selected,
                price_seen=one.price,
            )
            for one, quantity, selected in lines
        ),
    )


FULL = a_cart(*((goods(number), 1, True) for number in range(100)))


def test_a_cart_has_a_hundred_lines_at_most() -> None:
    with pytest.raises(CartFull):
        FULL.add(goods(100), 1, line_id="one-more")

    after, notices = FULL.add(goods(7), 1, line_id="not-needed")
    assert (len(after.lines), notices) == (100, ())


def test_row_34_a_full_cart_keeps_its_own_lines() -> None:
    guest = a_cart((goods(3), 2, True), (goods(100), 2, True), owner="guest")

    after, notices = FULL.merge(guest)

    assert len(after.lines) == 100
    assert [line.quantity for line in after.lines if line.goods == goods(3)] == [3]
    assert notices == (Notice(why=Why.CART_FULL, sku_id="sku-100", wanted=2, given=0),)


@pytest.mark.parametrize(
    ("how", "units", "ticked"),
    [
        (Merging.SUM, [5, 1, 2], [True, True, True]),
        (Merging.LARGEST, [3, 1, 2], [True, True, True]),
        (Merging.GUEST, [2, 1, 2], [True, False, True]),
    ],
)
def test_row_34_what_is_in_both_carts_becomes_what_the_shopper_chooses(
    how: Merging, units: list[int], ticked: list[bool]
) -> None:
    mine = a_cart((goods(1), 3, True), (goods(2), 1, True))
    guest = a_cart((goods(1), 2, True), (goods(3), 2, True), owner="guest")

    after, notices = mine.merge(guest, how)

    assert [line.quantity for line in after.lines] == units
    assert [line.selected for line in after.lines] == ticked
    assert notices == ()


@pytest.mark.parametrize("how", Merging)
def test_row_34_limits_hold_whatever_the_shopper_chooses(how: Merging) -> None:
    mine, guest = a_cart((goods(1), 19, True)), a_cart((goods(1), 25, True), owner="guest")

    after, (told,) = mine.merge(guest, how)

    assert [line.quantity for line in after.lines] == [20]
    assert (told.given, told.why) == (20, Why.STOCK)


skus = st.integers(0, 4)
lines = st.dictionaries(
    skus, st.tuples(st.integers(1, 99), st.booleans(), st.integers(0, 120), st.booleans())
)


def made(told: dict[int, tuple[int, bool, int, bool]], owner: str) -> Cart:
    return a_cart(
        *(
            (goods(number, available=available, active=active), quantity, selected)
            for number, (quantity, selected, available, active) in sorted(told.items())
        ),
        owner=owner,
    )


@settings(max_examples=60)
@given(lines, lines)
def test_row_34_a_merge_takes_nothing_away_and_tells_of_every_unit_it_drops(
    mine: dict[int, tuple[int, bool, int, bool]], guests: dict[int, tuple[int, bool, int, bool]]
) -> None:
    own, guest = made(mine, "ann"), made(guests, "guest")

    after, notices = own.merge(guest)

    dropped = {one.sku_id: one.wanted - one.given for one in notices}
    for sku_id in {line.goods.sku_id for line in (*own.lines, *guest.lines)}:
        had, came, has = (
            found.quantity if (found := cart.of_sku(sku_id)) else 0 for cart in (own, guest, after)
        )
        assert had <= has <= 99
        assert had + came == has + dropped.get(sku_id, 0)


@settings(max_examples=60)
@given(lines, st.dictionaries(skus.map("sku-{:03}".format), st.integers(1, 200)))
def test_row_35_an_order_takes_no_more_than_it_bought_and_nothing_unticked(
    told: dict[int, tuple[int, bool, int, bool]], bought: dict[str, int]
) -> None:
    cart = made(told, "ann")

    after = cart.take_out(bought)

    for line in cart.lines:
        left = after.of_sku(line.goods.sku_id)
        gone = min(line.quantity, bought.get(line.goods.sku_id, 0)) if line.selected else 0
        assert (left.quantity if left else 0) == line.quantity - gone


@settings(max_examples=60)
@given(lines)
def test_row_37_what_was_accepted_needs_no_consent_any_more(
    told: dict[int, tuple[int, bool, int, bool]],
) -> None:
    seen = made(told, "ann")
    dearer = tuple(
        replace(line, goods=replace(line.goods, price=cny("2.00"))) for line in seen.lines
    )

    after, _ = replace(seen, lines=dearer).accept_changes()

    assert not [line for line in after.lines if line.changes]
    assert after.subtotals == (
        (cny("2.00") * units,)
        if (units := sum(line.quantity for line in after.lines if line.selected))
        else ()
    )
