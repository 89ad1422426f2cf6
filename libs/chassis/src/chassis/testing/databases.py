"""Fresh migrated databases: migrated once per service and test run, then copied.

After a test its database is put back to what it was, and given to the next. A copy whose tables
themselves were changed, or filled, is thrown away.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import make_url

from chassis import migrate
from chassis.service import Service
from chassis.settings import Env, Secret
from chassis.testing import kept
from chassis.testing.bench import Bench
from chassis.testing.client import ISSUER_KEY
from chassis.testing.pristine import Pristine, look_at
from chassis.tokens import key_set_of

KINDS: Final = ("sqlite", pytest.param("postgresql", marks=pytest.mark.servers))


class _Template(NamedTuple):
    name: str
    pristine: Pristine


_files: dict[str, bytes] = {}  # of SQLite, as migrated; by service
_templates: dict[tuple[str, str], _Template] = {}  # by server and service
_free: dict[tuple[str, str], list[str]] = {}  # addresses, by server and service


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
    def bench(request: pytest.FixtureRequest) -> Iterator[Bench]:
        with fresh_database(service, request) as url:
            given = {"env": Env.DEV, "token_keys": key_set_of(ISSUER_KEY), **settings}
            made = service.settings(database_url=Secret(url), **given)
            bench = Bench(service, made, outside=outside() if outside else None)
            yield bench
            bench.close()

    return bench


@contextmanager
def fresh_database(service: Service, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a migrated database that is nobody else's, of the kind the fixture asks."""
    given = _sqlite if request.param == "sqlite" else _postgres
    with given(service, request) as url:
        yield url


@contextmanager
def _sqlite(service: Service, request: pytest.FixtureRequest) -> Iterator[str]:
    folder: Path = request.getfixturevalue("tmp_path")
    file = folder / f"{service.name}-{uuid4().hex[:8]}.db"
    if service.name in _files:
        file.write_bytes(_files[service.name])
    else:
        migrate.upgrade(service, f"sqlite:///{file}")
        _files[service.name] = file.read_bytes()
    yield f"sqlite:///{file}"


@contextmanager
def _postgres(service: Service, request: pytest.FixtureRequest) -> Iterator[str]:
    server = request.getfixturevalue("postgres").url
    _tidy_up_before(service, request)
    template = _template(service, request)
    free = _free.setdefault((server, service.name), [])
    url = free.pop() if free else _copy(server, service, template.name)
    try:
        yield url
    finally:
        if kept.has(url) and kept.put_back(url, template.pristine):
            free.append(url)
        else:
            _throw_away(server, url)


def _template(service: Service, request: pytest.FixtureRequest) -> _Template:
    postgres = request.getfixturevalue("postgres")
    known = _templates.get((postgres.url, service.name))
    if known is None:
        url = postgres.create_database(f"template_{service.name}")
        migrate.upgrade(service, url)
        with _connect(url) as connection:
            known = _Template(str(make_url(url).database), look_at(connection))
        _templates[postgres.url, service.name] = known
    return known


def _copy(server: str, service: Service, template: str) -> str:
    name = f"{service.name}_{uuid4().hex[:12]}"
    with _connect(server) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return make_url(server).set(database=name).render_as_string(hide_password=False)


def _throw_away(server: str, url: str) -> None:
    kept.forget(url)
    with _connect(server) as connection:
        connection.execute(f'DROP DATABASE "{make_url(url).database}" WITH (FORCE)')


def _tidy_up_before(service: Service | None, request: pytest.FixtureRequest) -> None:
    """Services are tested one after another: what the last one left, nobody wants any more."""
    if not _free:
        request.node.session.addfinalizer(lambda: _tidy_up_before(None, request))
    for server, name in list(_free):
        if service is None or name != service.name:
            for url in _free.pop((server, name)):
                _throw_away(server, url)


def _connect(url: str) -> psycopg.Connection[Any]:
    libpq = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(libpq, autocommit=True)
