from chassis import migrate


def test_the_migrations_make_the_tables_the_code_knows(office) -> None:
    assert migrate.drift(office.bench.service, office.bench.database) == []


def test_the_service_is_ready_once_its_database_is(small_office) -> None:
    assert small_office.bench.client().get("/health/ready").status_code == 200
