from chassis import migrate
from chassis.testing import Bench


def test_the_migrations_make_the_tables_the_code_knows(bench: Bench) -> None:
    assert migrate.drift(bench.service, bench.database) == []


def test_the_service_is_ready_once_its_database_is(bench: Bench) -> None:
    assert bench.client().get("/health/ready").status_code == 200
