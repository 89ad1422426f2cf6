"""Handlers side by side, with the events of one aggregate always in the same lane."""

from __future__ import annotations

import logging
import queue
import threading
import zlib
from typing import Final

from shop_events.broker import BrokerUnavailable, Delivery
from shop_events.consumer import Consumer

log = logging.getLogger(__name__)

RECEIVE_S: Final = 0.5
BATCH: Final = 50


class Lanes:
    """Runs one consumer in one or more threads until ``stopping`` is set.

    With one lane the caller's thread receives and handles. With more it receives and hands out:
    order within an aggregate holds as far as the broker kept it (EVENTS.md row 29).
    """

    def __init__(self, consumer: Consumer, count: int, stopping: threading.Event) -> None:
        self._consumer = consumer
        self._count = count
        self._stopping = stopping
        self._lanes: list[queue.SimpleQueue[Delivery | None]] = []

    def run(self) -> None:
        """Consume until told to stop; what is in hand then is finished first.

        Raises:
            BrokerUnavailable: the connection is gone; run again.
            TopologyMissing: the queue does not exist.
        """
        if self._count == 1:
            while not self._stopping.is_set():
                self._consumer.step(timeout_s=RECEIVE_S)
            return
        self._run_side_by_side()

    def _run_side_by_side(self) -> None:
        self._lanes = [queue.SimpleQueue() for _ in range(self._count)]
        threads = [
            threading.Thread(target=self._lane, args=(lane,), name=f"lane-{number}", daemon=True)
            for number, lane in enumerate(self._lanes)
        ]
        for thread in threads:
            thread.start()
        try:
            while not self._stopping.is_set():
                for delivery in self._consumer.intake.receive(BATCH, timeout_s=RECEIVE_S):
                    self._lane_of(delivery).put(delivery)
        finally:
            for lane in self._lanes:
                lane.put(None)
            for thread in threads:
                thread.join()

    def _lane_of(self, delivery: Delivery) -> queue.SimpleQueue[Delivery | None]:
        subject = str(delivery.headers.get("ce-subject", ""))
        return self._lanes[zlib.crc32(subject.encode()) % self._count]

    def _lane(self, lane: queue.SimpleQueue[Delivery | None]) -> None:
        while (first := lane.get()) is not None:
            batch, ended = _more(lane, first)
            try:
                self._consumer.handle(batch)
            except Exception:
                log.exception("A lane stumbled; its deliveries go back to the queue.")
                self._give_back(batch)
            if ended:
                return

    def _give_back(self, batch: list[Delivery]) -> None:
        try:
            self._consumer.intake.release(batch)
        except BrokerUnavailable:
            log.warning("The broker is gone; it gives %d deliveries again by itself.", len(batch))


def _more(lane: queue.SimpleQueue[Delivery | None], first: Delivery) -> tuple[list[Delivery], bool]:
    """What else waits in this lane, up to a batch, and whether the end mark was met."""
    batch = [first]
    while len(batch) < BATCH:
        try:
            following = lane.get_nowait()
        except queue.Empty:
            break
        if following is None:
            return batch, True
        batch.append(following)
    return batch, False
