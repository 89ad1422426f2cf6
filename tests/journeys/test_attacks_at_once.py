"""Many at once after the same thing: one of them counts, on both ways to run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import pytest

from shop_events import new_id
from tests.journeys.belongings import CARD, CARRIER, Household, order, refund
from tests.journeys.townsfolk import NOBODY, Town, all_at_once, statuses

pytestmark = pytest.mark.timeout(300)

AT_ONCE: Final = 8


@pytest.fixture(scope="module")
def town(peopled: Town) -> Iterator[Town]:
    """It must be sound, whatever was tried in it."""
    yield peopled
    peopled.prove()


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


def test_tabs_that_refresh_a_session_at_once_all_go_on_with_it(town: Town) -> None:
    """SECURITY.md part 2: within ten seconds a token that comes again has the same successor."""
    token = {"refresh_token": town.sign_in("ann")["refresh_token"]}

    said = all_at_once([lambda: town.ask(NOBODY, "POST /auth/refresh", token)] * AT_ONCE)

    assert statuses(said) == [200] * AT_ONCE
    (successor,) = {one.body["refresh_token"] for one in said}
    assert successor != token["refresh_token"]
    town.get(NOBODY, "POST /auth/refresh", {"refresh_token": successor})


def test_the_last_one_that_lies_in_many_baskets_is_sold_once(town: Town, home: Household) -> None:
    """ASVS 2.3.4: each was promised it by a quote, one gets it, the others are told."""
    sku = str(home.sell(1)["skus"][0]["sku_id"])
    buyers = (home, Household(town, "bob", "mo"))
    for one in buyers:
        town.soon(one.buyer, "POST /cart/lines", {"sku_id": sku, "quantity": 1})
    quotes = [(one.buyer, one.quote_of(sku)) for one in buyers * (AT_ONCE // 2)]

    said = all_at_once([lambda who=who, of=of: order(town, who, of) for who, of in quotes])  # type: ignore[misc]

    town.rest()
    ordered = zip((who for who, _ in quotes), said, strict=True)
    ends = [town.get(who, f"GET /orders/{one.body['id']}")["status"] for who, one in ordered]
    assert sorted(ends) == ["awaiting_payment"] + ["cancelled"] * (AT_ONCE - 1)
    (level,) = town.get("mo", f"GET /stock/{sku}")["levels"]
    assert (level["on_hand"], level["held"]) == (1, 1)


def test_tabs_that_change_a_line_at_once_are_each_answered_what_they_asked_for(
    town: Town, home: Household
) -> None:
    line, sku = home.make("line"), home.have("sku")
    wanted = range(2, 2 + AT_ONCE)
    call = f"PATCH /cart/lines/{line}"

    said = all_at_once([lambda n=n: town.ask("ann", call, {"quantity": n}) for n in wanted])  # type: ignore[misc]

    assert [pieces(one.body, sku) for one in said] == list(wanted)
    left = pieces(town.get("ann", "GET /cart"), sku)
    assert left in wanted

    more = {"sku_id": sku, "quantity": 1}
    said = all_at_once([lambda: town.ask("ann", "POST /cart/lines", more)] * AT_ONCE)

    assert statuses(said) == [200] * AT_ONCE
    assert pieces(town.get("ann", "GET /cart"), sku) == left + AT_ONCE


def test_c4_the_last_coupon_of_a_promotion_is_claimed_once(town: Town, home: Household) -> None:
    call = f"POST /coupons/{home.promotion(total=1)}/claim"
    people = ("ann", "bob") * (AT_ONCE // 2)

    said = all_at_once([lambda who=who: town.ask(who, call) for who in people])  # type: ignore[misc]

    assert statuses(said) == [201] + [409] * (AT_ONCE - 1)
    assert {one.code for one in said if one.status == 409} == {"coupons_gone"}


def test_a_shipment_that_is_shipped_many_times_at_once_leaves_once(
    town: Town, home: Household
) -> None:
    paid = home.make("paid")
    call = f"POST /shipments/{home.shipment_of(paid)}/ship"

    said = all_at_once([lambda: town.ask("mo", call, {"carrier": CARRIER})] * AT_ONCE)

    assert set(statuses(said)) <= {200, 409}
    assert len({one.body["waybill"] for one in said if one.status == 200}) == 1
    town.rest()
    assert [one["state"] for one in town.get("ann", f"GET /orders/{paid}")["parcels"]] == [
        "shipped"
    ]


def test_a_receipt_that_is_confirmed_many_times_at_once_is_confirmed_once(
    town: Town, home: Household
) -> None:
    delivered = home.make("order")
    call = f"POST /orders/{delivered}/confirm-receipt"

    said = all_at_once([lambda: town.ask("ann", call)] * AT_ONCE)

    assert statuses(said) == [200] * AT_ONCE
    happened = town.get("ann", f"GET /orders/{delivered}/timeline")["items"]
    assert [one["kind"] for one in happened].count("received") == 1


def test_an_order_that_is_cancelled_and_shipped_at_once_is_paid_back_or_sent(
    town: Town, home: Household
) -> None:
    paid = [home.make("paid") for _ in range(3)]
    shipments = [home.shipment_of(one) for one in paid]
    calls = [("ann", f"POST /orders/{one}/cancel", None) for one in paid]
    ships = [("mo", f"POST /shipments/{one}/ship", {"carrier": CARRIER}) for one in shipments]

    all_at_once([lambda one=one: town.ask(*one) for one in (*calls, *ships)])  # type: ignore[misc]

    town.rest()
    for one in paid:
        seen = town.get("ann", f"GET /orders/{one}")
        back = seen["refunded"]["amount"] == seen["total"]["amount"]
        sent = [parcel["state"] for parcel in seen["parcels"]] == ["shipped"]
        assert (seen["status"], back, sent) in {
            ("cancelled", True, False),
            ("shipped", False, True),
        }, seen


def pieces(cart: Any, sku: str) -> int:
    """How many of it lie in the cart."""
    return sum(int(one["quantity"]) for one in cart["lines"] if one["sku_id"] == sku)
