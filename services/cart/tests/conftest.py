"""Cart on a bench, on SQLite and on PostgreSQL."""

import pytest

from cart_service.service import service
from cart_service.testing import Stall
from chassis.testing import Bench, bench_fixture

bench = bench_fixture(service)
quick_bench = bench_fixture(service, kinds=("sqlite",))  # what has nothing to do with the database


@pytest.fixture
def stall(bench: Bench) -> Stall:
    """A stall with mugs and teapots."""
    opened = Stall(bench)
    opened.opens()
    return opened


@pytest.fixture
def quick_stall(quick_bench: Bench) -> Stall:
    """The same on SQLite alone."""
    opened = Stall(quick_bench)
    opened.opens()
    return opened
