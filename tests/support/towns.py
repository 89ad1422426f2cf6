"""Towns to walk through and to hurt, and what must be true of every one of them afterwards."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Protocol
from uuid import uuid4

import cart_service.audit
from shop_events import Money
from shop_suite.audit.quiet import wait_until_quiet
from shop_suite.chaos.ways import DeployedWay, Way
from shop_suite.road import Road, Wanted
from shop_suite.services import ROAD
from tests.support import eventually

QUIET_WITHIN_S = 120.0


class Databases(Protocol):
    """A PostgreSQL, of ours alone or of the whole run."""

    def create_database(self, name: str) -> str:
        """An empty database's address."""


class Hosts(Protocol):
    """A RabbitMQ, of ours alone or of the whole run."""

    def create_vhost(self) -> str:
        """An empty virtual host's address."""


def addresses(
    postgres: Databases, rabbit: Hosts, names: Iterable[str] = ROAD
) -> tuple[dict[str, str], str]:
    """An empty database for each service, and a virtual host, for one town."""
    unique = uuid4().hex[:8]
    databases = {name: postgres.create_database(f"{name}_{unique}") for name in names}
    return databases, rabbit.create_vhost()


def deployed_way(
    folder: Path, postgres: Databases, rabbit: Hosts, names: Iterable[str] = ROAD
) -> DeployedWay:
    """A town of processes on these servers, with these services."""
    databases, broker_url = addresses(postgres, rabbit, names)
    return DeployedWay(folder, databases=databases, broker_url=broker_url)


def prove(way: Way, *, finished: bool = False) -> None:
    """Wait until nothing moves any more, and look for counter-examples.

    Raises:
        NeverQuiet: the town never came to rest.
        AssertionError: something is lost, doubled, or half done.
    """
    wait_until_quiet(way.audit.events, within_s=QUIET_WITHIN_S)
    problems = list(way.audit.problems(finished=finished))
    assert not problems, "\n".join(problems)


def wait_until_swept(way: Way) -> None:
    """Wait until the hourly sweep over carts has come by, where the clock was moved on by weeks."""

    def swept() -> bool:
        cart = way.audit.databases["cart"]
        with cart.read() as connection:
            return not list(cart_service.audit.problems(connection, now=cart.clock.now()))

    eventually(swept)


def complaints(logs: list[Path]) -> list[str]:
    """What processes wrote that should never be written in a town where nothing is broken."""
    lines = [line for log in logs for line in log.read_text(errors="replace").splitlines()]
    return [line for line in lines if '"level":"error"' in line or "Traceback" in line]


def newcomer(road: Road, name: str) -> str:
    """A buyer of that name with an account of their own, so that they can be mailed; its id."""
    body = {
        "email": f"{name}-{uuid4().hex[:8]}@town.example",
        "password": "whoever comes to this town",
        "display_name": name.title(),
    }
    return str(road.caller(None).post("/dev/accounts", body)["id"])


def goods(
    road: Road,
    name: str,
    *,
    of: str = "m-pottery",
    price: str = "39.90",
    pieces: int = 1,
    on_hand: int = 100,
) -> Wanted:
    """So many pieces of something nobody else buys; ``on_hand`` of it lie in the warehouse."""
    sku_id = f"{name}-{uuid4().hex[:8]}"
    road.receive_stock(sku_id, of, on_hand)
    amount = Money.of(price, "CNY")
    return Wanted(sku_id=sku_id, merchant_id=of, quantity=pieces, unit_price=amount, name=name)
