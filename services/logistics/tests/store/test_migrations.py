from chassis import migrate
from chassis.testing import Bench
from logistics_service.service import service


def test_the_migrations_make_the_tables_that_the_code_expects(bench: Bench) -> None:
    assert migrate.drift(service, bench.database) == []
    assert migrate.pending(service, bench.database) == []
