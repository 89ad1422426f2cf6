"""Towns to hurt; on servers of their own where those are hurt, too."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from shop_suite.audit.town import TownAudit
from shop_suite.chaos.stories import open_town, stock
from shop_suite.chaos.ways import EmbeddedWay, Way
from shop_suite.deployed import Deployed
from shop_suite.forking import Forked
from shop_suite.road import Road
from shop_suite.servers import PrivatePostgres, PrivateRabbit
from shop_suite.services import NAMES
from tests.support.towns import addresses, deployed_way

PATIENCE_S = 120.0  # a broker that was killed is back after twenty seconds on a busy machine


@pytest.fixture(scope="module", params=["embedded", "deployed"])
def way(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Way]:
    """``shop run``, and nineteen processes; what is killed comes again."""
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "embedded":
        town: Way = EmbeddedWay(folder)
    else:
        servers = (request.getfixturevalue(name) for name in ("postgres", "rabbit_of_towns"))
        town = deployed_way(folder, *servers, names=NAMES)
    try:
        open_town(town)
        yield town
    finally:
        town.stop()


class Unkept(Deployed):
    """A town of processes that nobody starts again by himself."""

    def road(self, *, patience_s: float = PATIENCE_S) -> Road:
        return Road(key=self.key, clock=self.clock, address=self.address, patience_s=patience_s)

    @property
    def audit(self) -> TownAudit:
        return TownAudit(self.services, self.databases, self.broker, self.folder)


@pytest.fixture(scope="module")
def unkept_town(
    tmp_path_factory: pytest.TempPathFactory,
    _own_postgres: PrivatePostgres,
    _own_rabbit: PrivateRabbit,
) -> Iterator[Unkept]:
    """All processes of a town, on servers of our own; what a test ends, it starts again."""
    databases, broker_url = addresses(_own_postgres, _own_rabbit)
    folder = tmp_path_factory.mktemp("unkept")
    town = Unkept(folder, databases=databases, broker_url=broker_url, start=Forked)
    try:
        town.start()
        stock(town.road())
        yield town
    finally:
        town.stop()
