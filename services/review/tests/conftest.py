"""Review on a bench, on SQLite and on PostgreSQL."""

import pytest

from chassis.testing import Bench, bench_fixture
from review_service.service import service
from review_service.testing import Board

bench = bench_fixture(service)
quick_bench = bench_fixture(service, kinds=("sqlite",))  # what has nothing to do with the database


@pytest.fixture
def board(bench: Bench) -> Board:
    return Board(bench)


@pytest.fixture
def quick_board(quick_bench: Bench) -> Board:
    return Board(quick_bench)
