"""Asks the questions one after another, and says at the end which floors were met."""

from __future__ import annotations

import os
import platform
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from typing import Final

from shop_suite.bench import consumer, latency, relay, road
from shop_suite.bench.figures import Floor
from shop_suite.bench.ground import Asked, Ground
from shop_suite.servers.postgres import find_postgres, postgres_version
from shop_suite.servers.rabbit import find_rabbit, rabbit_version

Say = Callable[[str], None]

QUESTIONS: Final[dict[str, Callable[[Asked], list[Floor]]]] = {
    "relay": relay.ask,
    "consumer": consumer.ask,
    "latency": latency.ask,
    "road": road.ask,
}
SPOKEN_OF: Final = ("sqlalchemy", "psycopg", "pika", "kombu", "flask")


def ask_all(*, orders: int, only: str, say: Say) -> bool:
    """Ask every question, or the one named ``only``; whether every floor was met.

    Raises:
        ServerNotInstalled: PostgreSQL or RabbitMQ is not on this machine.
    """
    if only and only not in QUESTIONS:
        say(f"There is no question {only}; there are {', '.join(QUESTIONS)}.")
        return False
    say(machine())
    floors: list[Floor] = []
    for name, question in QUESTIONS.items():
        if only in ("", name):
            floors += _answered(name, question, orders=orders, say=say)
    say("\nFloors:")
    for floor in floors:
        say(f"    {floor}")
    return all(floor.met for floor in floors)


def machine() -> str:
    """What this was measured on, and how busy it was."""
    libraries = ", ".join(f"{name} {version(name)}" for name in SPOKEN_OF)
    servers = f"PostgreSQL {postgres_version(find_postgres())}, "
    servers += f"RabbitMQ {rabbit_version(find_rabbit())}"
    return (
        f"{os.cpu_count()} cores, load {_load()}; {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}\n{servers}; {libraries}"
    )


def _answered(
    name: str, question: Callable[[Asked], list[Floor]], *, orders: int, say: Say
) -> list[Floor]:
    asks = (sys.modules[question.__module__].__doc__ or "").splitlines()[0]
    say(f"\n{name}: {asks}")
    started = time.monotonic()
    with Ground() as ground:
        floors = question(Asked(ground, say, orders))
    say(f"    took {time.monotonic() - started:.0f} s; load {_load()} at its end")
    return floors


def _load() -> str:
    return f"{os.getloadavg()[0]:.1f}"
