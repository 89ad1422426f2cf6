"""Account on a bench, on SQLite and on PostgreSQL."""

from account_service.service import service
from chassis.testing import bench_fixture

bench = bench_fixture(service)
