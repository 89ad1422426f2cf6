"""Schemas change by migrations alone, once, and end where the code believes they are."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from chassis import migrate
from chassis.testing import Bench, shopper
from libs.chassis.tests.kiosk.service import service
from libs.chassis.tests.kiosk.store import metadata
from shop_events import Database


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.servers)])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database with nothing in it."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.db'}"
    return str(request.getfixturevalue("postgres").create_database("kiosk"))


def test_a_new_database_gets_every_migration_in_order_and_once(empty: str) -> None:
    assert migrate.upgrade(service, empty) == ["0001", "0002", "0003"]
    assert migrate.upgrade(service, empty) == []


def test_four_processes_that_migrate_at_once_do_it_once(empty: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        applied = list(pool.map(lambda _: migrate.upgrade(service, empty), range(4)))

    assert sorted(applied) == [[], [], [], ["0001", "0002", "0003"]]


def test_migrated_tables_are_those_the_code_believes_in(bench: Bench) -> None:
    assert migrate.drift(service, bench.database) == []


def test_a_difference_between_tables_and_migrations_is_found(bench: Bench) -> None:
    dreamt = sa.MetaData()
    for table in metadata.sorted_tables:
        table.to_metadata(dreamt)
    dreamt.tables["sales"].append_column(sa.Column("colour", sa.String(8)))

    found = migrate.drift(replace(service, tables=(dreamt,)), bench.database)

    assert len(found) == 1
    assert "colour" in found[0]


def test_a_failing_migration_leaves_nothing_behind(empty: str, tmp_path: Path) -> None:
    broken = replace(service, migrations=tmp_path / "migrations")
    shutil.copytree(service.migrations, broken.migrations)
    (broken.migrations / "versions" / "0004_broken.py").write_text(
        "from alembic import op\nrevision, down_revision = '0004', '0003'\n"
        "def upgrade():\n    op.execute('CREATE TABLE half (a INTEGER)')\n"
        "    op.execute('this is no SQL')\n"
    )

    with pytest.raises(sa.exc.DBAPIError):
        migrate.upgrade(broken, empty)

    database = Database(empty, service="kiosk")
    assert sa.inspect(database.engine).get_table_names() == []
    database.close()


def test_a_process_is_not_ready_until_its_migrations_are_applied(
    kiosk: Bench, tmp_path: Path
) -> None:
    newer = replace(service, migrations=tmp_path / "migrations")
    shutil.copytree(service.migrations, newer.migrations)
    (newer.migrations / "versions" / "0004_later.py").write_text(
        "revision, down_revision = '0004', '0003'\ndef upgrade(): pass\n"
    )

    assert migrate.pending(newer, kiosk.database) == ["0004"]


def test_an_older_process_goes_on_with_a_newer_database(bench: Bench) -> None:
    with bench.database.begin() as tx:
        tx.connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0099'")

    assert migrate.pending(service, bench.database) == []
    assert bench.client(shopper()).get("/health/ready").status_code == 200
