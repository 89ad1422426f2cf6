"""What names a person is in order's and logistics' own tables, and nowhere else (CATALOGUE.md).

A person marked in every field walks through the town, while everything writes down all it can.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import inspect, text

from shop_events import Broker, Clock, Database
from shop_events.broker import Message
from shop_events.contracts.order import OrderDeliveryDetails
from shop_events.testing.harness import envelop
from shop_events.topology import PRIVATE, dead_queue, events_queue, private_queue
from shop_suite.audit.town import TownAudit
from shop_suite.caller import Refused
from shop_suite.deployed import Deployed
from shop_suite.embedded import Embedded, Served
from shop_suite.keys import shopper
from shop_suite.road import Road
from shop_suite.services import NAMES, load_services
from tests.support import eventually
from tests.support.towns import addresses, goods

MAY_KNOW = {
    "order.quotes.destination",
    "order.orders.destination",
    "logistics.orders.recipient",
    "logistics.orders.phone",
    "logistics.orders.address",
}


@dataclass(kw_only=True)
class Town:
    """A town that writes down all it can."""

    road: Road
    clock: Clock
    databases: dict[str, Database]
    broker: Broker
    folder: Path
    written: Callable[[], str]  # all that its processes have logged so far

    @property
    def audit(self) -> TownAudit:
        return TownAudit(load_services(self.databases), self.databases, self.broker, self.folder)


@pytest.fixture(params=["embedded", "deployed"])
def town(
    request: pytest.FixtureRequest, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> Iterator[Town]:
    if request.param == "embedded":
        with embedded(tmp_path, caplog) as opened:
            yield opened
        return
    servers = (request.getfixturevalue(name) for name in ("postgres", "rabbit"))
    with deployed(tmp_path, *addresses(*servers)) as opened:
        yield opened


@contextmanager
def embedded(folder: Path, caplog: pytest.LogCaptureFixture) -> Iterator[Town]:
    caplog.set_level(logging.DEBUG)
    town = Embedded(folder)
    town.start()
    try:
        with Served(town.wsgi) as served:
            yield Town(
                road=Road(key=town.key, clock=town.clock, address=lambda _path: served.url),
                clock=town.clock,
                databases={name: town.database(name) for name in NAMES},
                broker=town.broker,
                folder=folder,
                written=lambda: "\n".join(
                    f"{one.getMessage()} {one.__dict__}" for one in caplog.records
                ),
            )
    finally:
        town.stop()


@contextmanager
def deployed(folder: Path, databases: dict[str, str], broker_url: str) -> Iterator[Town]:
    town = Deployed(folder, databases=databases, broker_url=broker_url)
    town.extra = {role: {"SHOP_LOG_LEVEL": "DEBUG"} for role in town.roles}
    try:
        town.start()
        yield Town(
            road=Road(key=town.key, clock=town.clock, address=town.address),
            clock=town.clock,
            databases=town.databases,
            broker=town.broker,
            folder=folder,
            written=lambda: "\n".join(log.read_text() for log in folder.glob("*.log")),
        )
    finally:
        town.stop()


def marked_quote(road: Road, mark: str, *, phone: str = "") -> str:
    mug = goods(road, "mug")
    line = {
        "sku_id": mug.sku_id,
        "merchant_id": mug.merchant_id,
        "name": "A mug",
        "quantity": 1,
        "unit_price": mug.unit_price,
    }
    nothing = {"amount": "0.00", "currency": "CNY"}
    body = {
        "lines": [line],
        "discount": nothing,
        "shipping": nothing,
        "delivery_method": "express",
        "destination": {
            "recipient": f"Ann {mark}",
            "phone": phone or f"+86{mark}",
            "division_code": "310101",
            "address": f"{mark} Lilac Road",
        },
    }
    return str(road.caller(shopper("ann")).post("/dev/quotes", body)["id"])


def walk(road: Road, mark: str) -> None:
    """From the quote to the receipt; and one that is refused for its phone."""
    with pytest.raises(Refused, match=r"destination\.phone"):
        marked_quote(road, mark, phone=f"{mark}" * 10)
    order = road.place("ann", marked_quote(road, mark))
    road.pay("ann", order["id"])
    (fulfilment,) = road.fulfilments("ann", order["id"])
    eventually(lambda: road.fulfilments("ann", order["id"])[0]["destination"] is not None)
    assert mark not in str(road.fulfilments("ann", order["id"]))  # masked, SECURITY.md part 10
    road.trace(road.ship(fulfilment["merchant_id"], fulfilment["id"]), "signed")
    road.receive("ann", order["id"])


def spoil_one(town: Town, mark: str) -> None:
    """Have logistics fail on a private event that is not as it should be."""
    details = OrderDeliveryDetails(order_id="o-1", recipient="", phone="", address="")
    sound = envelop(details, event_id=uuid4().hex, sequence=1, clock=town.clock)
    body = json.dumps({"order_id": "o-1", "recipient": mark, "phone": [mark], "address": mark})
    publisher = town.broker.publisher()
    publisher.send([Message(PRIVATE, sound.envelope, body.encode())])
    publisher.close()


def columns_with(mark: str, name: str, database: Database) -> set[str]:
    """Which columns of a service's database hold the mark."""
    found = set()
    with database.read() as connection:
        for table in inspect(connection).get_table_names():
            for row in connection.execute(text(f'SELECT * FROM "{table}"')).mappings():
                found |= {f"{name}.{table}.{key}" for key in row if mark in str(row[key])}
    return found


def test_whoever_buys_is_known_to_order_and_logistics_and_nobody_else(town: Town) -> None:
    mark, poison = f"7{uuid4().int % 10**12:012}", f"9{uuid4().int % 10**12:012}"

    walk(town.road, mark)
    spoil_one(town, poison)
    private = private_queue("logistics")
    (dead,) = eventually(lambda: town.broker.dead_letters(private), within_s=30)
    eventually(town.audit.events.quiet, within_s=30)

    known = set().union(*(columns_with(mark, *one) for one in town.databases.items()))
    assert known == MAY_KNOW
    logged = list(town.broker.read_log())
    assert len(logged) > 10
    assert not [one for one in logged if mark in f"{one.headers} {one.body!r}"]
    for name in town.databases:
        public = events_queue(name)
        assert town.broker.dead_letters(public) == []
        assert town.broker.depth(dead_queue(public)) == 0
    assert poison in dead.body.decode()
    assert poison not in str(dead.headers)
    written = town.written()
    assert "A message in" in written
    assert mark not in written
    assert poison not in written
    others = [p for p in town.folder.rglob("*") if p.is_file() and not p.stem.startswith(OWN)]
    assert not [path for path in others if mark.encode() in path.read_bytes()]


# Databases whose rows were looked through above, and the broker, which holds what is under way.
OWN = ("order", "logistics", "broker")
