"""`make serve`: every service as processes of its own, watched over, until it is told to stop."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import urllib3

from shop_suite.deployed import free_ports
from shop_suite.servers.tree import family
from tests.support import eventually
from tests.support.sources import Postgres
from tests.support.towns import Hosts

pytestmark = pytest.mark.timeout(240)


def answers(url: str) -> bool:
    try:
        return urllib3.request("GET", url, timeout=2.0, retries=False).status == 200
    except urllib3.exceptions.HTTPError:
        return False


def is_running(pid: int, words: str) -> bool:
    """Whether one of the town's processes was started with these words."""
    lines = [Path(f"/proc/{one}/cmdline").read_bytes() for one in family(pid)]
    return any(words.encode() in line.replace(b"\0", b" ") for line in lines)


def pid_of(pid: int, words: str) -> int:
    for one in family(pid):
        if words.encode() in Path(f"/proc/{one}/cmdline").read_bytes().replace(b"\0", b" "):
            return one
    raise LookupError(words)


def test_services_are_served_started_again_when_they_die_and_stopped_when_told(
    postgres: Postgres, rabbit_of_towns: Hosts, tmp_path: Path
) -> None:
    (port,) = free_ports(1)
    log = tmp_path / "serve.log"
    command = [sys.executable, "-m", "shop_suite", "serve", "--no-goods", "--port", str(port)]
    command += ["--services", "cart,order,logistics"]  # the others are started in the same way
    environ = {
        **os.environ,
        "SERVE_POSTGRES_URL": postgres.url,
        "SERVE_RABBIT_URL": rabbit_of_towns.create_vhost(),
    }
    with log.open("wb") as said:
        town = subprocess.Popen(
            [*command, "--data", str(tmp_path / "town")], env=environ, stdout=said, stderr=said
        )
        try:
            ready = f"http://127.0.0.1:{port}/health/ready"
            eventually(lambda: answers(ready), within_s=120, message=log.read_text)
            eventually(lambda: "is open on" in log.read_text(), within_s=60)
            worker = "chassis worker cart_service"
            os.kill(pid_of(town.pid, worker), signal.SIGKILL)
            eventually(lambda: "cart worker has ended" in log.read_text(), within_s=30)
            eventually(lambda: is_running(town.pid, worker), within_s=30)
            assert answers(ready)
        finally:
            everybody = family(town.pid)
            town.terminate()
            code = town.wait(60)

    assert code == 0
    assert len(everybody) > 7
    assert not [one for one in everybody if Path(f"/proc/{one}").exists()]
