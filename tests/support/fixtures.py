"""Fixtures: servers to test against. Loaded for every test by the conftest at the root.

``postgres``, ``rabbit``                    shared by the whole run; make a database or virtual host
``rabbit_of_towns``                         a RabbitMQ where every town has a virtual host
``private_postgres``, ``private_rabbit``    to be killed and frozen; never those of TEST_*_URL
"""

import os
from collections.abc import Iterator
from typing import Any

import pytest

from shop_suite.servers import PrivatePostgres, PrivateRabbit, ServerNotInstalled
from tests.support.scheduling import ByTown
from tests.support.sharing import SourcesInOneHand, go_through, open_door
from tests.support.sources import Postgres, Rabbit, describe_postgres, describe_rabbit

SERVERS = {"postgres", "rabbit", "rabbit_of_towns", "private_postgres", "private_rabbit"}
MOST_WORKERS = 8  # each may start servers of its own
SOURCES = pytest.StashKey[SourcesInOneHand]()
DOOR = pytest.StashKey[tuple[str, int, str]]()


def pytest_report_header() -> list[str]:
    """Say first what was found."""
    found = {"PostgreSQL": describe_postgres(), "RabbitMQ": describe_rabbit()}
    return [f"{name}: {where or _without(name)}" for name, where in found.items()]


def pytest_configure(config: pytest.Config) -> None:
    # What a real hash costs is account's own tests' subject; people of other tests are many.
    os.environ.setdefault("ACCOUNT_PASSWORD_MEMORY_KIB", "128")
    worker = getattr(config, "workerinput", None)
    config.stash[SOURCES] = go_through(tuple(worker["door"])) if worker else SourcesInOneHand()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """A worker is about to start: tell it where to ask."""
    stash = node.config.stash
    if DOOR not in stash:
        stash[DOOR] = open_door(stash[SOURCES])
    node.workerinput["door"] = stash[DOOR]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Twice as many as there are cores: whoever walks in a town waits half of the time for it."""
    return min(2 * (os.cpu_count() or 1), MOST_WORKERS)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """See `tests.support.scheduling`; whoever asks for another way than ours gets it."""
    if config.getoption("dist") != "loadscope":
        return None
    config.option.loadscopereorder = False
    return ByTown(config, log)


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput") and SOURCES in config.stash:
        config.stash[SOURCES].close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whoever asks for a server is marked so: ``-m 'not servers'`` runs without any."""
    for item in items:
        if SERVERS & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.servers)


@pytest.fixture(scope="session")
def postgres(pytestconfig: pytest.Config) -> Iterator[Postgres]:
    """The run's PostgreSQL: ``create_database()`` gives the address of an empty one of your own."""
    need(describe_postgres(), "PostgreSQL")
    server = Postgres(url=pytestconfig.stash[SOURCES].postgres_url())
    server.ours = not os.environ.get("TEST_POSTGRES_URL")
    yield server
    server.forget()


@pytest.fixture(scope="session")
def rabbit(pytestconfig: pytest.Config) -> Rabbit:
    """The run's RabbitMQ: ``create_vhost()`` gives the address of an empty one of your own."""
    need(describe_rabbit(), "RabbitMQ")
    sources = pytestconfig.stash[SOURCES]
    server = Rabbit(url=sources.rabbit_url())
    server.ctl = sources.rabbit_ctl if sources.rabbit_can_be_told() else None
    return server


@pytest.fixture(scope="session")
def rabbit_of_towns(rabbit: Rabbit, request: pytest.FixtureRequest) -> Rabbit | PrivateRabbit:
    """The run's RabbitMQ; one of our own where we could not make virtual hosts in that."""
    if rabbit.ctl is not None:
        return rabbit
    own: PrivateRabbit = request.getfixturevalue("_own_rabbit")
    return own


@pytest.fixture(scope="session")
def _own_postgres() -> Iterator[PrivatePostgres]:
    try:
        server = PrivatePostgres(durable=True)
    except ServerNotInstalled:
        need("", "PostgreSQL")
    with server:
        yield server


@pytest.fixture(scope="session")
def _own_rabbit() -> Iterator[PrivateRabbit]:
    try:
        server = PrivateRabbit(schedulers=1)
    except ServerNotInstalled:
        need("", "RabbitMQ")
    with server:
        yield server


@pytest.fixture
def private_postgres(_own_postgres: PrivatePostgres) -> Iterator[PrivatePostgres]:
    """A PostgreSQL to kill, freeze and restart; running again when the next test gets it."""
    yield _own_postgres.ensure_running()
    _own_postgres.resume()


@pytest.fixture
def private_rabbit(_own_rabbit: PrivateRabbit) -> Iterator[PrivateRabbit]:
    """A RabbitMQ to kill, freeze and restart; running again when the next test gets it."""
    yield _own_rabbit.ensure_running()
    _own_rabbit.resume()


def need(found: str, name: str) -> None:
    """On a laptop a missing server skips the test; in CI it fails, or nobody would notice."""
    if found:
        return
    if os.environ.get("CI") == "true":
        pytest.fail(f"{name} is {_without(name)}", pytrace=False)
    pytest.skip(f"{name} is {_without(name)}")


def _without(name: str) -> str:
    variable = {"PostgreSQL": "TEST_POSTGRES_URL", "RabbitMQ": "TEST_RABBITMQ_URL"}[name]
    verdict = "fail" if os.environ.get("CI") == "true" else "are skipped"
    return f"not found (no {variable}, no Docker, not installed): tests that need it {verdict}"
