"""Processes of the kiosk, and somebody who calls them from outside."""

import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import orjson

from chassis.testing import ISSUER_KEY, shopper
from shop_events import SystemClock, new_id

KIOSK = "libs.chassis.tests.kiosk.service:service"
Environ = dict[str, str]


@contextmanager
def running(command: str, *, environ: Environ, log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process of the kiosk; stopped at the end whatever happens."""
    with log.open("wb") as out:
        words = [sys.executable, "-m", "chassis", command, KIOSK]
        process = subprocess.Popen(words, env=environ, stdout=out, stderr=out)
    try:
        yield process
    finally:
        process.kill()
        process.wait(10)


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def buy(url: str, *, key: str = "") -> tuple[int, dict[str, object]]:
    """Ann buys a mug; status and answer."""
    token = ISSUER_KEY.mint(shopper("ann"), now=SystemClock().now())
    request = urllib.request.Request(
        f"{url}/api/v1/sales",
        data=b'{"mugs": 1}',
        headers={
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/json",
            "Idempotency-Key": key or new_id(),
        },
    )
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, orjson.loads(answer.read())
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, orjson.loads(refused.read())
