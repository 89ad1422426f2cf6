"""One consumer's hold on one queue of a local broker."""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Sequence
from datetime import timedelta

from shop_events.broker import BrokerUnavailable, Delivery, Failure
from shop_events.local.declared import Declared
from shop_events.local.file import LocalFile
from shop_events.local.messages import Handle, Messages
from shop_events.topology import delay_queue

log = logging.getLogger(__name__)


class LocalIntake:
    """Takes deliveries of ``queue``, at most ``prefetch`` at a time. Any thread may call it."""

    def __init__(
        self, file: LocalFile, declared: Declared, messages: Messages, *, queue: str, prefetch: int
    ) -> None:
        self._file = file
        self._declared = declared
        self._messages = messages
        self._queue = queue
        self._prefetch = prefetch
        self._held: set[Handle] = set()
        self._done: deque[Handle] = deque()  # said by the consumer, and not written down yet
        self._back: deque[Handle] = deque()
        self._closed = False

    def receive(self, at_most: int, *, timeout_s: float) -> list[Delivery]:
        """Up to ``at_most`` deliveries; waits for the first one, at most ``timeout_s``.

        A call that waits while the intake is closed gives none.

        Raises:
            BrokerUnavailable: the broker or this intake is closed, or the file cannot be used.
            TopologyMissing: the queue does not exist.
        """
        deadline = time.monotonic() + timeout_s
        with self._file.turn():
            self._refuse_if_closed()
            self._declared.queue(self._queue)
            self._settle()
            while not (taken := self._take(at_most)):
                left = deadline - time.monotonic()
                if left <= 0:
                    break
                due_at = self._messages.next_due(self._queue) if self._room() else None
                self._file.wait(self._queue, left, due_at=due_at)
                if self._closed:
                    break
            return taken

    def ack(self, deliveries: Sequence[Delivery]) -> None:
        """These are done with, in one transaction. Quiet where the file takes nothing now.

        It is written down later then; if the process dies before that, they will come again.
        """
        self._say(self._done, deliveries)

    def retry(self, delivery: Delivery, *, after: timedelta, failure: Failure) -> None:
        """Deliver it again after ``after``, a step of the applied ladder.

        Raises:
            BrokerUnavailable: not moved, or no longer held; the original will come again.
            TopologyMissing: ``after`` is no step of the ladder; still in hand.
        """
        with self._file.turn():
            handle = self._our(delivery)
            # The row could wait for any time; RabbitMQ could not, and both shall behave alike.
            self._declared.queue(delay_queue(self._queue, after))
            with self._file.change():
                self._messages.delay(delivery, after=after, said=failure.headers(delivery))
            self._let_go([handle])

    def bury(self, delivery: Delivery, *, failure: Failure) -> None:
        """Move it to the queue's dead letters, with its cause.

        Raises:
            BrokerUnavailable: not moved, or no longer held; the original will come again.
            TopologyMissing: the queue has no dead letters; still in hand.
        """
        with self._file.turn():
            handle = self._our(delivery)
            with self._file.change():
                self._messages.bury(delivery, said=failure.headers(delivery))
            self._let_go([handle])

    def release(self, deliveries: Sequence[Delivery]) -> None:
        """Give these back unharmed: no attempt is counted, but a delivery is. Quiet as `ack`."""
        self._say(self._back, deliveries)

    def close(self) -> None:
        """Stop taking; what is in hand goes back to the queue."""
        self._closed = True
        self._say(self._back, [])
        try:
            with self._file.turn():
                self._give_back(list(self._held))
        except BrokerUnavailable as error:
            if self._held:
                log.warning("%d of %s come again later: %s", len(self._held), self._queue, error)

    def _say(self, answers: deque[Handle], deliveries: Sequence[Delivery]) -> None:
        answers.extend(one.handle for one in deliveries if isinstance(one.handle, Handle))
        try:
            with self._file.turn():
                self._settle()
        except BrokerUnavailable as error:
            log.warning("Answers about %s are written down later: %s", self._queue, error)

    def _settle(self) -> None:
        """Write down what was said, within a turn; other threads may say more meanwhile."""
        said_done, said_back = tuple(self._done), tuple(self._back)
        if not said_done and not said_back:
            return
        done = self._held.intersection(said_done)
        back = self._held.intersection(said_back) - done
        with self._file.change():
            self._messages.remove(done)
            self._messages.give_back(self._queue, sorted(back))
        for answers, said in ((self._done, said_done), (self._back, said_back)):
            for _ in said:
                answers.popleft()
        self._let_go([*done, *back])

    def _take(self, at_most: int) -> list[Delivery]:
        room = min(at_most, self._room())
        taken = self._messages.take(self._queue, room) if room > 0 else []
        self._held.update(one.handle for one in taken if isinstance(one.handle, Handle))
        return taken

    def _room(self) -> int:
        return self._prefetch - len(self._held)

    def _ours(self, deliveries: Sequence[Delivery]) -> list[Handle]:
        """Those that are still in hand: a late answer must not touch what others hold by now."""
        handles = [one.handle for one in deliveries if isinstance(one.handle, Handle)]
        return [handle for handle in handles if handle in self._held]

    def _our(self, delivery: Delivery) -> Handle:
        for handle in self._ours([delivery]):
            return handle
        raise BrokerUnavailable(f"A delivery of {self._queue} is not in hand any more.")

    def _give_back(self, handles: Sequence[Handle]) -> None:
        with self._file.change():
            self._messages.give_back(self._queue, handles)
        self._let_go(handles)

    def _let_go(self, handles: Sequence[Handle]) -> None:
        self._held.difference_update(handles)
        self._file.ring([self._queue])

    def _refuse_if_closed(self) -> None:
        if self._closed:
            raise BrokerUnavailable(f"This hold on {self._queue} was closed.")
