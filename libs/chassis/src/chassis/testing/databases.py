"""Fresh migrated databases: migrated once per service and test run, then copied for each test."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import make_url

from chassis import migrate
from chassis.service import Service
from chassis.settings import Env, Secret
from chassis.testing.bench import Bench
from chassis.testing.client import ISSUER_KEY
from chassis.tokens import key_set_of

KINDS: Final = ("sqlite", pytest.param("postgresql", marks=pytest.mark.servers))

_templates: dict[tuple[str, str], str] = {}


def bench_fixture(
    service: Service,
    *,
    outside: Callable[[], object] | None = None,
    kinds: Any = KINDS,
    **settings: Any,
) -> Any:
    """A fixture that gives a `Bench` with ``service`` on each kind of database in turn.

    ``settings`` replace the defaults of the service's own settings class. The root conftest's
    ``postgres`` fixture provides the server.
    """

    @pytest.fixture(params=kinds)
    def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
        with fresh_database(service, request, tmp_path) as url:
            given = {"env": Env.DEV, "token_keys": key_set_of(ISSUER_KEY), **settings}
            made = service.settings(database_url=Secret(url), **given)
            bench = Bench(service, made, outside=outside() if outside else None)
            yield bench
            bench.close()

    return bench


@contextmanager
def fresh_database(service: Service, request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    """The address of a migrated database that is nobody else's, of the kind the fixture asks."""
    if request.param == "sqlite":
        made = folder / f"{service.name}-{uuid4().hex[:8]}.db"
        shutil.copyfile(_sqlite_template(service, request), made)
        yield f"sqlite:///{made}"
        return
    server = request.getfixturevalue("postgres").url
    name = f"{service.name}_{uuid4().hex[:12]}"
    _execute(server, f'CREATE DATABASE "{name}" TEMPLATE "{_postgres_template(service, request)}"')
    try:
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        _execute(server, f'DROP DATABASE "{name}" WITH (FORCE)')


def _sqlite_template(service: Service, request: pytest.FixtureRequest) -> Path:
    known = _templates.get(("sqlite", service.name))
    if known is None:
        factory: pytest.TempPathFactory = request.getfixturevalue("tmp_path_factory")
        known = str(factory.mktemp("templates") / f"{service.name}.db")
        migrate.upgrade(service, f"sqlite:///{known}")
        _templates["sqlite", service.name] = known
    return Path(known)


def _postgres_template(service: Service, request: pytest.FixtureRequest) -> str:
    postgres = request.getfixturevalue("postgres")
    known = _templates.get((postgres.url, service.name))
    if known is None:
        url = postgres.create_database(f"template_{service.name}")
        migrate.upgrade(service, url)
        known = str(make_url(url).database)
        _templates[postgres.url, service.name] = known
    return known


def _execute(server: str, statement: str) -> None:
    url = make_url(server).set(drivername="postgresql")
    with psycopg.connect(url.render_as_string(hide_password=False), autocommit=True) as connection:
        connection.execute(statement)
