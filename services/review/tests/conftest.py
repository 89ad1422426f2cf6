"""Review on a bench, on SQLite and on PostgreSQL."""

from chassis.testing import bench_fixture
from review_service.service import service

bench = bench_fixture(service)
