"""Many at once after the same thing: one of them counts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pytest

from shop_events import new_id
from tests.journeys.belongings import CARD, Household, order, refund
from tests.journeys.townsfolk import Town, all_at_once, statuses

pytestmark = pytest.mark.timeout(300)

AT_ONCE: Final = 8


@pytest.fixture(scope="module")
def town(inhabited: Town) -> Iterator[Town]:
    """It must be sound, whatever was tried in it."""
    yield inhabited
    inhabited.prove()


@pytest.fixture(scope="module")
def home(town: Town) -> Household:
    """Ann's, and Mo's who sells to her."""
    return Household(town, "ann", "mo")


def test_a_quote_that_is_ordered_many_times_at_once_makes_one_order(
    town: Town, home: Household
) -> None:
    quote = home.make("quote")

    said = all_at_once([lambda: order(town, "ann", quote)] * AT_ONCE)

    assert statuses(said) == [201] + [409] * (AT_ONCE - 1)


def test_a_key_that_comes_many_times_at_once_makes_one_order(town: Town, home: Household) -> None:
    body, key = {"quote_id": home.make("quote"), "payment_method": "card"}, new_id()

    said = all_at_once(
        [lambda: town.ask("ann", "POST /orders", body, Idempotency_Key=key)] * AT_ONCE
    )

    assert set(statuses(said)) <= {201, 409}
    assert len({one.body["id"] for one in said if one.status == 201}) == 1


def test_a_coupon_that_is_in_two_orders_at_once_counts_in_one(town: Town, home: Household) -> None:
    """C1, and mall's defect: one coupon was good for five orders at once."""
    coupon = home.make("coupon")
    quotes = [home.quote_with(coupon) for _ in range(AT_ONCE)]

    said = all_at_once([lambda quote=quote: order(town, "ann", quote) for quote in quotes])  # type: ignore[misc]

    assert statuses(said) == [201] + [409] * (AT_ONCE - 1)
    assert {one.code for one in said if one.status == 409} == {"coupon_taken"}


def test_an_order_that_is_paid_many_times_at_once_is_paid_once(town: Town, home: Household) -> None:
    order = home.make("unpaid")

    said = all_at_once(
        [lambda: town.ask("ann", "POST /payments", {"order_id": order, **CARD})] * AT_ONCE
    )

    assert set(statuses(said)) <= {201, 409}
    found = town.get("ann", f"GET /payments?order_id={order}")["items"]
    assert [one["status"] for one in found].count("captured") == 1


def test_what_was_paid_is_paid_back_once_however_many_ask_at_once(
    town: Town, home: Household
) -> None:
    order = home.make("paid")

    said = all_at_once([lambda: town.ask("mo", "POST /refunds", refund(order, "40.00"))] * AT_ONCE)

    assert statuses(said) == [201] + [409] * (AT_ONCE - 1)


def test_a_basket_is_taken_over_by_one_account(town: Town, home: Household) -> None:
    token = home.make("cart_token")

    said = all_at_once(
        [
            lambda who=who: town.ask(who, "POST /cart/merge", {"cart_token": token})  # type: ignore[misc]
            for who in ("ann", "bob") * 3
        ]
    )

    assert statuses(said) == [200] * 6
    sku = home.have("sku")
    bobs = town.get("bob", "GET /cart")["lines"]
    anns = town.get("ann", "GET /cart")["lines"]
    assert sum(one["quantity"] for one in (*bobs, *anns) if one["sku_id"] == sku) == 1
