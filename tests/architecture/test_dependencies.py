"""Every dependency has a reason, a lock with hashes, and no address of where it came from."""

import re
import tomllib
from pathlib import Path

import pytest

from tests.architecture.repository import ROOT, inside

REQUIREMENTS = ROOT / "requirements"
PACKAGES = [
    path
    for pattern in ("*", "libs/*", "services/*")
    for path in ROOT.glob(f"{pattern}/pyproject.toml")
]
NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]*")


def named(text: str) -> set[str]:
    """The packages a requirements file names itself, written as the indexes write them."""
    found = (NAME.match(line.strip()) for line in text.splitlines())
    return {same(name[0]) for name in found if name}


def same(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def asked_for() -> set[str]:
    return {name for path in REQUIREMENTS.glob("*.in") for name in named(path.read_text())}


def reasons() -> dict[str, str]:
    page = (ROOT / "docs" / "dependencies.md").read_text()
    rows = re.findall(r"^\| `?([\w.-]+)`?[^|]*\|([^|]+)\|", page, flags=re.MULTILINE)
    return {same(name): reason.strip() for name, reason in rows}


def test_every_dependency_has_a_reason() -> None:
    assert not asked_for() - {name for name, reason in reasons().items() if len(reason) > 20}


def test_no_reason_is_left_of_a_dependency_that_went() -> None:
    besides = {"package", "lifetimes"}
    assert not reasons().keys() - asked_for() - besides - {"---"}


@pytest.mark.parametrize("lock", sorted(REQUIREMENTS.glob("*.txt")), ids=lambda path: path.name)
def test_every_locked_package_has_a_version_and_a_hash(lock: Path) -> None:
    written = [line for line in lock.read_text().splitlines() if not line.startswith("#")]
    packages = re.split(r"\n(?=[A-Za-z0-9])", "\n".join(written))

    loose = [p.splitlines()[0] for p in packages if "==" not in p or "--hash=sha256:" not in p]

    assert not loose


@pytest.mark.parametrize("name", ["runtime", "dev", "bootstrap"])
def test_everything_asked_for_is_locked(name: str) -> None:
    asked = named((REQUIREMENTS / f"{name}.in").read_text())

    assert not asked - named((REQUIREMENTS / f"{name}.txt").read_text())


@pytest.mark.parametrize("path", PACKAGES, ids=lambda path: str(inside(path.parent)))
def test_a_package_asks_for_nothing_that_is_not_locked(path: Path) -> None:
    wanted = tomllib.loads(path.read_text())["project"]["dependencies"]
    ours = {same(tomllib.loads(p.read_text())["project"]["name"]) for p in PACKAGES}

    locked = named((REQUIREMENTS / "runtime.txt").read_text())

    assert not named("\n".join(wanted)) - ours - locked
