"""The gateway as a process: ``python -m gateway``, and what gunicorn lets through to it."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import urllib3

from chassis.gateway import HEADER, GatewayCheck
from chassis.signing import pem_of
from chassis.testing import ISSUER_KEY
from chassis.tokens import SigningKey, key_set_of
from tests.support import eventually
from tests.support.doors import Shelf, served

KEY = SigningKey.generate("gateway-1")


@dataclass
class Process:
    port: int
    shelf: Shelf
    process: "subprocess.Popen[bytes]"
    log: Path

    def send(self, raw: bytes) -> bytes:
        """Everything that comes back for these bytes."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=5) as connection:
            connection.sendall(raw)
            connection.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: connection.recv(65_536), b""))


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    folder = tmp_path_factory.mktemp("gateway")
    shelf = Shelf()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    with served(shelf) as address, (folder / "log").open("wb") as log:
        environ = {
            **{name: value for name, value in os.environ.items() if name in ("PATH", "HOME")},
            "PYTHONPATH": os.environ.get("PYTHONPATH", ""),
            "SHOP_TOKEN_KEYS": json.dumps({"keys": [ISSUER_KEY.public()]}),
            "GATEWAY_UPSTREAMS": f"order={address},catalog={address}",
            "GATEWAY_COUNTERS": str(folder / "counters.db"),
            "GATEWAY_SIGNING_KEYS": pem_of(KEY),
            "GATEWAY_WEB_BIND": f"127.0.0.1:{port}",
            "GATEWAY_WEB_PROCESSES": "1",
        }
        command = [sys.executable, "-m", "gateway"]
        process = subprocess.Popen(command, env=environ, stdout=log, stderr=log)
        try:
            eventually(lambda: _answers(port), within_s=30)
            yield Process(port, shelf, process, folder / "log")
        finally:
            process.kill()
            process.wait(10)


def _answers(port: int) -> bool:
    try:
        url = f"http://127.0.0.1:{port}/health/live"
        return urllib3.request("GET", url, retries=False, timeout=2).status == 200
    except urllib3.exceptions.HTTPError:
        return False


def test_a_call_goes_through_and_the_service_can_tell(running: Process) -> None:
    url = f"http://127.0.0.1:{running.port}/api/v1/catalog/categories"
    answer = urllib3.request("GET", url, retries=False, headers={"X-Forwarded-For": "1.2.3.4"})

    assert (answer.status, answer.data) == (200, b'{"mugs": 3}')
    assert not {"server", "via"} & {name.lower() for name in answer.headers}
    asked = running.shelf.last.headers
    GatewayCheck(key_set_of(KEY), service="catalog").check(asked[HEADER])
    assert asked["X-Client-Address"] == "127.0.0.1"
    assert "X-Forwarded-For" not in asked


POST = b"POST /api/v1/checkout/quotes HTTP/1.1\r\nHost: shop\r\nContent-Type: application/json\r\n"
SMUGGLED = b"GET /api/v1/catalog/categories HTTP/1.1\r\nHost: shop\r\n\r\n"
TRICKS = {
    "a length and chunks": POST
    + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    + SMUGGLED,
    "two lengths": POST + b"Content-Length: 2\r\nContent-Length: 60\r\n\r\n{}" + SMUGGLED,
    "the same length twice": POST + b"Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}" + SMUGGLED,
    "two lengths in one": POST + b"Content-Length: 2, 60\r\n\r\n{}" + SMUGGLED,
    "a signed length": POST + b"Content-Length: +2\r\n\r\n{}" + SMUGGLED,
    "chunks and something else": POST + b"Transfer-Encoding: chunked, identity\r\n\r\n{}",
    "chunks in disguise": POST + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "chunks twice": POST
    + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    + SMUGGLED,
    "a folded header": POST + b"X-A: 1\r\n Content-Length: 60\r\n\r\n" + SMUGGLED,
    "a bare line feed": b"GET /api/v1/catalog/categories HTTP/1.1\nHost: shop\n\n" + SMUGGLED,
    "a chunk with a wrong size": POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
}


@pytest.mark.parametrize("raw", TRICKS.values(), ids=TRICKS.keys())
def test_a_call_that_could_be_read_in_two_ways_is_refused_and_ends_the_connection(
    running: Process, raw: bytes
) -> None:
    before = len(running.shelf.asked)
    said = running.send(raw)

    assert said.startswith(b"HTTP/1.1 400"), said
    assert said.count(b"HTTP/1.1 ") == 1
    assert len(running.shelf.asked) == before


def test_a_body_in_chunks_reaches_the_service_as_one_of_a_told_length(running: Process) -> None:
    said = running.send(POST + b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1\r\n}\r\n0\r\n\r\n")

    assert said.startswith(b"HTTP/1.1 200"), said
    assert running.shelf.last.get_data() == b"{}"
    assert running.shelf.last.headers["Content-Length"] == "2"
    assert "Transfer-Encoding" not in running.shelf.last.headers


def test_a_header_with_an_underscore_is_no_other_spelling_of_ours(running: Process) -> None:
    running.send(
        b"GET /api/v1/catalog/categories HTTP/1.1\r\nHost: shop\r\n"
        b"X_Client_Address: 203.0.113.9\r\nConnection: close\r\n\r\n"
    )

    assert running.shelf.last.headers["X-Client-Address"] == "127.0.0.1"


def test_its_log_tells_the_row_and_never_the_address(running: Process) -> None:
    url = f"http://127.0.0.1:{running.port}/api/v1/catalog/categories/secret-name?q=secret-word"
    urllib3.request("GET", url, retries=False)
    lines = [json.loads(line) for line in running.log.read_text().splitlines() if "{" in line]
    (answered,) = [one for one in lines if str(one.get("route")).endswith("/{slug}")]

    assert (answered["service"], answered["status"], answered["method"]) == ("gateway", 200, "GET")
    assert answered["trace_id"]
    assert "secret" not in running.log.read_text()


def test_without_its_settings_it_does_not_start_and_says_what_is_missing() -> None:
    environ = {"PATH": os.environ["PATH"], "PYTHONPATH": os.environ.get("PYTHONPATH", "")}
    command = [sys.executable, "-m", "gateway"]
    done = subprocess.run(
        command, env=environ, capture_output=True, text=True, timeout=60, check=False
    )

    assert done.returncode != 0
    for name in ("GATEWAY_TOKEN_KEYS", "GATEWAY_UPSTREAMS", "GATEWAY_COUNTERS"):
        assert name in done.stderr


def test_it_stops_when_told(running: Process) -> None:
    running.process.send_signal(signal.SIGTERM)

    assert running.process.wait(30) == 0
