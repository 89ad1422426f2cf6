"""Broker, database or a service away under load: the rest goes on, and it catches up.

F3, F4, F6 and row 36 of EVENTS.md, on processes, PostgreSQL and RabbitMQ of our own.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from shop_events import Money, new_id
from shop_suite.audit.quiet import wait_until_quiet
from shop_suite.caller import Refused
from shop_suite.chaos.stories import MERCHANT, SKU, UNPAID_IS_OVER, placed, shipped
from shop_suite.deployed import Role
from shop_suite.keys import shopper
from shop_suite.road import Wanted
from shop_suite.servers import PrivatePostgres, PrivateRabbit
from tests.faults.conftest import Unkept
from tests.faults.crowd import crowd, in_parallel, no_longer_than

pytestmark = [pytest.mark.faults, pytest.mark.timeout(300)]

DISC = Wanted(sku_id=SKU, merchant_id=MERCHANT, quantity=1, unit_price=Money.of("11.77", "USD"))
AT_ONCE_S = 4.0  # a broker that does not answer would hold it up for five
DRAINED_WITHIN_S = 25.0


@pytest.fixture
def town(
    unkept_town: Unkept, private_postgres: PrivatePostgres, private_rabbit: PrivateRabbit
) -> Unkept:
    """All runs; afterwards time passes for who never pays, and nothing may be missing."""
    unkept_town.start()
    return unkept_town


def prove(town: Unkept) -> None:
    town.clock.advance(UNPAID_IS_OVER)
    wait_until_quiet(town.audit.events)
    problems = list(town.audit.problems())
    assert not problems, "\n".join(problems)


def place_at_once(town: Unkept) -> tuple[str, str]:
    """Place an order in one try, which is answered in time whatever the broker does."""
    buyer = f"buyer-{new_id()}"
    road = town.road(patience_s=0)
    quote = road.quote(buyer, [DISC])
    with no_longer_than(AT_ONCE_S):
        order = road.caller(shopper(buyer)).post(
            "/orders", {"quote_id": quote, "payment_method": "card"}
        )
    return buyer, order["id"]


def is_payable(order: dict[str, Any]) -> bool:
    return bool(order["status"] == "awaiting_payment")


def test_f3_a_broker_killed_under_load_loses_nothing_and_orders_are_taken_without_it(
    town: Unkept, private_rabbit: PrivateRabbit
) -> None:
    with crowd(town.road()) as people:
        people.until_walked(3)
        private_rabbit.kill()
        accepted = [place_at_once(town) for _ in range(5)]
        private_rabbit.start()
        for buyer, order_id in accepted:
            town.road().settled(buyer, order_id, is_payable)
        people.until_walked(3)

    prove(town)


def test_while_the_broker_is_frozen_orders_are_taken_as_fast_as_ever(
    town: Unkept, private_rabbit: PrivateRabbit
) -> None:
    place_at_once(town)
    private_rabbit.pause()
    accepted = [place_at_once(town) for _ in range(10)]

    private_rabbit.resume()

    for buyer, order_id in accepted:
        town.road().settled(buyer, order_id, is_payable)
    prove(town)


def test_f6_a_database_killed_under_load_loses_nothing_and_says_so_meanwhile(
    town: Unkept, private_postgres: PrivatePostgres
) -> None:
    with crowd(town.road()) as people:
        people.until_walked(3)
        private_postgres.kill()
        with pytest.raises(Refused) as caught, no_longer_than(10.0):
            place_at_once(town)
        private_postgres.start()
        people.until_walked(3)

    assert (caught.value.status, caught.value.code) == (503, "unavailable")
    prove(town)


def test_row_36_whoever_is_told_to_stop_under_load_finishes_in_time_and_doubles_nothing(
    town: Unkept,
) -> None:
    codes = {}
    with crowd(town.road()) as people:
        for kind in ("worker", "web"):
            people.until_walked(2)
            roles = [role for role in town.roles if role.kind == kind]
            with no_longer_than(DRAINED_WITHIN_S):
                ended = in_parallel([partial(town.stop_one, role) for role in roles])
            codes |= dict(zip(roles, ended, strict=True))
            town.start()
        people.until_walked(2)

    assert codes == dict.fromkeys(town.roles, 0)
    prove(town)


@pytest.mark.parametrize("stopped", ["order", "payment", "logistics"])
def test_with_one_service_stopped_the_others_go_on_and_it_catches_up(
    town: Unkept, stopped: str
) -> None:
    road = town.road()
    unpaid, paid = placed(road), placed(road)
    road.pay(*paid)
    (fulfilment,) = road.fulfilments(*paid)

    in_parallel([partial(town.stop_one, Role(stopped, kind)) for kind in ("web", "worker")])
    later = GO_ON[stopped](town, unpaid, paid, fulfilment)
    town.start()

    if later is not None:
        road.settled(*later, is_payable)
    if stopped == "payment":
        road.pay_until_taken(*unpaid)
    for buyer, order_id in (unpaid, paid):
        road.trace(shipped(road, buyer, order_id), "signed")
        road.receive(buyer, order_id)
    prove(town)


Order = tuple[str, str]  # whose, and its id


def without_order(town: Unkept, unpaid: Order, paid: Order, fulfilment: dict[str, Any]) -> None:
    """Money is taken and parcels leave."""
    assert town.road().pay(*unpaid)["status"] == "captured"
    assert town.road().ship(MERCHANT, fulfilment["id"])


def without_payment(town: Unkept, unpaid: Order, paid: Order, fulfilment: dict[str, Any]) -> Order:
    """Orders are taken, and their goods held; parcels leave, and buyers see it."""
    road = town.road()
    new = placed(road)
    road.ship(MERCHANT, fulfilment["id"])
    road.settled(*paid, lambda order: order["status"] == "shipped")
    return new


def without_logistics(
    town: Unkept, unpaid: Order, paid: Order, fulfilment: dict[str, Any]
) -> Order:
    """Orders are taken, and money for those whose goods were held."""
    new = place_at_once(town)
    assert town.road().pay(*unpaid)["status"] == "captured"
    town.road().settled(*unpaid, lambda order: order["status"] == "paid")
    return new


GO_ON = {"order": without_order, "payment": without_payment, "logistics": without_logistics}
