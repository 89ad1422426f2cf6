"""Notification on a bench, on SQLite and on PostgreSQL."""

from chassis.testing import bench_fixture
from notification_service.service import service

bench = bench_fixture(service)
