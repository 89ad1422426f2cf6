"""The servers that other tests stand on: they start, answer, survive what is done to them."""

import signal
import socket
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from shop_suite.servers import PrivatePostgres, PrivateRabbit
from shop_suite.servers.addresses import for_psycopg
from shop_suite.servers.rabbit import HELLO
from tests.support import eventually
from tests.support.fixtures import need
from tests.support.sources import Postgres, Rabbit, Sources, describe_postgres, docker_answers

VHOSTS = "[binary_to_list(Name) || Name <- rabbit_vhost:list_names()]."

OWNER = """
from shop_suite.servers import PrivatePostgres
server = PrivatePostgres().start()
print(server.port, server.folder, flush=True)
input()
"""


def ask(url: str, question: str) -> list[tuple[object, ...]]:
    with psycopg.connect(for_psycopg(url), autocommit=True, connect_timeout=5) as connection:
        cursor = connection.execute(question)  # type: ignore[arg-type]
        return cursor.fetchall() if cursor.description else []


def test_every_test_gets_an_empty_database_of_its_own(postgres: Postgres) -> None:
    one, other = postgres.create_database("orders"), postgres.create_database("orders")

    ask(one, "CREATE TABLE mug (id int)")

    assert ask(other, "SELECT to_regclass('mug')") == [(None,)]


def test_every_test_gets_a_virtual_host_of_its_own(rabbit: Rabbit) -> None:
    if rabbit.ctl is None:
        pytest.skip("this RabbitMQ is known by its address only")

    one, other = rabbit.create_vhost(), rabbit.create_vhost()

    assert one != other
    assert one.rpartition("/")[2] in rabbit.ctl("eval", VHOSTS)


def test_what_was_committed_survives_a_killed_postgres(private_postgres: PrivatePostgres) -> None:
    town = private_postgres.create_database("killed")
    ask(town, "CREATE TABLE mug (id int)")
    ask(town, "INSERT INTO mug VALUES (7)")

    private_postgres.kill()
    assert not private_postgres.running
    private_postgres.start()

    assert ask(town, "SELECT id FROM mug") == [(7,)]


def test_a_frozen_postgres_holds_its_clients_until_it_is_thawed(
    private_postgres: PrivatePostgres,
) -> None:
    private_postgres.pause()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(for_psycopg(private_postgres.url), connect_timeout=2).close()

    private_postgres.resume()

    assert ask(private_postgres.url, "SELECT 1") == [(1,)]


# That it survives a kill is seen where one is killed under load (events, test_amqp_faults).
@pytest.mark.timeout(300)
def test_what_was_declared_survives_a_restarted_rabbit(private_rabbit: PrivateRabbit) -> None:
    private_rabbit.create_vhost("restarted")

    private_rabbit.restart()

    assert private_rabbit.running
    assert '"restarted"' in private_rabbit.ctl("eval", VHOSTS)


def test_a_frozen_rabbit_accepts_and_does_not_answer(private_rabbit: PrivateRabbit) -> None:
    private_rabbit.pause()
    with socket.create_connection(("127.0.0.1", private_rabbit.port), timeout=1) as client:
        client.sendall(HELLO)
        with pytest.raises(TimeoutError):
            client.recv(1)

    private_rabbit.resume()

    assert private_rabbit.ctl("list_vhosts")


def test_a_server_does_not_outlive_an_owner_who_was_killed() -> None:
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with owner:
        assert owner.stdout is not None
        port, folder = owner.stdout.readline().split()
        owner.send_signal(signal.SIGKILL)

    eventually(lambda: refuses(int(port)), within_s=10, message="it still listens")
    eventually(lambda: not Path(folder).exists(), within_s=10, message="its folder is left")


def refuses(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def test_waiting_ends_with_a_sentence_when_nothing_comes() -> None:
    with pytest.raises(AssertionError, match=r"Not within 0.05 s: the mug never came"):
        eventually(lambda: False, within_s=0.05, message="the mug never came")


@pytest.mark.parametrize(
    ("ci", "verdict"), [("true", pytest.fail.Exception), ("", pytest.skip.Exception)]
)
def test_a_missing_server_fails_in_ci_and_skips_on_a_laptop(
    ci: str, verdict: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CI", ci)

    with pytest.raises(verdict, match="no TEST_RABBITMQ_URL, no Docker, not installed"):
        need("", "RabbitMQ")


def test_a_server_that_was_given_is_taken_before_any_other(
    postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEST_POSTGRES_URL", postgres.url)

    assert describe_postgres() == "given by TEST_POSTGRES_URL"
    assert Sources().postgres_url() == postgres.url


def test_a_socket_where_nobody_answers_is_no_docker_engine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/nobody.sock")
    docker_answers.cache_clear()

    assert not docker_answers()
    docker_answers.cache_clear()
