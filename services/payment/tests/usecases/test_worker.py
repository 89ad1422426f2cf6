"""The worker's own thread asks the bank, woken by the commit that wants it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from chassis.runtime import Runtime
from payment_service import testing
from payment_service.service import service
from services.payment.tests.conftest import Till, settings
from shop_events.contracts.payment import PaymentRefunded
from shop_events.local_broker import LocalBroker
from shop_events.topology import ground
from tests.support.waiting import eventually


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[LocalBroker]:
    broker = LocalBroker(tmp_path / "broker.db")
    broker.apply(ground() | service.topology())
    yield broker
    broker.close()


def test_a_running_worker_pays_refunds_back_without_being_told_to(
    small_till: Till, broker: LocalBroker, tmp_path: Path
) -> None:
    payment_id = small_till.ann_paid()
    url = small_till.bench.database.url.render_as_string(hide_password=False)
    runtime = Runtime(service, settings(url, tmp_path), broker=broker, outside=small_till.outside)
    worker = service.worker(runtime)
    worker.start()
    try:
        small_till.hears(testing.refund_requested("r-1"))
        eventually(lambda: small_till.status(payment_id) == "partially_refunded")
    finally:
        assert worker.stop()
        runtime.close()

    assert len(small_till.said(PaymentRefunded)) == 1
    assert small_till.complaints() == []
