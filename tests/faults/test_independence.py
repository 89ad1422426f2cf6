"""Each service beside the road away, and the gateway away: the rest goes on, and it catches up.

One town of all services, nineteen processes on PostgreSQL and RabbitMQ of our own. The road's own
services are taken away in test_outages.py.
"""

from __future__ import annotations

import os
import re
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import pytest
import urllib3
from sqlalchemy import func, select

from chassis.http.app import PREFIX
from chassis.http.json_out import write
from order_service.store.tables import orders
from shop_events import new_id
from shop_suite.caller import Refused
from shop_suite.chaos.stories import UNPAID_IS_OVER, open_town
from shop_suite.deployed import GATEWAY, Role
from shop_suite.first_purchase import HOME, POTTER
from shop_suite.forking import Forked
from shop_suite.keys import merchant, shopper
from shop_suite.road import Road
from shop_suite.services import NAMES
from tests.faults.conftest import Unkept
from tests.faults.crowd import crowd, in_parallel, no_longer_than
from tests.faults.registered import MUG, PASSWORD, Buyer
from tests.support.towns import Databases, Hosts, addresses, prove

pytestmark = [pytest.mark.faults, pytest.mark.timeout(300)]

GIVEN_LINES = [{"sku_id": MUG, "quantity": 2}]
AT_ONCE_S = 4.0
GATEWAY_KILLS = 3
TOLD = ("订单 N 已确认", "订单 N 的包裹已发出", "订单 N 的包裹已签收")
ORDER_NUMBER = re.compile(r"[0-9]{6}[0-9A-Z]{10}")


@pytest.fixture(scope="module")
def town(
    tmp_path_factory: pytest.TempPathFactory,
    postgres: Databases,
    rabbit_of_towns: Hosts,
) -> Iterator[Unkept]:
    databases, broker_url = addresses(postgres, rabbit_of_towns, NAMES)
    folder = tmp_path_factory.mktemp("independent")
    town = Unkept(folder, databases=databases, broker_url=broker_url, start=Forked)
    try:
        town.start()
        open_town(town)  # type: ignore[arg-type]
        yield town
    finally:
        town.stop()


@pytest.fixture
def road(town: Unkept) -> Road:
    return town.road()


@pytest.fixture
def ann(road: Road) -> Buyer:
    return Buyer(road)


@contextmanager
def without(town: Unkept, service: str) -> Iterator[None]:
    """Neither its web process nor its worker runs in the block; afterwards nothing is missing."""
    in_parallel([partial(town.stop_one, Role(service, kind)) for kind in ("web", "worker")])
    try:
        yield
    finally:
        town.start()


def assert_away(ann: Buyer, town: Unkept, path: str) -> None:
    """Ann is told at once that the service is down."""
    with pytest.raises(Refused) as caught, no_longer_than(AT_ONCE_S):
        town.road(patience_s=0).caller(shopper(ann.id)).get(path)
    assert (caught.value.status, caught.value.code) == (503, "unavailable")


def prove_caught_up(town: Unkept) -> None:
    """What was ordered and never paid expires; no copy is behind, nothing is missing."""
    town.clock.advance(UNPAID_IS_OVER)
    prove(town)  # type: ignore[arg-type]


def test_with_account_stopped_whoever_has_a_token_buys(town: Unkept, ann: Buyer) -> None:
    ann.sign_in()

    with without(town, "account"):
        assert_away(ann, town, "/account/me")
        lines = ann.fill_basket()
        ann.hold(ann.order(lines))

    ann.sign_in()
    prove_caught_up(town)


def test_with_catalog_stopped_a_basket_is_filled_ordered_and_paid(town: Unkept, ann: Buyer) -> None:
    with without(town, "catalog"):
        assert_away(ann, town, "/catalog/categories")
        lines = ann.fill_basket()
        ann.hold(ann.order(lines))

    prove_caught_up(town)
    assert ann.road.caller(None).get("/catalog/products")["items"]


def test_with_cart_stopped_one_browses_and_buys_what_one_names(town: Unkept, ann: Buyer) -> None:
    ann.fill_basket()

    with without(town, "cart"):
        assert_away(ann, town, "/cart")
        (mug,) = ann.road.caller(None).get("/catalog/products")["items"]
        ann.hold(ann.order(GIVEN_LINES))
        reprice(ann.road, mug["id"])

    prove_caught_up(town)
    assert ann.ask.get("/cart")["lines"] == []


def reprice(road: Road, product_id: str) -> None:
    """The potter puts another price on a mug that nobody here buys."""
    potter = road.caller(merchant(POTTER))
    other = potter.get(f"/merchant/products/{product_id}")["skus"][-1]
    price = {"amount": "55.00", "currency": "CNY"}
    change = {"product_id": product_id, "prices": [{"sku_id": other["sku_id"], "price": price}]}
    potter.post("/merchant/products/bulk", {"changes": [change]})


def test_with_aftersales_stopped_one_buys_and_can_send_it_back_afterwards(
    town: Unkept, ann: Buyer
) -> None:
    order_id = ann.order(GIVEN_LINES)

    with without(town, "aftersales"):
        assert_away(ann, town, "/aftersales/eligible?order_id=o-1")
        ann.hold(order_id)

    prove_caught_up(town)
    (line,) = ann.ask.get(f"/aftersales/eligible?order_id={order_id}")["lines"]
    assert line["returnable"] == 2


def test_with_review_stopped_one_buys_and_can_say_what_it_is_like_afterwards(
    town: Unkept, ann: Buyer
) -> None:
    order_id = ann.order(GIVEN_LINES)

    with without(town, "review"):
        assert_away(ann, town, "/reviews/pending")
        ann.hold(order_id)

    prove_caught_up(town)
    (line,) = ann.ask.get("/reviews/pending")["items"]
    assert line["order_id"] == order_id


def test_with_notification_stopped_all_goes_on_and_each_mail_comes_once_afterwards(
    town: Unkept, ann: Buyer
) -> None:
    newcomer = {"email": f"new-{ann.email}", "password": PASSWORD, "display_name": "Bea"}

    with without(town, "notification"):
        assert_away(ann, town, "/notifications")
        ann.hold(ann.order(GIVEN_LINES))
        ann.road.caller(None).post("/auth/register", {**newcomer, "locale": "en"})

    prove_caught_up(town)
    assert letters(town, ann.email) == dict.fromkeys(TOLD, 1)
    assert letters(town, newcomer["email"]) == {"Confirm your address": 1}


def letters(town: Unkept, to: str) -> dict[str, int]:
    """How many of each kind came to this address."""
    box = town.road().caller(None).get(f"/dev/mailbox?to={to}")["items"]
    return Counter(ORDER_NUMBER.sub("N", one["subject"]) for one in box)


def test_a_gateway_killed_under_load_comes_again_and_what_was_repeated_counts_once(
    town: Unkept,
) -> None:
    before = orders_in(town)

    with crowd(town.road()) as people:
        for _ in range(GATEWAY_KILLS):
            people.until_walked(2)
            town.kill(GATEWAY)
            town.start()

    assert orders_in(town) - before == people.walked
    prove_caught_up(town)


def test_of_a_frozen_gateway_nobody_waits_for_ever_and_thawed_it_goes_on(
    town: Unkept, ann: Buyer
) -> None:
    before, key = orders_in(town), new_id()
    offer = ann.ask.post("/checkout/quotes", {"lines": GIVEN_LINES, "address": HOME})
    body = {"quote_id": offer["id"], "payment_method": "card"}

    with crowd(town.road()) as people:
        people.until_walked(1)
        with frozen(town):
            give_up_waiting(town, ann, body, key)
        people.until_walked(2)
    ann.ask.post("/orders", body, key=key)

    assert orders_in(town) - before == people.walked + 1
    prove_caught_up(town)


@contextmanager
def frozen(town: Unkept) -> Iterator[None]:
    """The gateway's processes stand still for the block."""
    group = town.processes[GATEWAY].pid
    os.killpg(group, signal.SIGSTOP)
    try:
        yield
    finally:
        os.killpg(group, signal.SIGCONT)


def give_up_waiting(town: Unkept, ann: Buyer, body: object, key: str) -> None:
    """Order, and hang up after a second without an answer."""
    token = town.key.mint(shopper(ann.id), now=town.clock.now())
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": key}
    headers["Content-Type"] = "application/json"
    url = town.address("/") + PREFIX + "/orders"
    with pytest.raises(urllib3.exceptions.ReadTimeoutError):
        urllib3.request("POST", url, body=write(body), headers=headers, timeout=1.0, retries=False)


def orders_in(town: Unkept) -> int:
    """How many there are."""
    with town.databases["order"].read() as connection:
        return connection.execute(select(func.count()).select_from(orders)).scalar_one()


def test_counters_that_are_deleted_while_the_gateway_runs_cost_nobody_an_answer(
    town: Unkept, ann: Buyer
) -> None:
    at_once = town.road(patience_s=0)
    asked = [
        partial(
            at_once.caller(shopper(ann.id)).post,
            "/checkout/quotes",
            {"lines": GIVEN_LINES, "address": HOME},
        ),
        partial(at_once.caller(None).get, "/catalog/products"),
    ] * 10
    in_parallel(asked)

    for file in town.folder.glob("limits.db*"):
        file.unlink()

    assert all(in_parallel(asked))
