"""The environment that a service of the town is started with."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from chassis.signing import pem_of
from chassis.tokens import SigningKey
from shop_suite.keys import public_text

CARRIER = "pretend"
CARRIERS = (CARRIER, "shunda", "yunlu")  # the last two push in forms and codes of their own
BANK = "pretend-bank.db"
STRIPE = "pretend-stripe.db"
# In the development town one machine plays everybody; what a shop allows, gateway/README.md tells.
OPEN_HOUSE = ",".join(
    f"{one}=1000000/1000000" for one in ("login", "checkout", "search", "usual", "partner")
)


def links(at: str) -> dict[str, str]:
    """Where people are led who follow a link of the shop: the address that they reached it by."""
    return {
        "NOTIFICATION_SHOP_URL": at,
        "PAYMENT_RETURN_URL": f"{at}/",
        "PAYMENT_PRETEND_STRIPE_PAGES": f"{at}/api/v1/dev/simulators/stripe",
    }


def secret_of(partner: str) -> str:
    """What a pretend partner of the development town signs with: each with another, as real ones.

    It signs nothing real: these partners are not outside this machine.
    """
    return f"pretend-{partner}-signs-with-this-in-development"


def sqlite_url(folder: Path, service: str) -> str:
    """The database file of one service."""
    return f"sqlite:///{folder / service}.db"


def embedded(folder: Path, key: SigningKey, service: str) -> dict[str, str]:
    """For the town in one process; what the environment says of this service counts there, too.

    It does not where the town itself must decide: where data lie, and with which keys.
    """
    own = f"{service.upper()}_"
    return {
        f"{own}LOG_LEVEL": "WARNING",
        **{name: value for name, value in os.environ.items() if name.startswith(own)},
        **everywhere(folder, key),
        **private_to(service, key),
        f"{own}DATABASE_URL": sqlite_url(folder, service),
    }


def deployed(
    folder: Path, key: SigningKey, service: str, *, database_url: str, broker_url: str
) -> dict[str, str]:
    """For one process of a service on PostgreSQL and RabbitMQ."""
    return {
        **everywhere(folder, key),
        **private_to(service, key),
        f"{service.upper()}_DATABASE_URL": database_url,
        "SHOP_BROKER_URL": broker_url,
        "SHOP_LOG_LEVEL": "WARNING",
        "SHOP_DEV_CLOCK_FILE": str(folder / "clock"),
        "SHOP_WEB_PROCESSES": "1",
        "SHOP_WEB_THREADS": "8",
    }


def private_to(service: str, key: SigningKey) -> dict[str, str]:
    """What nobody but account is told: the key that signs. Here one machine plays everybody."""
    if service != "account":
        return {}
    return {
        "ACCOUNT_SIGNING_KEYS": pem_of(key),
        "ACCOUNT_ATTEMPTS_OF_A_NETWORK": "1000000",
        "ACCOUNT_ATTEMPTS_OF_ALL": "1000000",
    }


def gateway(
    folder: Path, key: SigningKey, *, upstreams: Mapping[str, str] | None = None
) -> dict[str, str]:
    """For the door before all services; ``upstreams`` where they are processes of their own."""
    at = ",".join(f"{name}={url}" for name, url in (upstreams or {}).items())
    return {
        "SHOP_ENV": "dev",
        "SHOP_TOKEN_KEYS": public_text(key),
        "GATEWAY_UPSTREAMS": at or ",",
        "GATEWAY_COUNTERS": str(folder / "limits.db"),
        "GATEWAY_LIMITS": OPEN_HOUSE,
        "GATEWAY_LOG_LEVEL": "WARNING",
    }


def everywhere(folder: Path, key: SigningKey) -> dict[str, str]:
    """What is the same for every service and both ways to run."""
    return {
        "SHOP_ENV": "dev",
        "SHOP_TOKEN_KEYS": public_text(key),
        "PAYMENT_PRETEND_BANK_FILE": str(folder / BANK),
        "PAYMENT_PRETEND_WEBHOOK_SECRET": secret_of("bank"),
        "PAYMENT_PRETEND_STRIPE_FILE": str(folder / STRIPE),
        "PAYMENT_STRIPE_WEBHOOK_SECRET": secret_of("stripe"),
        "NOTIFICATION_PRETEND_MAILBOX": str(folder / "pretend-mailbox.db"),
        "LOGISTICS_CARRIER_SECRETS": ",".join(f"{one}={secret_of(one)}" for one in CARRIERS),
        "LOGISTICS_PRETEND_CARRIERS": str(folder / "pretend-carriers"),
    }
