"""Account on a bench, on SQLite and on PostgreSQL; hashes cost next to nothing."""

import pytest

from account_service.service import service
from account_service.testing import People, cheap
from chassis import revocation
from chassis.testing import Bench, bench_fixture

bench = bench_fixture(service, **cheap())
quick_bench = bench_fixture(service, kinds=("sqlite",), **cheap())


@pytest.fixture(autouse=True)
def _revocations_are_looked_at_often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits a second each time; that it is no longer is proved in the chassis."""
    monkeypatch.setattr(revocation, "LOOK_EVERY_S", 0.05)


@pytest.fixture
def people(bench: Bench) -> People:
    return People(bench)


@pytest.fixture
def quick(quick_bench: Bench) -> People:
    """Account where nothing hangs on the kind of database."""
    return People(quick_bench)
