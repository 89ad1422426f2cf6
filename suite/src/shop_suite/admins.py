"""The first admin of a town: a token that whoever runs its machine hands out once."""

from __future__ import annotations

from pathlib import Path

from account_service.service import service
from account_service.usecases.make_first_admin import invite_first_admin
from chassis import migrate
from chassis.clocks import clock_for
from shop_events import Database
from shop_suite.settings import sqlite_url


class NotMigrated(Exception):
    """The database has none of account's tables, or old ones."""


def token_for_folder(data: Path) -> str:
    """A token for the town in one process whose data lies here; it need not have run yet.

    Raises:
        AdminExists: the town has an admin.
    """
    data.mkdir(parents=True, exist_ok=True)
    url = sqlite_url(data, service.name)
    migrate.upgrade(service, url)
    clock = data / "clock"  # the development town's, which may have been moved
    return _token(url, clock if clock.exists() else None)


def token_for_database(url: str) -> str:
    """A token for the town whose account service has this database.

    Raises:
        AdminExists: the town has an admin.
        NotMigrated: `python -m chassis migrate account_service.service` comes first.
    """
    return _token(url, None)


def _token(url: str, clock: Path | None) -> str:
    database = Database(url, service=service.name, clock=clock_for(clock))
    try:
        if migrate.pending(service, database):
            raise NotMigrated("First: python -m chassis migrate account_service.service:service")
        with database.begin() as tx:
            return invite_first_admin(tx)
    finally:
        database.close()
