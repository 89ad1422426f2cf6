"""The thread that owns an intake's connection: it reads, beats, settles, and connects again.

What it reads lies on a `Shelf` until any thread takes it. What the takers say about it waits in two
lines, ``done`` and ``back``, and a ring of the bell ends the thread's wait.
"""

from __future__ import annotations

import logging
import socket
import threading
import time
from collections import deque
from collections.abc import Sequence
from typing import Final

import amqp

from shop_events.amqp_address import Address, Backoff
from shop_events.amqp_session import Handle, Session, unavailable
from shop_events.broker import BrokerUnavailable, Delivery, TopologyMissing

log = logging.getLogger(__name__)

CLOSE_WITHIN_S: Final = 1.5

# What is given back comes again at once, to this consumer first, and every delivery counts towards
# the limit. So it is given back a moment later: who closes next gives it back by closing.
GIVE_BACK_AFTER_S: Final = 0.1


class Shelf:
    """Deliveries that wait to be taken, and what is wrong while none come."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._waiting: deque[Delivery] = deque()
        self._trouble: BrokerUnavailable | TopologyMissing | None = None
        self._news = False  # a queue was found to be missing, and nobody was told yet
        self._closed = False

    def put(self, deliveries: Sequence[Delivery]) -> None:
        """These have arrived, so all is well."""
        with self._changed:
            self._waiting.extend(deliveries)
            self._trouble = None
            self._changed.notify_all()

    def lose(self, trouble: BrokerUnavailable | TopologyMissing) -> None:
        """The connection is gone: what nobody took yet will come again over the next one."""
        with self._changed:
            self._waiting.clear()
            missing = isinstance(trouble, TopologyMissing)
            self._news = missing and not isinstance(self._trouble, TopologyMissing)
            self._trouble = trouble
            self._changed.notify_all()

    def close(self) -> None:
        """Nothing more will come."""
        with self._changed:
            self._waiting.clear()
            self._closed = True
            self._changed.notify_all()

    def take(self, at_most: int, *, timeout_s: float) -> list[Delivery]:
        """Up to ``at_most``; waits for the first. Trouble that lasts is told when the wait is over.

        So whoever calls in a loop neither spins nor misses a quick recovery. Only that a queue
        is missing is told at once, the first time: waiting will not bring it.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closed or self._news, timeout_s)
            self._news = False
            if not self._waiting and self._trouble is not None and not self._closed:
                raise type(self._trouble)(*self._trouble.args)
            count = min(at_most, len(self._waiting))
            return [self._waiting.popleft() for _ in range(count)]


class Hold:
    """Keeps one queue consumed, whatever happens to the connection, until it is closed."""

    def __init__(self, address: Address, queue: str, *, prefetch: int) -> None:
        self.shelf = Shelf()
        self._address = address
        self._queue = queue
        self._prefetch = prefetch
        self._done: deque[list[Handle]] = deque()
        self._back: deque[tuple[float, list[Handle]]] = deque()  # with when it is due
        self._stopping = threading.Event()
        self._bell, self._ear = socket.socketpair()
        self._bell.setblocking(False)
        self._ear.setblocking(False)
        self._thread = threading.Thread(target=self._run, name=f"amqp {queue}", daemon=True)
        self._thread.start()

    def ack(self, deliveries: Sequence[Delivery]) -> None:
        """Let the thread tell the broker that these are done with; returns at once."""
        self._done.append(_handles(deliveries))
        self._ring()

    def give_back(self, deliveries: Sequence[Delivery]) -> None:
        """Let the thread give these back, a moment later; returns at once."""
        self._back.append((time.monotonic() + GIVE_BACK_AFTER_S, _handles(deliveries)))
        self._ring()

    def close(self) -> None:
        """Settle what was said, then let go; within two seconds, even if the broker is frozen."""
        self.shelf.close()
        self._stopping.set()
        self._ring()
        self._thread.join(CLOSE_WITHIN_S)

    def _ring(self) -> None:
        try:
            self._bell.send(b"\0")
        except BlockingIOError:
            return  # full of rings that are not heard yet
        except OSError:
            if not self._stopping.is_set():
                raise

    # Everything below runs in the hold's own thread.

    def _run(self) -> None:
        backoff = Backoff()
        turn = 0
        while not self._stopping.is_set():
            try:
                self._live(turn)
            except (BrokerUnavailable, TopologyMissing) as trouble:
                log.warning("%s", trouble)
                self.shelf.lose(trouble)
            except Exception:
                # py-amqp raises almost anything when a connection breaks in the middle; whatever
                # it was, the way out is the same: a new connection.
                log.exception("The connection for %s failed inside the client.", self._queue)
                self.shelf.lose(BrokerUnavailable(f"Lost the connection for {self._queue}."))
            turn += 1
            self._stopping.wait(backoff.next_s())
        self._bell.close()
        self._ear.close()

    def _live(self, turn: int) -> None:
        session = Session(self._address, self._queue, prefetch=self._prefetch, turn=turn)
        try:
            self.shelf.put([])
            while not self._stopping.is_set():
                session.wait(self._ear, at_most_s=self._next_due_s())
                self._settle(session)
                if arrived := session.read():
                    self.shelf.put(arrived)
                session.beat()
            self._settle(session)
        except (amqp.AMQPError, OSError) as error:
            session.abandon()
            raise unavailable(error, self._queue) from error
        except BaseException:
            session.abandon()
            raise
        session.close()

    def _settle(self, session: Session) -> None:
        self._hear()
        if self._done:
            session.ack([handle for _ in range(len(self._done)) for handle in self._done.popleft()])
        while self._back and self._back[0][0] <= time.monotonic():
            session.give_back(self._back.popleft()[1])

    def _next_due_s(self) -> float:
        return max(0.0, self._back[0][0] - time.monotonic()) if self._back else 3600.0

    def _hear(self) -> None:
        try:
            self._ear.recv(4096)
        except BlockingIOError:
            return


def _handles(deliveries: Sequence[Delivery]) -> list[Handle]:
    return [one.handle for one in deliveries if isinstance(one.handle, Handle)]
