"""Who lost its database is told by the others what is so (CATALOGUE, new subscribers)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy import text

from catalog_service.testing import a_mug, a_teapot
from chassis.identity import Identity
from chassis.snapshots import choose, tell
from chassis.testing import admin, merchant
from shop_suite.embedded import Embedded
from tests.faults.mortal import broker_at
from tests.support import eventually

MEI = merchant("mei", of="m-mei")
COPIES: Final = {
    "cart": ("products", "skus", "stock_levels"),
    "order": ("known_products", "known_skus", "known_merchants", "known_rates"),
    "notification": ("titles", "people"),
}


@contextmanager
def running(folder: Path, broker_url: str) -> Iterator[Embedded]:
    with closing(broker_at(broker_url)) as broker:
        town = Embedded(folder, broker=broker)
        town.start()
        try:
            yield town
        finally:
            assert town.stop()


def asks(
    town: Embedded, service: str, call: str, body: dict[str, Any], *, by: Identity | None = None
) -> dict[str, Any]:
    """One request to one service."""
    runtime = town.runtimes[service]
    method, path = call.split()
    headers = {"Idempotency-Key": f"{path} {sorted(body)}"}
    if by:
        headers["Authorization"] = f"Bearer {town.key.mint(by, now=town.clock.now())}"
    http = runtime.service.flask_app(runtime).test_client()
    answer = http.open(f"/api/v1{path}", method=method, json=body, headers=headers)
    assert answer.status_code < 300, answer.text
    return dict(answer.get_json())


def fill(town: Embedded) -> None:
    """Two merchants, two products, some stock, rates, and somebody who is reached by mail."""
    for slug in ("kitchen", "cups"):
        asks(
            town, "catalog", f"PUT /catalog/categories/{slug}", {"titles": {"en": slug}}, by=admin()
        )
    for product in (a_mug(), a_teapot()):
        made = asks(town, "catalog", "POST /catalog/products", product, by=MEI)
        asks(town, "catalog", f"POST /catalog/products/{made['id']}/publish", {}, by=MEI)
    clerk = {"role": "merchant", "merchant_id": "m-mei", "merchant_name": "Mei"}
    person = {"email": "mei@marked.example", "password": "three mugs and a lilac"}
    asks(town, "account", "POST /dev/accounts", {**person, "display_name": "Mei", **clerk})
    sku_id = made["skus"][0]["sku_id"]
    received = {"type": "received", "quantity": 5, "reason": "The first ones."}

    def receives() -> dict[str, Any]:
        return asks(town, "logistics", f"POST /stock/{sku_id}/movements", received, by=MEI)

    eventually(receives)


def copies(town: Embedded, service: str) -> dict[str, list[tuple[object, ...]]]:
    """The rows of a service's copies, each table's in the order of their first column."""
    with town.database(service).read() as connection:
        return {
            table: sorted(tuple(row) for row in connection.execute(text(f"SELECT * FROM {table}")))
            for table in COPIES[service]
        }


def known(town: Embedded) -> dict[str, dict[str, list[tuple[object, ...]]]]:
    return {service: copies(town, service) for service in COPIES}


def full(town: Embedded) -> bool:
    queues = [f"{service}.{kind}.v1" for service in COPIES for kind in ("events", "private")]
    waiting = sum(town.broker.depth(one) for one in queues if one in existing(town))
    return not waiting and all(rows for tables in known(town).values() for rows in tables.values())


def existing(town: Embedded) -> set[str]:
    return {queue.name for service in town.services for queue in service.topology().queues}


def tell_everything(town: Embedded, consumer: str) -> None:
    """Each owner of a state that ``consumer`` hears tells it."""
    heard = {one.contract.name for one in town.runtimes[consumer].service.subscriptions.all()}
    for runtime in town.runtimes.values():
        only = heard & {one.contract.name for one in runtime.service.states}
        if only:
            states = choose(runtime.service.states, consumer=consumer, only=only)
            tell(runtime, states, consumer=consumer)


@pytest.fixture(params=["local", "rabbit"])
def broker_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "local":
        return str(tmp_path / "broker.db")
    host: str = request.getfixturevalue("rabbit_of_towns").create_vhost()
    return host


def test_fresh_databases_are_given_their_copies(tmp_path: Path, broker_url: str) -> None:
    with running(tmp_path, broker_url) as town:
        fill(town)
        eventually(lambda: full(town))
        before = known(town)
    for service in COPIES:
        for file in tmp_path.glob(f"{service}.db*"):
            file.unlink()

    with running(tmp_path, broker_url) as town:
        assert not full(town)
        for service in COPIES:
            tell_everything(town, service)

        eventually(lambda: known(town) == before)
