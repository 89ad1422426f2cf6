"""Databases that one bench leaves to the next, with what they have learnt of our statements.

To compile every statement anew and to open new connections takes longer than most tests do.
"""

from __future__ import annotations

from typing import Any, Final, cast

import psycopg
from sqlalchemy import URL, QueuePool, event, make_url

from chassis.service import Service
from chassis.settings import ServiceSettings
from chassis.testing.pristine import Pristine
from shop_events import Clock, Database

_CONNECTIONS: Final = 2  # kept open; a race has had more, and the server has only so many for all

_idle: dict[str, Database] = {}


def take(service: Service, settings: ServiceSettings, clock: Clock) -> Database:
    """The database of these settings, with this clock; until it is given back, nobody else's."""
    url = make_url(settings.database_url.reveal())
    size = settings.database_pool_size
    kept = _idle.pop(_key(url, service.name), None)
    if kept is not None and _pool(kept).size() == size:
        kept.url, kept.clock = url, clock
        return kept
    if kept is not None:
        kept.close()
    made = Database(
        settings.database_url.reveal(), service=service.name, clock=clock, pool_size=size
    )
    if not made.is_postgres:
        _lead_to_its_url(made)
    return made


def give_back(database: Database) -> None:
    """Leave it to the next bench. Of SQLite nothing but the statements is kept: files are new."""
    key = _key(database.url, database.service)
    if key in _idle:
        database.close()
        return
    if not database.is_postgres or _pool(database).checkedin() > _CONNECTIONS:
        database.forget_connections()
    _idle[key] = database


def has(url: str) -> bool:
    """Whether the last bench of this PostgreSQL database has given it back."""
    return url in _idle


def put_back(url: str, pristine: Pristine) -> bool:
    """Make a PostgreSQL database as it was; False where it must be thrown away."""
    with _idle[url].engine.connect() as connection, connection.begin():
        driver = cast("psycopg.Connection[Any]", connection.connection.driver_connection)
        return pristine.return_to(driver)


def forget(url: str) -> None:
    """There will be no next bench."""
    if database := _idle.pop(url, None):
        database.close()


def _key(url: URL, service: str) -> str:
    if url.get_backend_name() == "sqlite":
        return service
    return url.render_as_string(hide_password=False)


def _lead_to_its_url(database: Database) -> None:
    """Let an engine connect to the file its database has now: each bench's is another one."""

    def connect_there(_dialect: Any, _record: Any, where: list[Any], _how: Any) -> None:
        where[0] = database.url.database

    event.listen(database.engine, "do_connect", connect_there)
    event.listen(database.engine, "connect", _without_fsync)


def _pool(database: Database) -> QueuePool:
    return cast(QueuePool, database.engine.pool)


def _without_fsync(connection: Any, _record: Any) -> None:
    """Power cuts are no bench's subject."""
    connection.execute("PRAGMA synchronous = OFF")
