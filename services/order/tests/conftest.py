import pytest
from hypothesis import settings

from chassis.testing import Bench, bench_fixture
from order_service.service import service
from order_service.testing import Shop
from order_service.testing_market import Market

# EVENTS.md F11, once a night: pytest services/order --hypothesis-profile=nightly
settings.register_profile("nightly", max_examples=10_000, stateful_step_count=50, deadline=None)

bench = bench_fixture(service)
quick_bench = bench_fixture(service, kinds=("sqlite",))  # what has nothing to do with the database


@pytest.fixture
def shop(bench: Bench) -> Shop:
    return Shop(bench)


@pytest.fixture
def quick_shop(quick_bench: Bench) -> Shop:
    return Shop(quick_bench)


@pytest.fixture
def market(bench: Bench) -> Market:
    return Market(bench)


@pytest.fixture
def quick_market(quick_bench: Bench) -> Market:
    return Market(quick_bench)
