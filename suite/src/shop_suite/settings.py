"""The environment that a service of the town is started with."""

from __future__ import annotations

from pathlib import Path

from chassis.tokens import SigningKey
from shop_suite.keys import public_text

# What the development town's pretend partners sign with. They are not outside this machine.
PRETEND_SECRET = "pretend-partners-share-this-in-development"  # noqa: S105 - signs nothing real


def sqlite_url(folder: Path, service: str) -> str:
    """The database file of one service."""
    return f"sqlite:///{folder / service}.db"


def embedded(folder: Path, key: SigningKey, service: str) -> dict[str, str]:
    """For the town in one process."""
    return {
        **everywhere(key),
        f"{service.upper()}_DATABASE_URL": sqlite_url(folder, service),
    }


def everywhere(key: SigningKey) -> dict[str, str]:
    """What is the same for every service and both ways to run."""
    return {
        "SHOP_ENV": "dev",
        "SHOP_TOKEN_KEYS": public_text(key),
    }
