"""What one reads who starts a town where one stands, or asks one that does not."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from shop_events.local_broker import LocalBroker
from shop_suite.cli import main


@pytest.fixture
def door() -> Iterator[socket.socket]:
    """A port that belongs to somebody, who does not answer yet."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


def address_of(door: socket.socket) -> str:
    host, port = door.getsockname()
    return f"{host}:{port}"


def shop(*words: str) -> Result:
    return CliRunner().invoke(main, words)


def test_a_town_at_a_taken_address_says_so_and_opens_nothing(
    door: socket.socket, tmp_path: Path
) -> None:
    at = address_of(door)

    said = shop("run", "--bind", at, "--data", str(tmp_path / "shop"))

    assert said.exit_code == 1
    assert f"{at} cannot be used: Address already in use." in said.output
    assert list(tmp_path.iterdir()) == []


def test_processes_need_a_free_port_too(door: socket.socket) -> None:
    port = str(door.getsockname()[1])

    said = shop("serve", "--postgres", "x", "--rabbit", "x", "--port", port)

    assert said.exit_code == 1
    assert f"127.0.0.1:{port} cannot be used: Address already in use." in said.output


@pytest.mark.parametrize("bind", ["8001", "127.0.0.1:99999", "127.0.0.1:", "unix:/x"])
def test_an_address_is_a_host_and_a_port(bind: str, tmp_path: Path) -> None:
    said = shop("run", "--bind", bind, "--data", str(tmp_path / "shop"))

    assert f"{bind} is no address; write it like 127.0.0.1:8000." in said.output
    assert list(tmp_path.iterdir()) == []


def test_a_second_town_on_a_folder_is_refused_in_one_sentence(tmp_path: Path) -> None:
    first = LocalBroker(tmp_path / "broker.db")

    said = shop("run", "--bind", "127.0.0.1:0", "--data", str(tmp_path))
    proved = shop("audit", "--data", str(tmp_path))
    first.close()

    for one in (said, proved):
        assert one.exit_code == 1
        assert f"Error: The broker file {tmp_path}/broker.db" in one.output


def test_a_folder_without_a_town_is_not_audited(tmp_path: Path) -> None:
    said = shop("audit", "--data", str(tmp_path / "none"))

    assert said.exit_code == 1
    assert f"There is no town in {tmp_path}/none." in said.output
    assert list(tmp_path.iterdir()) == []


def test_nobody_signs_in_where_nothing_answers(tmp_path: Path) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        said = shop("token", "--at", address_of(silent), "--data", str(tmp_path))

        assert said.exit_code == 1
        assert f"Nothing answers at {address_of(silent)}. Start the shop first: make run" in (
            said.output
        )


@pytest.mark.parametrize("command", [("run", "--bind", "127.0.0.1:0"), ("open",)])
def test_a_folder_that_cannot_be_made_is_named_in_one_sentence(
    command: tuple[str, ...], tmp_path: Path
) -> None:
    (tmp_path / "letter").write_text("no folder")
    folder = tmp_path / "letter" / "shop"

    said = shop(*command, "--data", str(folder))

    assert said.exit_code == 1
    assert f"Error: Nothing can be kept in {folder}: Not a directory." in said.output


def test_servers_that_do_not_answer_are_told_in_a_sentence_without_their_passwords(
    tmp_path: Path,
) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        at = address_of(silent)
        servers = ["--postgres", f"postgresql+psycopg://jishi:hushed@{at}/postgres"]
        servers += ["--rabbit", f"amqp://jishi:hushed@{at}//"]
        said = shop("serve", *servers, "--port", "0", "--data", str(tmp_path / "serve"))

    assert said.exit_code == 1
    assert said.output.startswith("Error: ")
    assert "refused" in said.output
    assert "hushed" not in said.output
