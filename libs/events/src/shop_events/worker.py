"""Everything a service does besides answering HTTP: consume, relay, keep deadlines.

The same object runs as threads of a worker process (`start`, `stop`) and, in tests, one step at a
time in the test's own thread (`step`), so that a test sees what production does.
"""

from __future__ import annotations

import logging
import math
import random
import threading
import time
from collections.abc import Callable, Iterable
from typing import Final

from shop_events.broker import Broker, BrokerUnavailable, Intake, TopologyMissing
from shop_events.consumer import Consumer
from shop_events.database import Database
from shop_events.deadlines import Deadlines
from shop_events.lanes import Lanes
from shop_events.leader import Lock, lock_for
from shop_events.relay import Relay
from shop_events.subscriptions import Subscriptions
from shop_events.tidy import Tidy
from shop_events.topology import QueueKind

log = logging.getLogger(__name__)

LOOK_AGAIN_S: Final = 0.005  # when what is due is in another worker's hands
POLL_WITH_BELL_S: Final = 1.0  # the bell wakes us; polling only covers a lost ring
STAND_BY_S: Final = 0.5
LONGEST_BACK_OFF_S: Final = 5.0
DRAIN_S: Final = 25.0

ChangeIntake = Callable[[Intake], Intake]


class Worker:
    """The background side of one service."""

    def __init__(
        self,
        database: Database,
        broker: Broker,
        subscriptions: Subscriptions,
        *,
        lanes: int = 1,
        batch: int = 50,
        strict: bool = False,
        change_intake: ChangeIntake = lambda intake: intake,
    ) -> None:
        """``lanes``: handlers at once, the events of one aggregate always in the same lane.

        ``change_intake`` lets a test duplicate, shuffle or delay what arrives.
        """
        self.database = database
        self.service = subscriptions.service
        self.relay = Relay(database, broker.publisher)
        self.deadlines = Deadlines(database, subscriptions, strict=strict)
        self.consumers = [
            Consumer(
                database,
                subscriptions,
                change_intake(broker.intake(queue, prefetch=max(50, batch * lanes))),
                batch=batch,
                strict=strict,
            )
            for queue in _home_queues(subscriptions)
        ]
        self._tidy = Tidy(database)
        self._lanes = lanes
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []
        self._lock: Lock = lock_for(database, "relay")

    def step(self) -> int:
        """Do everything that can be done now, once, in this thread; how much it was."""
        done = self.relay.step()
        done += sum(consumer.step() for consumer in self.consumers)
        return done + self.deadlines.step()

    def start(self) -> None:
        """Begin to consume, relay and keep deadlines, each in a thread of its own."""
        loops: list[tuple[str, Callable[[], None]]] = [
            ("relay", self._relay_loop),
            ("deadlines", self._deadline_loop),
        ]
        for consumer in self.consumers:
            lanes = Lanes(consumer, self._lanes, self._stopping)
            loops.append(("consumer", lambda lanes=lanes: lanes.run()))  # type: ignore[misc]
        for name, loop in loops:
            thread = threading.Thread(
                target=self._keep_going, args=(loop,), name=f"{self.service}.{name}", daemon=True
            )
            thread.start()
            self._threads.append(thread)

    def stop(self, *, within_s: float = DRAIN_S) -> bool:
        """Take nothing new, finish what is in hand, let go. Whether all ended in time."""
        self._stopping.set()
        self.database.bell.ring()
        until = time.monotonic() + within_s
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))
        for consumer in self.consumers:
            consumer.stop()
            consumer.intake.close()
        self.relay.close()
        self._lock.close()
        return not any(thread.is_alive() for thread in self._threads)

    @property
    def alive(self) -> bool:
        """Whether every thread that was started still runs."""
        return all(thread.is_alive() for thread in self._threads)

    def _keep_going(self, loop: Callable[[], None]) -> None:
        """Run ``loop`` until told to stop; what it raises costs a pause, never the thread."""
        pause_s = 0.1
        while not self._stopping.is_set():
            started = time.monotonic()
            try:
                loop()
            except (BrokerUnavailable, TopologyMissing) as error:
                log.warning("%s: %s", threading.current_thread().name, error)
            except Exception:
                log.exception("%s stumbled and goes on.", threading.current_thread().name)
            if time.monotonic() - started > LONGEST_BACK_OFF_S:
                pause_s = 0.1
            self._stopping.wait(pause_s * random.uniform(0.5, 1.0))
            pause_s = min(pause_s * 2, LONGEST_BACK_OFF_S)

    def _relay_loop(self) -> None:
        bell = self.database.bell
        while not self._stopping.is_set():
            if not self._lock.try_hold():
                self._stopping.wait(STAND_BY_S)
                continue
            seen = bell.seen()
            if self.relay.step() >= self.relay.batch:
                continue
            self._tidy.now_and_then()
            bell.wait(seen, POLL_WITH_BELL_S)

    def _deadline_loop(self) -> None:
        bell = self.database.bell
        while not self._stopping.is_set():
            seen = bell.seen()
            wait_s = self._until_due_s()
            # Most commits make nothing due: a glance, and no writing transaction, tells so.
            if wait_s <= 0 and self.deadlines.step():
                continue
            bell.wait(seen, min(max(wait_s, LOOK_AGAIN_S), POLL_WITH_BELL_S))

    def _until_due_s(self) -> float:
        due = self.deadlines.next_due()
        return math.inf if due is None else (due - self.database.clock.now()).total_seconds()


def _home_queues(subscriptions: Subscriptions) -> Iterable[str]:
    queues = subscriptions.topology().queues
    return sorted(queue.name for queue in queues if queue.kind is QueueKind.WORK)
