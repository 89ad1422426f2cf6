"""What names a person is in the tables of those who need it, and nowhere else (CATALOGUE.md).

A person marked in every field registers, is mailed and buys, while everything writes down all it
can. When the person is erased, the copies go.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
from sqlalchemy import inspect, text

from shop_events import Broker, Clock, Database
from shop_events.broker import Message
from shop_events.contracts.account import AccountErased
from shop_events.contracts.order import OrderDeliveryDetails
from shop_events.testing.harness import envelop
from shop_events.topology import PRIVATE, dead_queue, events_queue, private_queue
from shop_suite.audit.town import TownAudit
from shop_suite.caller import Caller, Refused
from shop_suite.deployed import Deployed
from shop_suite.embedded import Embedded, Served
from shop_suite.forking import Forked
from shop_suite.keys import shopper
from shop_suite.road import Road
from shop_suite.services import NAMES, ROAD, load_services
from shop_suite.signing_in import SignedIn
from tests.support import eventually
from tests.support.towns import addresses, goods

WHERE_SHE_LIVES = {
    "order.quotes.destination",
    "order.orders.destination",
    "logistics.orders.recipient",
    "logistics.orders.phone",
    "logistics.orders.address",
}
HOW_SHE_IS_REACHED = {
    "notification.people.email",
    "notification.people.display_name",
}
WHO_SHE_IS = {
    "account.accounts.display_name",
    "account.identifiers.value",
    "account.addresses.recipient",
    "account.addresses.phone",
    "account.addresses.line1",
}
PEOPLE_AND_PARCELS = ("account", *ROAD, "notification")
PASSWORD = "nobody-writes-this-down"


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
    servers = (request.getfixturevalue(name) for name in ("postgres", "rabbit_of_towns"))
    with deployed(tmp_path, *addresses(*servers, names=PEOPLE_AND_PARCELS)) as opened:
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
    town = Deployed(folder, databases=databases, broker_url=broker_url, start=Forked)
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


@dataclass(frozen=True, kw_only=True)
class Marks:
    """What would be known again wherever somebody wrote it down."""

    name: str  # a part of name, mail address and street
    number: str  # a telephone number that somebody could have

    def are_in(self, words: str) -> bool:
        return self.name in words or self.number in words or PASSWORD in words


def new_marks() -> Marks:
    return Marks(name=f"7{uuid4().int % 10**12:012}", number=f"138{uuid4().int % 10**8:08}")


def registers(road: Road, marks: Marks) -> str:
    """Somebody opens an account, follows the link in the mail, and writes down where she lives."""
    email, nobody = f"ann.{marks.name}@demo.example", road.caller(None)
    body = {"email": email, "password": PASSWORD, "display_name": f"Ann {marks.name}"}
    nobody.post("/auth/register", body)

    def link() -> str:
        letters = nobody.get("/dev/mailbox")["items"]
        found = [one["links"] for one in letters if one["to"] == email and one["links"]]
        return str(found[0][0]) if found else ""

    (token,) = parse_qs(urlsplit(eventually(link, within_s=30)).query)["token"]
    nobody.post("/auth/verify", {"token": token})
    session = SignedIn(road.address, email=email, password=PASSWORD, role="shopper")
    ann = Caller(session, address=road.address)
    address = {
        "recipient": f"Ann {marks.name}",
        "phone": f"+86{marks.number}",
        "country": "CN",
        "division_code": "310115",
        "line1": f"{marks.name} Lilac Road",
    }
    ann.post("/account/addresses", address)
    return str(ann.get("/account/me")["id"])


def marked_quote(road: Road, buyer: str, marks: Marks, *, phone: str = "") -> str:
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
            "recipient": f"Ann {marks.name}",
            "phone": phone or f"+86{marks.number}",
            "division_code": "310101",
            "address": f"{marks.name} Lilac Road",
        },
    }
    return str(road.caller(shopper(buyer)).post("/dev/quotes", body)["id"])


def buys(road: Road, ann: str, marks: Marks) -> None:
    """From the quote to the receipt; and one that is refused for its phone."""
    with pytest.raises(Refused, match=r"destination\.phone"):
        marked_quote(road, ann, marks, phone=f"{marks.name}" * 10)
    order = road.place(ann, marked_quote(road, ann, marks))
    road.pay(ann, order["id"])
    (fulfilment,) = road.fulfilments(ann, order["id"])
    eventually(lambda: road.fulfilments(ann, order["id"])[0]["destination"] is not None)
    assert not marks.are_in(str(road.fulfilments(ann, order["id"])))  # masked, SECURITY.md part 10
    road.trace(road.ship(fulfilment["merchant_id"], fulfilment["id"]), "signed")
    road.receive(ann, order["id"])


def spoil_one(town: Town, mark: str) -> None:
    """Have logistics fail on a private event that is not as it should be."""
    details = OrderDeliveryDetails(order_id="o-1", recipient="", phone="", address="")
    sound = envelop(details, event_id=uuid4().hex, sequence=1, clock=town.clock)
    body = json.dumps({"order_id": "o-1", "recipient": mark, "phone": [mark], "address": mark})
    publisher = town.broker.publisher()
    publisher.send([Message(PRIVATE, sound.envelope, body.encode())])
    publisher.close()


def who_knows(town: Town, marks: Marks) -> set[str]:
    """Which columns hold a mark: service, table and column."""
    return set().union(*(columns_with(marks, *one) for one in town.databases.items()))


def columns_with(marks: Marks, name: str, database: Database) -> set[str]:
    found = set()
    with database.read() as connection:
        for table in inspect(connection).get_table_names():
            for row in connection.execute(text(f'SELECT * FROM "{table}"')).mappings():
                found |= {f"{name}.{table}.{key}" for key in row if marks.are_in(str(row[key]))}
    return found


def erase(town: Town, account_id: str) -> None:
    """Account says that somebody is to be forgotten. Its own tables keep her: there is no door that
    erases an account yet.
    """
    with town.databases["account"].begin(publishes={AccountErased}) as tx:
        tx.publish(AccountErased(account_id=account_id))
    eventually(town.audit.events.quiet, within_s=30)


def test_a_buyer_is_known_to_those_who_need_it_alone_and_forgotten_when_erased(town: Town) -> None:
    marks, poison = new_marks(), f"9{uuid4().int % 10**12:012}"

    ann = registers(town.road, marks)
    buys(town.road, ann, marks)
    spoil_one(town, poison)
    private = private_queue("logistics")
    (dead,) = eventually(lambda: town.broker.dead_letters(private), within_s=30)
    eventually(town.audit.events.quiet, within_s=30)

    assert who_knows(town, marks) == WHERE_SHE_LIVES | HOW_SHE_IS_REACHED | WHO_SHE_IS
    logged = list(town.broker.read_log())
    assert len(logged) > 10
    assert not [one for one in logged if marks.are_in(f"{one.headers} {one.body!r}")]
    for name in town.databases:
        public = events_queue(name)
        assert town.broker.dead_letters(public) == []
        assert town.broker.depth(dead_queue(public)) == 0
    assert poison in dead.body.decode()
    assert poison not in str(dead.headers)
    written = town.written()
    assert "A message in" in written
    assert not marks.are_in(written)
    assert poison not in written
    others = [p for p in town.folder.rglob("*") if p.is_file() and not p.stem.startswith(OWN)]
    assert not [path for path in others if marks.are_in(path.read_bytes().decode(errors="replace"))]

    erase(town, ann)

    assert who_knows(town, marks) == WHO_SHE_IS


# Databases whose rows were looked through above; the broker, which holds what is under way; and
# the mailbox, which is a partner's: what lies there was sent to its reader.
OWN = ("account", "notification", "order", "logistics", "broker", "pretend-mailbox")
