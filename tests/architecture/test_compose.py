"""docker-compose.yml starts every service with settings it can read, and none it does not know."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from chassis.settings import look
from gateway.settings import GatewaySettings
from shop_suite.deploy.secrets import prepare
from shop_suite.services import NAMES, load_service
from tests.architecture.repository import ROOT

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
OURS = [name for name in COMPOSE if name not in ("postgres", "rabbitmq", "mail")]


@pytest.fixture(scope="module")
def secrets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("compose")
    prepare(folder, NAMES)
    return folder


def service_of(name: str) -> str:
    return name.partition("-")[0]


def test_every_service_has_its_setup_its_web_and_its_worker() -> None:
    wanted = {f"{name}-{kind}" for name in NAMES for kind in ("setup", "web", "worker")}

    assert set(OURS) == wanted | {"gateway"}


@pytest.mark.parametrize("name", OURS)
def test_a_container_finds_every_setting_it_needs_and_is_told_no_unknown_one(
    name: str, secrets: Path
) -> None:
    service = service_of(name)
    kind = GatewaySettings if name == "gateway" else load_service(service).settings
    told = {key: str(value) for key, value in COMPOSE[name]["environment"].items()}
    here = {key: value.replace("/secrets", str(secrets)) for key, value in told.items()}

    found = look(kind, service=service, environ=here)

    assert not [one.problem for one in found if one.problem]
    its_own = {key for key in told if key.startswith(service.upper())}
    assert its_own <= {one.source for one in found}


@pytest.mark.parametrize("name", OURS)
def test_a_container_sees_its_own_secrets_and_what_all_may_see(name: str) -> None:
    mounted = [volume.split(":")[1] for volume in COMPOSE[name]["volumes"]]

    secrets = {path for path in mounted if path.startswith("/secrets")}

    assert secrets == {"/secrets/shared", f"/secrets/{service_of(name)}"}


def test_nothing_listens_beyond_this_machine() -> None:
    ports = [port for one in COMPOSE.values() for port in one.get("ports", [])]

    assert ports
    assert all(str(port).startswith("127.0.0.1:") for port in ports)
