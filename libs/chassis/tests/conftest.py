import socket

import pytest

from chassis.testing import bench_fixture
from libs.chassis.tests.kiosk.service import service

ON_POSTGRES = pytest.param("postgresql", marks=pytest.mark.servers)

bench = bench_fixture(service)
kiosk = bench_fixture(service, kinds=("sqlite",))  # what has nothing to do with the database
large_kiosk = bench_fixture(service, kinds=(ON_POSTGRES,))  # what needs several processes


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
