"""Cart on a bench, on SQLite and on PostgreSQL."""

from cart_service.service import service
from chassis.testing import bench_fixture

bench = bench_fixture(service)
