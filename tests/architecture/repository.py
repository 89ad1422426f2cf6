"""What the repository consists of, for the tests that keep it in shape."""

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
# Where code lives, for a checkout without git (an archive, an image).
SKIPPED = {".git", ".venv", "var", "node_modules"}


@cache
def files() -> tuple[Path, ...]:
    """Every file that is, or would be, committed."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode != 0:
        return tuple(
            path
            for path in sorted(ROOT.rglob("*"))
            if path.is_file() and not SKIPPED & set(path.relative_to(ROOT).parts)
        )
    found = sorted(ROOT / name for name in listed.stdout.split("\0") if name)
    return tuple(path for path in found if path.is_file())


def modules() -> list[Path]:
    """Every Python file, tests and all."""
    return [path for path in files() if path.suffix == ".py"]


def products() -> list[Path]:
    """The Python files that run in the shop: no tests, no migrations."""
    return [path for path in modules() if not {"tests", "migrations"} & set(inside(path).parts)]


def services() -> list[Path]:
    """The folder of each service."""
    return [path for path in sorted((ROOT / "services").iterdir()) if path.is_dir()]


def inside(path: Path) -> Path:
    """As it is written in a message: from the root of the repository."""
    return path.relative_to(ROOT)
