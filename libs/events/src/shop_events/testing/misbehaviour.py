"""An intake that misbehaves as networks and brokers do, by a seed that makes it do so again."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import timedelta

from shop_events.broker import Delivery, Failure, Intake


class Misbehaving:
    """Wraps an intake: gives some deliveries twice, and shuffles what came together.

    A doubled delivery is given again in the next batch, or later, never acknowledged twice at
    the broker. ``window`` deliveries at most are mixed with each other.
    """

    def __init__(
        self, intake: Intake, *, seed: int, duplicates: float = 0.2, window: int = 50
    ) -> None:
        self._intake = intake
        self._random = random.Random(seed)
        self._duplicates = duplicates
        self._window = window
        self._again: list[Delivery] = []
        self._held: list[Delivery] = []

    def receive(self, at_most: int, *, timeout_s: float) -> list[Delivery]:
        """As the intake's, then doubled and shuffled; some are held back for a later call."""
        wait_s = 0.0 if self._held or self._again else timeout_s
        pool = self._held + self._again + self._intake.receive(self._window, timeout_s=wait_s)
        self._again = []
        self._random.shuffle(pool)
        given, self._held = pool[:at_most], pool[at_most:]
        self._again = [one for one in given if self._random.random() < self._duplicates]
        if not given and self._again:
            given, self._again = self._again, []
        return given

    def ack(self, deliveries: Sequence[Delivery]) -> None:
        """Acknowledge those that will not be given again; the others with their second time."""
        later = {id(one) for one in self._again}
        self._intake.ack([one for one in deliveries if id(one) not in later])

    def retry(self, delivery: Delivery, *, after: timedelta, failure: Failure) -> None:
        """As the intake's; its second time is dropped."""
        self._again = [one for one in self._again if one is not delivery]
        self._intake.retry(delivery, after=after, failure=failure)

    def bury(self, delivery: Delivery, *, failure: Failure) -> None:
        """As the intake's; its second time is dropped."""
        self._again = [one for one in self._again if one is not delivery]
        self._intake.bury(delivery, failure=failure)

    def release(self, deliveries: Sequence[Delivery]) -> None:
        """As the intake's."""
        self._intake.release(deliveries)

    def close(self) -> None:
        """As the intake's; what is held back was never acknowledged."""
        self._intake.close()
