"""The secrets of a town in containers: made once, kept in a folder, one file each.

    <folder>/passwords.json            all passwords; the other files are written from it
    <folder>/shared/                   what every service may read: public keys
    <folder>/<service>/                what this service alone may read
    <folder>/postgres/, rabbitmq/      roles and users, with verifiers instead of passwords

Running it again changes nothing that is there; a service that joined gets what it lacks.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from chassis.signing import pem_of
from chassis.tokens import SigningKey
from shop_suite.deploy import postgres, rabbit
from shop_suite.keys import gateway_key_in, key_in, public_text

POSTGRES: Final = "postgres:5432"
RABBIT: Final = "rabbitmq:5672"
RABBIT_CONF: Final = "load_definitions = /etc/jishi/definitions.json\n"
READ_BY_ALL: Final = 0o644  # servers in containers read these as users of their own
MINE: Final = 0o600


def prepare(folder: Path, services: Iterable[str]) -> None:
    """Make what is missing, for these services."""
    names = tuple(services)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    passwords = _passwords(folder / "passwords.json", names)
    tokens, gateway = key_in(folder), gateway_key_in(folder)
    _servers(folder, names, passwords)
    _shared(folder / "shared", tokens, gateway)
    for name in names:
        _own(folder / name, name, passwords)
    _write(folder / "account" / "signing-keys.pem", pem_of(tokens))
    _write(folder / "gateway" / "signing-keys.pem", pem_of(gateway))
    _write(folder / "payment" / "webhook-secret", passwords["payment-webhook"])
    _write(folder / "logistics" / "carrier-secrets", f"pretend={passwords['carrier']}")


def _passwords(path: Path, services: tuple[str, ...]) -> dict[str, str]:
    known: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    roles = [postgres.owner(name) for name in services]
    wanted = ("postgres", rabbit.TOPOLOGY, "payment-webhook", "carrier", *services, *roles)
    for name in wanted:
        known.setdefault(name, secrets.token_urlsafe(32))
    _write(path, json.dumps(known, indent=2))
    return known


def _servers(folder: Path, services: tuple[str, ...], passwords: Mapping[str, str]) -> None:
    roles = {role: passwords[role] for name in services for role in (name, postgres.owner(name))}
    users = {name: passwords[name] for name in (rabbit.TOPOLOGY, *services)}
    _write(folder / "postgres" / "password", passwords["postgres"])
    _write(folder / "postgres" / "roles.sql", postgres.roles_sql(roles), mode=READ_BY_ALL)
    of_rabbit = folder / "rabbitmq"
    _write(of_rabbit / "definitions.json", rabbit.definitions(users), mode=READ_BY_ALL)
    _write(of_rabbit / "rabbitmq.conf", RABBIT_CONF, mode=READ_BY_ALL)


def _shared(folder: Path, tokens: SigningKey, gateway: SigningKey) -> None:
    _write(folder / "token-keys.json", public_text(tokens), mode=READ_BY_ALL)
    _write(folder / "gateway-keys.json", public_text(gateway), mode=READ_BY_ALL)


def _own(folder: Path, service: str, passwords: Mapping[str, str]) -> None:
    for file, role in (("database-url", service), ("owner-url", postgres.owner(service))):
        address = f"postgresql://{role}:{passwords[role]}@{POSTGRES}/{service}"
        _write(folder / file, address)
    for file, user in (("broker-url", service), ("topology-url", rabbit.TOPOLOGY)):
        _write(folder / file, f"amqp://{user}:{passwords[user]}@{RABBIT}/%2F")


def _write(path: Path, text: str, *, mode: int = MINE) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=mode)
    path.chmod(mode)
    path.write_text(text)
