"""A service on a bench, for its tests; needs pytest, and is imported by tests alone.

# services/kiosk/tests/conftest.py
bench = bench_fixture(service)

# a test, run on SQLite and on PostgreSQL
def test_a_paid_order_is_confirmed(bench: Bench) -> None:
answer = bench.client(ann).post("/orders", {"mugs": 2})
bench.hears(PaymentConfirmed(...))
assert bench.said(OrderConfirmed) == [...]
"""

from chassis.testing.bench import Bench
from chassis.testing.client import ISSUER_KEY, Client, admin, merchant, shopper
from chassis.testing.databases import bench_fixture

__all__ = ["ISSUER_KEY", "Bench", "Client", "admin", "bench_fixture", "merchant", "shopper"]
