"""Start order does not matter: what is said before a service ever ran waits for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from shop_events import Money, new_id
from shop_suite.audit.quiet import wait_until_quiet
from shop_suite.chaos.stories import MERCHANT, SKU, shipped, stock
from shop_suite.deployed import GATEWAY, Role
from shop_suite.forking import Forked
from shop_suite.keys import shopper
from shop_suite.road import Wanted
from tests.faults.conftest import Unkept
from tests.support.towns import Databases, Hosts, addresses

pytestmark = [pytest.mark.faults, pytest.mark.timeout(240)]

DISC = Wanted(sku_id=SKU, merchant_id=MERCHANT, quantity=1, unit_price=Money.of("11.77", "USD"))


@pytest.mark.parametrize(
    "workers", [("order", "payment", "logistics"), ("payment", "logistics", "order")]
)
def test_orders_placed_before_the_others_ever_ran_go_on_when_they_do(
    tmp_path: Path,
    postgres: Databases,
    rabbit_of_towns: Hosts,
    workers: tuple[str, ...],
) -> None:
    databases, broker_url = addresses(postgres, rabbit_of_towns)
    town = Unkept(tmp_path, databases=databases, broker_url=broker_url, start=Forked)
    road = town.road()
    try:
        town.start_one(GATEWAY)
        town.start_one(Role("order", "web"))
        orders = [_placed(town) for _ in range(3)]
        town.start_one(Role("logistics", "web"))
        stock(road)
        for service in workers:
            town.start_one(Role(service, "worker"))
            road.order(*orders[0])
        town.start()

        for buyer, order_id in orders:
            road.settled(buyer, order_id, lambda order: order["status"] == "awaiting_payment")
            road.pay(buyer, order_id)
            road.trace(shipped(road, buyer, order_id), "signed")
            road.receive(buyer, order_id)
        wait_until_quiet(town.audit.events)
        assert list(town.audit.problems()) == []
    finally:
        town.stop()


def _placed(town: Unkept) -> tuple[str, str]:
    buyer = f"buyer-{new_id()}"
    road = town.road()
    body = {"quote_id": road.quote(buyer, [DISC]), "payment_method": "card"}
    order = road.caller(shopper(buyer)).post("/orders", body)
    assert order["status"] == "placed"
    return buyer, order["id"]
