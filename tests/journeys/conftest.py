"""One town of either kind for all journeys, looked through after each of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from shop_suite.chaos.stories import let_all_orders_end
from shop_suite.chaos.ways import EmbeddedWay, Way
from shop_suite.road import Road, Wanted
from shop_suite.services import NAMES
from tests.journeys.grounds import OverHttp
from tests.journeys.townsfolk import Town, lived_in
from tests.journeys.winding_up import wind_up
from tests.support.towns import complaints, deployed_way, goods, newcomer, prove, wait_until_swept


@pytest.fixture(scope="session", params=["embedded", "deployed"])
def way(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Way]:
    """The town as ``shop run`` runs it, and as processes on PostgreSQL and RabbitMQ.

    When it is closed, every order must have come to an end, and no process may have complained.
    """
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "embedded":
        town: Way = EmbeddedWay(folder)
    else:
        servers = (request.getfixturevalue(name) for name in ("postgres", "rabbit_of_towns"))
        town = deployed_way(folder, *servers, names=NAMES)
    try:
        yield town
        let_all_orders_end(town.clock, town)
        wait_until_swept(town)
        problems = town.close_and_look() + complaints(town.logs())
    finally:
        town.stop()
    assert not problems, "\n".join(problems)


@pytest.fixture
def town(way: Way) -> Iterator[Way]:
    """After the test nothing may be lost, doubled or half done."""
    yield way
    prove(way)


@pytest.fixture
def road(town: Way) -> Road:
    return town.road()


@pytest.fixture
def ann(road: Road) -> str:
    """A new buyer."""
    return newcomer(road, "ann")


@pytest.fixture
def mug(road: Road) -> Wanted:
    """A mug at 39.90; there are a hundred."""
    return goods(road, "mug")


@pytest.fixture(scope="session")
def _people(way: Way) -> Town:
    return Town(OverHttp(way))


@pytest.fixture(scope="module")
def peopled(_people: Town) -> Iterator[Town]:
    """The town of all journeys, on either way to run, with the people of `inhabited` in it.

    They leave nothing that waits: whoever comes after them may have weeks pass in a moment.
    """
    yield _people
    wind_up(_people)


@pytest.fixture(scope="session")
def inhabited(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A town with people who attack each other, see `tests.journeys.townsfolk`."""
    with lived_in(tmp_path_factory.mktemp("inhabited")) as town:
        yield town
