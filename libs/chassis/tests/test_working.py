"""A worker consumes, relays, keeps deadlines, does chores, and stops when told."""

import threading
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from chassis import Chore, Runtime, SettingsWrong
from chassis.background import Background
from chassis.brokers import connect_broker
from chassis.testing import Bench, shopper
from chassis.working import work
from libs.chassis.tests.kiosk.contracts import DeliveryArrived, SaleMade
from libs.chassis.tests.kiosk.service import Radio, service
from shop_events import Broker, SystemClock
from shop_events.broker import Fate
from shop_events.local_broker import LocalBroker
from shop_events.testing.harness import envelop
from shop_events.topology import ground
from tests.support import eventually


@pytest.fixture
def broker(kiosk: Bench, tmp_path: Path) -> Iterator[Broker]:
    broker = LocalBroker(tmp_path / "broker.db", clock=kiosk.clock)
    broker.apply(ground() | service.topology())
    yield broker
    broker.close()


def test_a_worker_hears_says_and_stops(kiosk: Bench, broker: Broker, free_port: int) -> None:
    kiosk.client(shopper("ann")).post("/sales", {"mugs": 10})
    settings = replace(kiosk.runtime.settings, worker_bind=f"127.0.0.1:{free_port}")
    runtime = Runtime(service, settings, clock=kiosk.clock, broker=broker)
    arrived = DeliveryArrived(delivery_id="d1", mugs=5)
    message = envelop(arrived, event_id="e1", sequence=1, clock=kiosk.clock)
    stop = threading.Event()

    with ThreadPoolExecutor(1) as pool:
        working = pool.submit(work, runtime, stop)
        try:
            assert broker.publisher().send([message]) == [Fate.CONFIRMED]
            eventually(
                lambda: any(
                    said.headers["ce-type"] == "kiosk_sale.made" for said in broker.read_log()
                )
            )
            eventually(
                lambda: kiosk.client(shopper("bob")).post("/sales", {"mugs": 5}).status_code == 201
            )
            eventually(lambda: runtime.outside_as(Radio).played == [1, 2, 3])
            with urllib.request.urlopen(f"http://127.0.0.1:{free_port}/health/ready") as told:
                assert b'"threads":"ok"' in told.read()
        finally:
            stop.set()
        assert working.result(30)
    assert len(kiosk.said(SaleMade)) == 2
    runtime.close()


def test_step_by_step_a_worker_does_what_its_threads_would(kiosk: Bench, broker: Broker) -> None:
    runtime = Runtime(service, kiosk.runtime.settings, clock=kiosk.clock, broker=broker)
    background = Background(runtime, strict=True)

    while background.step():
        pass

    assert runtime.outside_as(Radio).played == [1, 2, 3]
    background.stop()
    runtime.close()


def test_an_hourly_chore_comes_again_when_the_shops_clock_was_moved_on_by_an_hour(
    kiosk: Bench, broker: Broker
) -> None:
    came: list[int] = []
    hourly = Chore(
        name="hourly", every_s=3600.0, run=lambda _: came.append(1) or 0, woken_by_commits=False
    )
    alone = replace(service, chores=(hourly,))
    runtime = Runtime(alone, kiosk.runtime.settings, clock=kiosk.clock, broker=broker)
    background = Background(runtime)
    background.start()
    try:
        eventually(lambda: len(came) == 1)
        kiosk.clock.advance(timedelta(minutes=59))
        with pytest.raises(AssertionError):
            eventually(lambda: len(came) > 1, within_s=1.5)
        kiosk.clock.advance(timedelta(minutes=2))
        eventually(lambda: len(came) == 2)
    finally:
        background.stop()
        runtime.close()


def test_a_worker_without_a_broker_says_which_setting_is_missing(kiosk: Bench) -> None:
    with pytest.raises(SettingsWrong, match="KIOSK_BROKER_URL is not set"):
        Background(kiosk.runtime)


def test_an_address_of_no_broker_is_refused() -> None:
    with pytest.raises(ValueError, match="not 'redis'"):
        connect_broker("redis://localhost", clock=SystemClock())
