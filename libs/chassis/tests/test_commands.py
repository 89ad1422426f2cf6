"""Every process is started, and looked after, in the same way."""

import http.client
import logging
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner, Result

from chassis.commands import main
from chassis.testing import ISSUER_KEY
from libs.chassis.tests.processes import KIOSK, Environ, answers, buy, running
from tests.support import eventually

Here = Callable[..., Result]


@pytest.fixture
def environ(tmp_path: Path, free_port: int) -> Environ:
    return {
        **{name: value for name, value in os.environ.items() if name in ("PATH", "HOME")},
        "SHOP_ENV": "dev",
        "SHOP_TOKEN_KEYS": orjson.dumps({"keys": [ISSUER_KEY.public()]}).decode(),
        "KIOSK_DATABASE_URL": f"sqlite:///{tmp_path / 'kiosk.db'}",
        "KIOSK_BROKER_URL": f"sqlite:///{tmp_path / 'broker.db'}",
        "KIOSK_WEB_BIND": f"127.0.0.1:{free_port}",
    }


def run(*words: str, environ: Environ) -> subprocess.CompletedProcess[str]:
    """A command as a process of its own."""
    command = [sys.executable, "-m", "chassis", *words]
    return subprocess.run(
        command, env=environ, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.fixture
def run_here(monkeypatch: pytest.MonkeyPatch) -> Iterator[Here]:
    """A command that starts no process, in this one: another interpreter costs more than it does.

    It sees the given environment and no other; what it does to the log is undone.
    """
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level

    def run_it(*words: str, environ: Environ) -> Result:
        for name in os.environ:
            monkeypatch.delenv(name)
        for name, text in environ.items():
            monkeypatch.setenv(name, text)
        return CliRunner().invoke(main, words, catch_exceptions=False)

    yield run_it
    root.handlers[:] = handlers
    root.setLevel(level)


def test_check_tells_every_setting_and_no_secret(run_here: Here, environ: Environ) -> None:
    done = run_here("check", KIOSK, environ=environ)

    assert done.exit_code == 0, done.stderr
    assert "collect_within_s" in done.stdout
    assert "***  (KIOSK_DATABASE_URL)" in done.stdout
    assert "kiosk.db" not in done.stdout


def test_check_fails_when_a_setting_is_missing(run_here: Here, environ: Environ) -> None:
    del environ["SHOP_TOKEN_KEYS"]

    done = run_here("check", KIOSK, environ=environ)

    assert done.exit_code == 2
    assert "WRONG: KIOSK_TOKEN_KEYS (or SHOP_TOKEN_KEYS) is not set." in done.stdout


@pytest.mark.parametrize("command", ["web", "worker", "migrate"])
def test_no_process_starts_without_its_settings(
    run_here: Here, environ: Environ, command: str
) -> None:
    del environ["KIOSK_DATABASE_URL"]

    done = run_here(command, KIOSK, environ=environ)

    assert done.exit_code == 1
    assert "KIOSK_DATABASE_URL (or SHOP_DATABASE_URL) is not set." in done.stderr


def test_a_process_that_cannot_start_says_so_in_a_sentence(environ: Environ) -> None:
    del environ["KIOSK_DATABASE_URL"]

    done = run("worker", KIOSK, environ=environ)

    assert done.returncode == 1
    assert "KIOSK_DATABASE_URL (or SHOP_DATABASE_URL) is not set." in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(("command", "code"), [("web", 1), ("check", 2)])
def test_in_production_nobody_answers_without_the_gateways_keys(
    run_here: Here, environ: Environ, command: str, code: int
) -> None:
    del environ["SHOP_ENV"], environ["SHOP_TOKEN_KEYS"]

    done = run_here(command, KIOSK, environ=environ)

    assert done.exit_code == code
    assert "KIOSK_GATEWAY_KEYS (or SHOP_GATEWAY_KEYS) is not set: it would answer" in done.output
    assert "KIOSK_TOKEN_KEYS (or SHOP_TOKEN_KEYS) is not set." in done.output


def test_something_that_is_no_service_is_refused(run_here: Here, environ: Environ) -> None:
    done = run_here("check", "libs.chassis.tests.kiosk.service:PRICE", environ=environ)

    assert done.exit_code == 2
    assert "is a Money, not a Service" in done.stderr


def test_the_topology_is_planned_missed_applied_and_there(run_here: Here, environ: Environ) -> None:
    assert "queue kiosk.events.v1" in run_here("topology", "plan", KIOSK, environ=environ).stdout
    missing = run_here("topology", "diff", KIOSK, environ=environ)
    assert missing.exit_code == 1
    assert "kiosk.events.v1" in missing.stdout

    assert run_here("topology", "apply", KIOSK, environ=environ).exit_code == 0

    assert run_here("topology", "diff", KIOSK, environ=environ).exit_code == 0


def test_a_web_process_answers_logs_in_json_and_stops_when_told(
    run_here: Here, environ: Environ, tmp_path: Path
) -> None:
    run_here("migrate", KIOSK, environ=environ)
    log = tmp_path / "web.log"
    url = f"http://{environ['KIOSK_WEB_BIND']}"

    with running("web", environ=environ, log=log) as process:
        eventually(lambda: answers(f"{url}/health/ready"), within_s=30, message=log.read_text)
        status, sold = buy(url)
        too_large = upload_in_chunks(environ["KIOSK_WEB_BIND"])
        lists = [
            upload_in_chunks(
                environ["KIOSK_WEB_BIND"], "long-lists", media_type="text/csv", pieces=n
            )
            for n in (15, 16)
        ]
        cut_off = say(environ["KIOSK_WEB_BIND"], b'Content-Length: 500\r\n\r\n{"lines": []}')
        cut_list = say(
            environ["KIOSK_WEB_BIND"],
            b"Content-Length: 500\r\n\r\na,b\n",
            b"POST /api/v1/long-lists HTTP/1.1\r\nContent-Type: text/csv\r\n",
        )
        no_chunks = say(environ["KIOSK_WEB_BIND"], b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}")
        nonsense = say(environ["KIOSK_WEB_BIND"], b"\r\n", b"GET /health/live HTTP/one\r\n")
        long = say(environ["KIOSK_WEB_BIND"], b"\r\n", b"GET /" + b"x" * 9_000 + b" HTTP/1.1\r\n")
        process.send_signal(signal.SIGTERM)
        code = process.wait(30)

    assert b" 400 " in nonsense
    assert b'"code": "bad_request"' in nonsense
    assert b" 414 " in long
    assert b"application/problem+json" in long
    assert status == 201
    assert too_large == 413
    assert lists == [200, 413]
    assert b'"code":"body_cut_off"' in cut_off
    assert b" 400 " in cut_list
    assert b'"code":"malformed_body"' in no_chunks
    assert sold["mugs"] == 1
    assert code == 0
    lines = [orjson.loads(line) for line in log.read_bytes().splitlines()]
    assert {line["service"] for line in lines} == {"kiosk"}
    assert any(line.get("route") == "/api/v1/sales" for line in lines)


BASKET = b"POST /api/v1/baskets HTTP/1.1\r\nHost: x\r\n"
HALVES = (
    b"GET /heal",
    b"GET /health/live HTTP/1.1\r\nHost: x\r\nAcc",
    BASKET + b"Content-Length: 9\r\n\r\n{",
    BASKET + b"Transfer-Encoding: chunked\r\n\r\n9\r\n{",
)


def test_who_falls_silent_in_the_middle_of_a_request_stops_no_web_process(
    run_here: Here, environ: Environ, tmp_path: Path
) -> None:
    run_here("migrate", KIOSK, environ=environ)
    log = tmp_path / "web.log"
    host, _, port = environ["KIOSK_WEB_BIND"].partition(":")
    few = {"KIOSK_WEB_PROCESSES": "1", "KIOSK_WEB_THREADS": str(len(HALVES))}

    with running("web", environ=environ | few, log=log), ExitStack() as lines:
        url = f"http://{environ['KIOSK_WEB_BIND']}/health/live"
        eventually(lambda: answers(url), within_s=30, message=log.read_text)
        for half in HALVES:
            line = lines.enter_context(socket.create_connection((host, int(port))))
            line.sendall(half)
        eventually(lambda: answers(url), within_s=30, message=log.read_text)


def test_a_worker_stops_when_told_within_its_time(
    run_here: Here, environ: Environ, tmp_path: Path
) -> None:
    run_here("migrate", KIOSK, environ=environ)
    run_here("topology", "apply", KIOSK, environ=environ)
    log = tmp_path / "worker.log"

    with running("worker", environ=environ, log=log) as process:
        eventually(lambda: "kiosk works." in log.read_text(), within_s=30, message=log.read_text)
        process.send_signal(signal.SIGTERM)
        code = process.wait(30)

    assert code == 0, log.read_text()
    assert "kiosk has stopped." in log.read_text()


def test_the_module_level_application_serves_under_a_bare_wsgi_server(
    run_here: Here, environ: Environ
) -> None:
    run_here("migrate", KIOSK, environ=environ)
    script = (
        "from werkzeug.test import Client\n"
        "from libs.chassis.tests.kiosk.service import app\n"
        "print(Client(app).get('/health/ready').status_code)\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", script],
        env=environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.stdout.strip() == "200", done.stderr


def upload_in_chunks(
    address: str,
    path: str = "baskets",
    *,
    media_type: str = "application/json",
    pieces: int = 20,
) -> int:
    """So many times 100 kB whose length nobody is told; the status."""
    connection = http.client.HTTPConnection(address, timeout=20)
    headers = {"Content-Type": media_type}
    chunks = (b" " * 100_000 for _ in range(pieces))
    connection.request("POST", f"/api/v1/{path}", chunks, headers, encode_chunked=True)
    status = connection.getresponse().status
    connection.close()
    return status


def say(
    address: str,
    rest: bytes,
    start: bytes = b"POST /api/v1/baskets HTTP/1.1\r\nContent-Type: application/json\r\n",
) -> bytes:
    """The answer to ``start``, a last header and a body of these bytes, and then no more."""
    host, _, port = address.partition(":")
    start += b"Host: x\r\n"
    with socket.create_connection((host, int(port)), timeout=20) as line:
        line.sendall(start + rest)
        line.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: line.recv(65536), b""))
