"""RabbitMQ's users: one for each service, that can do nothing but its part (SECURITY.md part 7).

A service publishes its own events and no other's, reads its own queues, and retries and buries
only what came from them. It configures nothing: ``topology`` does, before the services start.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import secrets
from collections.abc import Iterable, Mapping
from typing import Any, Final

from shop_events.contract import CONTRACTS, Contract
from shop_events.contracts import load_all
from shop_events.topology import DEAD, DELAY, EVENTS, PRIVATE, events_queue, private_queue

NOTHING: Final = "^$"
EVERYTHING: Final = ".*"
TOPOLOGY: Final = "topology"  # the user that makes exchanges, queues and bindings

Right = dict[str, Any]


def definitions(passwords: Mapping[str, str], *, vhost: str = "/") -> str:
    """For RabbitMQ's ``load_definitions``: a user for each name, with its hash and its rights.

    ``guest``, whom RabbitMQ makes only where it finds no definitions, does not exist then.
    """
    services = [name for name in passwords if name != TOPOLOGY]
    whole = {
        "vhosts": [{"name": vhost}],
        "users": [_user(name, password) for name, password in passwords.items()],
        "permissions": [{**one, "vhost": vhost} for one in permissions(services)],
        "topic_permissions": [{**one, "vhost": vhost} for one in topic_permissions(services)],
    }
    return json.dumps(whole, indent=2)


def permissions(services: Iterable[str]) -> list[Right]:
    """What each may configure, write and read, by the names of exchanges and queues."""
    of_topology = _right(TOPOLOGY, EVERYTHING, EVERYTHING, EVERYTHING)
    exchanges = _either([EVENTS, PRIVATE, DELAY, DEAD])
    return [of_topology] + [
        _right(service, NOTHING, exchanges, _either(queues_of(service))) for service in services
    ]


def topic_permissions(services: Iterable[str]) -> list[Right]:
    """Under which routing keys each may publish, exchange by exchange."""
    load_all()
    rights = []
    for service in services:
        mine = [one for one in CONTRACTS.all() if one.by == service]
        own = f"^({'|'.join(map(re.escape, queues_of(service)))})"
        for exchange, keys in (
            (EVENTS, _keys(one for one in mine if not one.private)),
            (PRIVATE, _keys(one for one in mine if one.private)),
            (DELAY, rf"{own}\.delay\."),
            (DEAD, f"{own}$"),
        ):
            rights.append(
                {"user": service, "exchange": exchange, "write": keys, "read": EVERYTHING}
            )
    return rights


def queues_of(service: str) -> list[str]:
    """The queues a service takes its events from."""
    return [events_queue(service), private_queue(service)]


def _keys(contracts: Iterable[Contract]) -> str:
    names = sorted({re.escape(one.name) for one in contracts})
    return rf"^({'|'.join(names)})\.v[0-9]+$" if names else NOTHING


def _either(names: Iterable[str]) -> str:
    return f"^({'|'.join(map(re.escape, names))})$"


def _right(user: str, configure: str, write: str, read: str) -> Right:
    return {"user": user, "configure": configure, "write": write, "read": read}


def _user(name: str, password: str) -> dict[str, Any]:
    """Salted SHA-256, as RabbitMQ's manual says (access control, "Computing Password Hash")."""
    salt = secrets.token_bytes(4)
    digest = hashlib.sha256(salt + password.encode()).digest()
    return {
        "name": name,
        "password_hash": base64.b64encode(salt + digest).decode(),
        "hashing_algorithm": "rabbit_password_hashing_sha256",
        "tags": [],
    }
