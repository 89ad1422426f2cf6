"""Aftersales on a bench, on SQLite and on PostgreSQL."""

import pytest

from aftersales_service.service import service
from aftersales_service.testing import Desk
from chassis.testing import Bench, bench_fixture

bench = bench_fixture(service)
quick_bench = bench_fixture(service, kinds=("sqlite",))  # what has nothing to do with the database


@pytest.fixture
def desk(bench: Bench) -> Desk:
    return Desk(bench)


@pytest.fixture
def quick_desk(quick_bench: Bench) -> Desk:
    return Desk(quick_bench)
