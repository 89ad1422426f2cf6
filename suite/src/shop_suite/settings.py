"""The environment that a service of the town is started with."""

from __future__ import annotations

from pathlib import Path

from chassis.tokens import SigningKey
from shop_suite.keys import public_text

CARRIER = "pretend"
BANK = "pretend-bank.db"
# What the development town's pretend partners sign with. They are not outside this machine.
PRETEND_SECRET = "pretend-partners-share-this-in-development"  # noqa: S105 - signs nothing real


def sqlite_url(folder: Path, service: str) -> str:
    """The database file of one service."""
    return f"sqlite:///{folder / service}.db"


def embedded(folder: Path, key: SigningKey, service: str) -> dict[str, str]:
    """For the town in one process."""
    return {
        **everywhere(folder, key),
        f"{service.upper()}_DATABASE_URL": sqlite_url(folder, service),
        f"{service.upper()}_LOG_LEVEL": "WARNING",
    }


def deployed(
    folder: Path, key: SigningKey, service: str, *, database_url: str, broker_url: str
) -> dict[str, str]:
    """For one process of a service on PostgreSQL and RabbitMQ."""
    return {
        **everywhere(folder, key),
        f"{service.upper()}_DATABASE_URL": database_url,
        "SHOP_BROKER_URL": broker_url,
        "SHOP_LOG_LEVEL": "WARNING",
        "SHOP_DEV_CLOCK_FILE": str(folder / "clock"),
        "SHOP_WEB_PROCESSES": "1",
        "SHOP_WEB_THREADS": "8",
    }


def everywhere(folder: Path, key: SigningKey) -> dict[str, str]:
    """What is the same for every service and both ways to run."""
    return {
        "SHOP_ENV": "dev",
        "SHOP_TOKEN_KEYS": public_text(key),
        "PAYMENT_PRETEND_BANK_FILE": str(folder / BANK),
        "PAYMENT_PRETEND_WEBHOOK_SECRET": PRETEND_SECRET,
        "NOTIFICATION_PRETEND_MAILBOX": str(folder / "pretend-mailbox.db"),
        "LOGISTICS_CARRIER_SECRETS": f"{CARRIER}={PRETEND_SECRET}",
        "LOGISTICS_PRETEND_CARRIERS": str(folder / "pretend-carriers"),
    }
