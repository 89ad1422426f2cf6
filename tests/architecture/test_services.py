"""Every service looks the same, and every contract knows of every service."""

import configparser
import tomllib
from pathlib import Path

import pytest

from tests.architecture.repository import ROOT, inside, services

# DESIGN: "the same rooms everywhere". Only these have something outside to talk to.
ROOMS = {"domain", "usecases", "store", "http"}
FILES = {"service.py", "config.py", "handlers.py", "testing.py", "__init__.py", "py.typed"}
OUTSIDE = {"payment", "logistics", "notification"}

every_service = pytest.mark.parametrize("folder", services(), ids=lambda folder: folder.name)


def rooms(folder: Path) -> Path:
    return folder / "src" / f"{folder.name}_service"


@every_service
def test_a_service_has_a_page_that_says_what_it_is(folder: Path) -> None:
    page = folder / "README.md"

    assert page.exists(), f"{inside(page)} is missing"
    assert len(page.read_text().splitlines()) <= 80


@every_service
def test_a_service_has_the_rooms_that_all_services_have(folder: Path) -> None:
    found = {path.name for path in rooms(folder).iterdir() if path.is_dir()} - {"__pycache__"}

    assert found >= ROOMS
    assert found <= ROOMS | ({"outside"} if folder.name in OUTSIDE else set())


@every_service
def test_a_service_has_the_files_that_all_services_have(folder: Path) -> None:
    found = {path.name for path in rooms(folder).iterdir() if path.is_file()}

    assert found >= FILES
    assert (folder / "migrations").is_dir()
    assert (folder / "tests").is_dir()


@every_service
def test_every_import_contract_knows_the_service(folder: Path) -> None:
    contracts = configparser.ConfigParser()
    contracts.read(ROOT / ".importlinter")
    lists = {
        "root_packages": contracts["importlinter"]["root_packages"],
        "strangers": contracts["importlinter:contract:services-are-strangers"]["modules"],
        "rooms": contracts["importlinter:contract:rooms"]["containers"],
    }

    missing = [name for name, text in lists.items() if rooms(folder).name not in text.split()]

    assert not missing


@every_service
def test_the_suite_runs_the_service(folder: Path) -> None:
    suite = tomllib.loads((ROOT / "suite" / "pyproject.toml").read_text())

    assert f"jishi-{folder.name}-service" in suite["project"]["dependencies"]
