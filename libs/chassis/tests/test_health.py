"""A process says whether it lives, and whether to give it work."""

from dataclasses import replace
from pathlib import Path

from chassis import Runtime, Secret
from chassis.http.app import build
from chassis.testing import Bench
from libs.chassis.tests.kiosk.service import service


def test_a_process_with_its_database_and_migrations_is_ready(bench: Bench) -> None:
    assert bench.client().get("/health/live").get_json() == {"status": "ok"}
    assert bench.client().get("/health/ready").get_json() == {
        "status": "ready",
        "checks": {"database": "ok", "migrations": "ok"},
    }


def test_the_broker_does_not_matter_to_a_web_process(kiosk: Bench) -> None:
    away = replace(kiosk.runtime.settings, broker_url=Secret("amqp://nobody@127.0.0.1:1/"))

    app = build(Runtime(service, away, clock=kiosk.clock))

    assert app.test_client().get("/health/ready").status_code == 200


def test_a_process_without_its_migrations_is_not_ready(kiosk: Bench, tmp_path: Path) -> None:
    empty = replace(kiosk.runtime.settings, database_url=Secret(f"sqlite:///{tmp_path}/empty.db"))

    told = build(Runtime(service, empty)).test_client().get("/health/ready")

    assert told.status_code == 503
    assert told.get_json()["checks"] == {"database": "ok", "migrations": "3 to be applied"}


def test_a_process_without_its_database_lives_and_is_not_ready(kiosk: Bench) -> None:
    url = Secret("postgresql://ann:hunter2@127.0.0.1:1/kiosk")
    gone = build(Runtime(service, replace(kiosk.runtime.settings, database_url=url))).test_client()

    assert gone.get("/health/live").status_code == 200
    told = gone.get("/health/ready")
    assert told.status_code == 503
    assert told.get_json() == {"status": "not_ready", "checks": {"database": "does not answer"}}
