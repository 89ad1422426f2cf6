"""Catalog on a bench, on SQLite and on PostgreSQL."""

import pytest

from catalog_service.service import service
from catalog_service.testing import Stall
from chassis.testing import Bench, bench_fixture

bench = bench_fixture(service)
quick_bench = bench_fixture(service, kinds=("sqlite",))  # what has nothing to do with the database


@pytest.fixture
def stall(bench: Bench) -> Stall:
    return Stall(bench)


@pytest.fixture
def quick_stall(quick_bench: Bench) -> Stall:
    return Stall(quick_bench)
