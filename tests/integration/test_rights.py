"""What `shop prepare` writes gives each service its own part of the servers and nothing else.

SECURITY.md parts 7 and 8: every service against every database, exchange, queue and routing key.
"""

from __future__ import annotations

import re
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from shop_events import new_id
from shop_events.amqp import AmqpBroker
from shop_events.broker import BrokerUnavailable, Fate, Message, Publisher, TopologyMissing
from shop_events.contract import CONTRACTS, Contract
from shop_events.envelope import Envelope
from shop_events.topology import (
    events_queue,
    exchange_for,
    ground,
)
from shop_suite.deploy.postgres import owner
from shop_suite.deploy.secrets import prepare
from shop_suite.servers import PrivatePostgres, PrivateRabbit
from shop_suite.services import NAMES, load_services

pytestmark = pytest.mark.timeout(240)


@pytest.fixture(scope="module")
def secrets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("secrets")
    prepare(folder, NAMES)
    return folder


@pytest.fixture(scope="module")
def postgres_of_roles(secrets: Path, _own_postgres: PrivatePostgres) -> PrivatePostgres:
    """The roles and databases are there, and nobody comes in without a password any more."""
    server = _own_postgres.ensure_running()
    of_superuser = f"postgresql://jishi@127.0.0.1:{server.port}"
    written = (secrets / "postgres" / "roles.sql").read_text()
    for database, statements in by_database(written):
        with psycopg.connect(f"{of_superuser}/{database}", autocommit=True) as line:
            for statement in statements:
                line.execute(statement)
    rules = server.folder / "data" / "pg_hba.conf"
    first = "host all jishi 127.0.0.1/32 trust\nhost all all 127.0.0.1/32 scram-sha-256\n"
    rules.write_text(first + rules.read_text())
    with psycopg.connect(f"{of_superuser}/postgres") as line:
        line.execute("SELECT pg_reload_conf()")
    return server


def by_database(written: str) -> list[tuple[str, list[str]]]:
    """The file as psql reads it: what is said until the next ``\\connect``, and where."""
    parts = re.split(r"^\\connect (\w+)$", f"\\connect postgres\n{written}", flags=re.MULTILINE)
    statements = [[one for one in part.split(";") if one.strip()] for part in parts[2::2]]
    return list(zip(parts[1::2], statements, strict=True))


def comes_in(server: PrivatePostgres, secrets: Path, role: str, database: str) -> bool:
    name, file = (role.removesuffix("_owner"), "owner-url" if "_owner" in role else "database-url")
    address = (
        (secrets / name / file).read_text().replace("postgres:5432", f"127.0.0.1:{server.port}")
    )
    try:
        psycopg.connect(f"{address.rpartition('/')[0]}/{database}", connect_timeout=5).close()
    except psycopg.OperationalError as error:
        if "permission denied for database" not in str(error):
            raise
        return False
    return True


def test_a_role_comes_into_its_own_database_and_into_no_other(
    postgres_of_roles: PrivatePostgres, secrets: Path
) -> None:
    roles = [*NAMES, *map(owner, NAMES)]

    doors = {
        (role, database)
        for role in roles
        for database in NAMES
        if comes_in(postgres_of_roles, secrets, role, database)
    }

    assert doors == {(role, role.removesuffix("_owner")) for role in roles}


def test_a_service_changes_rows_and_never_tables(
    postgres_of_roles: PrivatePostgres, secrets: Path
) -> None:
    port = f"127.0.0.1:{postgres_of_roles.port}"
    own = (secrets / "cart" / "owner-url").read_text().replace("postgres:5432", port)
    mine = (secrets / "cart" / "database-url").read_text().replace("postgres:5432", port)
    with psycopg.connect(own) as line:
        line.execute("CREATE TABLE mugs (id serial PRIMARY KEY, colour text)")

    with psycopg.connect(mine, autocommit=True) as line:
        line.execute("INSERT INTO mugs (colour) VALUES ('blue')")
        line.execute("UPDATE mugs SET colour = 'green'")
        line.execute("DELETE FROM mugs")
        for forbidden in ("DROP TABLE mugs", "CREATE TABLE cups (id int)", "TRUNCATE mugs"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                line.execute(forbidden)


@pytest.fixture(scope="module")
def rabbit_of_users(secrets: Path, _own_rabbit: PrivateRabbit) -> PrivateRabbit:
    server = _own_rabbit.ensure_running()
    server.ctl("import_definitions", str(secrets / "rabbitmq" / "definitions.json"))
    topology = ground()
    for service in load_services():
        topology |= service.topology()
    with closing(broker_of(server, secrets, "order", "topology-url")) as broker:
        broker.apply(topology)
    return server


def broker_of(
    server: PrivateRabbit, secrets: Path, service: str, file: str = "broker-url"
) -> AmqpBroker:
    address = (secrets / service / file).read_text()
    return AmqpBroker(address.replace("rabbitmq:5672", f"127.0.0.1:{server.port}"))


def message(contract: Contract) -> Message:
    envelope = Envelope(
        id=new_id(),
        source=f"/jishi/{contract.by}",
        type=contract.name,
        version=contract.version,
        subject="one",
        sequence=1,
        time=datetime.now(UTC),
        correlation_id=new_id(),
    )
    return Message(exchange_for(contract), envelope, b"{}")


def publishes(publisher: Publisher, contract: Contract) -> bool:
    """Whether it may; an event that nobody listens to may be said all the same."""
    try:
        (fate,) = publisher.send([message(contract)])
    except TopologyMissing as refused:
        if "ACCESS_REFUSED" not in str(refused):
            raise
        return False
    return fate in (Fate.CONFIRMED, Fate.UNROUTABLE)


def test_a_service_says_its_own_events_and_no_other_s(
    rabbit_of_users: PrivateRabbit, secrets: Path
) -> None:
    one_of_each = {one.by: one for one in CONTRACTS.all() if not one.private}
    private = {one.by: one for one in CONTRACTS.all() if one.private}
    asked = [*one_of_each.values(), *private.values()]

    for service in NAMES:
        broker = broker_of(rabbit_of_users, secrets, service)
        with closing(broker), closing(broker.publisher()) as publisher:
            said = [one.name for one in asked if publishes(publisher, one)]
            assert said == [one.name for one in asked if one.by == service], service


def test_a_service_reads_its_own_queue_and_no_other_s(
    rabbit_of_users: PrivateRabbit, secrets: Path
) -> None:
    with closing(broker_of(rabbit_of_users, secrets, "cart")) as broker:
        with closing(broker.intake(events_queue("cart"), prefetch=1)) as intake:
            intake.receive(1, timeout_s=0.1)
        for other in ("order", "payment"):
            with pytest.raises((BrokerUnavailable, TopologyMissing), match=r"(?i)access"):
                broker.intake(events_queue(other), prefetch=1).receive(1, timeout_s=2)
