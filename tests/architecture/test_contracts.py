"""The import contracts say no when they should."""

import subprocess
import sys
from pathlib import Path

import pytest

CONFIG = """
[importlinter]
root_package = mug_service
include_external_packages = True
contract_types =
    direct_imports: tests.architecture.contracts.DirectImports

[importlinter:contract:plain]
name = A domain needs nothing but Python
type = direct_imports
importers = *_service.domain
imported = *
unless_imported =
    stdlib
    *_service.domain
"""

LINT = (
    "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports('.importlinter'))"
)


def lint(folder: Path, domain: str) -> subprocess.CompletedProcess[str]:
    room = folder / "mug_service" / "domain"
    room.mkdir(parents=True)
    (folder / "mug_service" / "__init__.py").touch()
    (room / "__init__.py").touch()
    (room / "mug.py").write_text(domain)
    (folder / ".importlinter").write_text(CONFIG)
    return subprocess.run(
        [sys.executable, "-c", LINT],
        cwd=folder,
        env={"PYTHONPATH": f"{folder}:{Path.cwd()}"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_domain_may_use_the_standard_library_and_itself(tmp_path: Path) -> None:
    done = lint(tmp_path, "import decimal\nimport mug_service.domain\n")

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("friend", ["flask", "sqlalchemy.orm", "kombu"])
def test_a_domain_may_not_use_a_framework(tmp_path: Path, friend: str) -> None:
    done = lint(tmp_path, f"import {friend}\n")

    assert done.returncode == 1, done.stderr
    assert f"mug_service.domain.mug imports {friend.split('.', maxsplit=1)[0]}" in done.stdout


def test_the_contracts_of_this_repository_are_kept() -> None:
    done = subprocess.run([sys.executable, "-c", LINT], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout[-3_000:] + done.stderr
