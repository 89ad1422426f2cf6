"""The other half of a service: consumer, relay, deadlines, and the service's chores."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

from chassis import idempotency, revocation
from shop_events import Event, Worker
from shop_events.worker import ChangeIntake

if TYPE_CHECKING:
    from chassis.runtime import Runtime

PRUNE_EVERY_S: Final = 3600.0
LOOK_AGAIN_S: Final = 1.0


@dataclass(frozen=True, kw_only=True)
class Chore:
    """Work that is neither an event nor a deadline: sweeps, and calls to what is outside.

    ``run`` does a little and returns how much; while that is not zero it is called again at once,
    and otherwise after ``every_s`` or when something was committed, whichever comes first; where
    commits do not wake it, these seconds are the shop's clock's. It opens its own short
    transactions (``runtime.database.begin``), and none is open during a call to the outside
    (DOMAIN.md P4). Several workers may run it: it takes its rows with a lock.
    ``publishes`` is what its transactions may say, for the event catalogue.
    """

    name: str
    every_s: float
    run: Callable[[Runtime], int]
    woken_by_commits: bool = True
    publishes: tuple[type[Event], ...] = ()


class Background(Worker):
    """A worker that also does the chores."""

    def __init__(
        self,
        runtime: Runtime,
        *,
        strict: bool = False,
        change_intake: ChangeIntake = lambda intake: intake,
    ) -> None:
        """``strict``: what a handler raises is raised by `step` (for tests).

        ``change_intake`` lets a test duplicate, shuffle or delay what arrives.
        """
        super().__init__(
            runtime.database,
            runtime.broker,
            runtime.service.subscriptions,
            lanes=runtime.settings.worker_lanes,
            batch=runtime.settings.worker_batch,
            strict=strict,
            change_intake=change_intake,
        )
        self._runtime = runtime
        self._chores = (*runtime.service.chores, _PRUNE)

    def step(self) -> int:
        """Do everything that can be done now, once, in this thread; how much it was."""
        return super().step() + sum(chore.run(self._runtime) for chore in self._chores)

    def start(self) -> None:
        """As the parent, with one more thread for each chore."""
        super().start()
        for chore in self._chores:
            name = f"{self.service}.{chore.name}"
            loop = partial(self._chore_loop, chore)
            thread = threading.Thread(target=self._keep_going, args=(loop,), name=name, daemon=True)
            thread.start()
            self._threads.append(thread)

    def _chore_loop(self, chore: Chore) -> None:
        bell = self.database.bell
        while not self._stopping.is_set():
            seen = bell.seen()
            if chore.run(self._runtime):
                continue
            if chore.woken_by_commits:
                bell.wait(seen, chore.every_s)
            else:
                self._wait_by_the_shops_clock(chore.every_s)

    def _wait_by_the_shops_clock(self, for_s: float) -> None:
        """The development clock may be moved meanwhile, and nothing rings then."""
        clock = self.database.clock
        until = clock.now() + timedelta(seconds=for_s)
        while not self._stopping.is_set() and (left := (until - clock.now()).total_seconds()) > 0:
            self._stopping.wait(min(left, LOOK_AGAIN_S))


def _prune(runtime: Runtime) -> int:
    done = idempotency.prune(runtime.database)
    if revocation.listens(runtime.service.subscriptions):
        done += revocation.prune(runtime.database)
    return done


_PRUNE: Final = Chore(
    name="prune-answers", every_s=PRUNE_EVERY_S, run=_prune, woken_by_commits=False
)
