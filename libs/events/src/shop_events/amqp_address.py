"""Where RabbitMQ is, and how its two clients connect: bounded in every wait, verified under TLS.

kombu (py-amqp below it) reads: it blocks, with a timeout on each socket operation. pika publishes:
it never blocks. docs/adr/0003 says why there are two.
"""

from __future__ import annotations

import os
import random
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final, Generic, TypeVar

import pika
from kombu.connection import Connection

from shop_events.amqp_frames import tolerant_frames

CONNECT_TIMEOUT_S: Final = 5.0
HEARTBEAT_S: Final = 30

# How long one read or write on an open socket may take. A broker that is frozen is thereby noticed
# by whoever waits for its answer; py-amqp has no other limit (EVENTS.md pitfall 4).
SOCKET_TIMEOUT_S: Final = 5.0

# Sent and not acknowledged by the other machine for this long: the line is cut.
UNACKNOWLEDGED_MS: Final = 15_000

FIRST_PAUSE_S: Final = 0.1
LONGEST_PAUSE_S: Final = 5.0
FORGIVEN_AFTER_S: Final = 10.0

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Address:
    """An ``amqp://`` URL, or several parted by ``;`` that are tried in turn.

    ``name`` is what RabbitMQ shows for the connection.
    """

    url: str
    name: str
    heartbeat_s: int = HEARTBEAT_S

    def called(self, part: str) -> Address:
        """The same place, for another purpose of the same process."""
        return replace(self, name=f"{self.name} {part}")

    def connect(self, turn: int = 0, *, heartbeat_s: int | None = None) -> Any:
        """Open a py-amqp connection to URL number ``turn``; one attempt, no hidden retry.

        Raises:
            OSError, amqp.exceptions.AMQPError: it did not come about within five seconds.
        """
        url = self._at(turn)
        client = Connection(
            url,
            connect_timeout=CONNECT_TIMEOUT_S,
            heartbeat=self.heartbeat_s if heartbeat_s is None else heartbeat_s,
            # None: the host of the URL, so that its certificate must bear that name
            ssl={"server_hostname": None} if url.startswith("amqps:") else False,
            transport_options={
                "client_properties": {"connection_name": self.name},
                "socket_settings": _socket_settings(),
                "frame_handler": tolerant_frames,
            },
        )
        connection = client.transport.establish_connection()
        connection.sock.settimeout(SOCKET_TIMEOUT_S)
        return connection

    def for_pika(self, turn: int = 0) -> Any:
        """What pika needs to know to connect to URL number ``turn``."""
        wanted = pika.URLParameters(self._at(turn))
        wanted.heartbeat = self.heartbeat_s
        wanted.socket_timeout = CONNECT_TIMEOUT_S
        wanted.stack_timeout = CONNECT_TIMEOUT_S
        wanted.client_properties = {"connection_name": self.name}
        wanted.tcp_options = {"TCP_USER_TIMEOUT": UNACKNOWLEDGED_MS, "TCP_KEEPIDLE": 60}
        return wanted

    def _at(self, turn: int) -> str:
        urls = [url.strip() for url in self.url.split(";") if url.strip()]
        return urls[turn % len(urls)]


class Backoff:
    """Pauses between attempts: doubling from 0.1 s to 5 s, each cut short by chance.

    Chance keeps a hundred processes from knocking at the same instant. Ten seconds without a
    failure and the next pause is short again.
    """

    def __init__(self) -> None:
        self._failures = 0
        self._failed_at = 0.0

    def next_s(self) -> float:
        """How long to wait after one more failure."""
        now = time.monotonic()
        if now - self._failed_at > FORGIVEN_AFTER_S:
            self._failures = 0
        ceiling = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2**self._failures)
        self._failures = min(self._failures + 1, 16)
        self._failed_at = now + ceiling
        return random.uniform(ceiling / 2, ceiling)


class PerProcess(Generic[T]):
    """Something that each process makes for itself, when it first needs it.

    After a fork the child makes its own and lets go of the parent's without a word: a socket that
    two processes write to is a broken one (EVENTS.md pitfall 6).
    """

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._made: dict[int, T] = {}
        # By process too: another thread may have held the parent's lock at the fork.
        self._locks: dict[int, threading.Lock] = {}

    def get(self) -> T:
        """This process's own."""
        pid = os.getpid()
        if pid not in self._made:
            with self._locks.setdefault(pid, threading.Lock()):
                if pid not in self._made:
                    self._made = {pid: self._make()}
        return self._made[pid]

    def peek(self) -> T | None:
        """This process's own, if it was ever needed."""
        return self._made.get(os.getpid())


def _socket_settings() -> dict[int, int]:
    wanted = {"TCP_USER_TIMEOUT": UNACKNOWLEDGED_MS}
    return {getattr(socket, name): ms for name, ms in wanted.items() if hasattr(socket, name)}
