"""A subscriber whose copy is new is told what is so, by a command."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import orjson
import pytest

from chassis import migrate
from chassis.snapshots import CannotTell, choose
from chassis.testing import ISSUER_KEY
from libs.chassis.tests.kiosk.contracts import SaleMade
from libs.chassis.tests.kiosk.service import present_shelves, service
from libs.chassis.tests.processes import KIOSK
from shop_events import Subscriptions
from shop_events.contracts.account import AccountContactChanged
from shop_events.contracts.catalog import ProductChanged
from shop_events.local_broker import LocalBroker
from shop_events.snapshot import NotAState, State
from shop_events.topology import ground

LEVELS, PRODUCTS, CONTACTS = (
    State(event, lambda _connection, _after, _at_most: [])
    for event in (service.states[0].event, ProductChanged, AccountContactChanged)
)


@pytest.fixture
def broker_file(tmp_path: Path) -> Path:
    """A broker that knows the cafe, which has no copy of the kiosk's shelf yet."""
    with closing(LocalBroker(tmp_path / "broker.db")) as broker:
        broker.apply(ground() | Subscriptions("cafe").topology())
    return tmp_path / "broker.db"


def snapshot(broker_file: Path, *words: str) -> subprocess.CompletedProcess[str]:
    database_url = f"sqlite:///{broker_file.parent / 'kiosk.db'}"
    migrate.upgrade(service, database_url)
    environ = {
        **{name: value for name, value in os.environ.items() if name in ("PATH", "HOME")},
        "SHOP_TOKEN_KEYS": orjson.dumps({"keys": [ISSUER_KEY.public()]}).decode(),
        "KIOSK_DATABASE_URL": database_url,
        "KIOSK_BROKER_URL": f"sqlite:///{broker_file}",
    }
    return subprocess.run(
        [sys.executable, "-m", "chassis", "snapshot", KIOSK, *words],
        env=environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_command_tells_one_subscriber_everything(broker_file: Path) -> None:
    done = snapshot(broker_file, "--to", "cafe", "--per-second", "1000")

    assert done.returncode == 0, done.stderr
    assert done.stdout == "cafe was told 1 of kiosk_shelf.changed\n"
    with closing(LocalBroker(broker_file)) as broker:
        assert broker.depth("cafe.events.v1") == 1


def test_the_command_says_why_it_could_not(broker_file: Path) -> None:
    done = snapshot(broker_file, "--to", "nobody")

    assert done.returncode == 1
    assert "There is no queue nobody.events.v1; apply the topology." in done.stderr
    assert "Traceback" not in done.stderr


def test_with_several_states_somebody_says_which_ones_the_subscriber_hears() -> None:
    with pytest.raises(CannotTell, match=r"catalog\.product_changed, kiosk_shelf\.changed"):
        choose((LEVELS, PRODUCTS), consumer="cafe", only=())

    assert choose((LEVELS, PRODUCTS), consumer="cafe", only=["kiosk_shelf.changed"]) == [LEVELS]
    assert choose((LEVELS,), consumer="cafe", only=()) == [LEVELS]
    with pytest.raises(CannotTell, match=r"no state order\.placed"):
        choose((LEVELS,), consumer="cafe", only=["order.placed"])


def test_a_private_state_is_told_to_its_listeners_alone() -> None:
    with pytest.raises(CannotTell):
        choose((CONTACTS,), consumer="cafe", only=())
    with pytest.raises(CannotTell):
        choose((CONTACTS,), consumer="cafe", only=["account.contact_changed"])

    assert choose((CONTACTS,), consumer="notification", only=()) == [CONTACTS]


def test_a_service_tells_its_own_states_and_no_facts() -> None:
    with pytest.raises(
        ValueError, match=r"kiosk cannot tell the state of catalog\.product_changed"
    ):
        replace(service, states=(PRODUCTS,))
    with pytest.raises(NotAState):
        State(SaleMade, present_shelves)
