"""Which of a service's states one subscriber is told, and the telling."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from chassis.runtime import Runtime
from shop_events.snapshot import PER_SECOND, Snapshot, State


class CannotTell(ValueError):
    """It is not clear what to tell, or that consumer may not hear it."""


def choose(states: Sequence[State], *, consumer: str, only: Collection[str]) -> list[State]:
    """The states to tell ``consumer``: those named by ``only``, or the one there is.

    The service cannot know what its listeners are bound to, and what they do not hear would end
    among their dead letters; so with several, somebody has to say.

    Raises:
        CannotTell: a name is unknown, nothing or more than one is left to choose from, or the
            contract of a private event does not name the consumer.
    """
    may = {one.contract.name: one for one in states if one.may_be_told(consumer)}
    if unknown := sorted(set(only) - may.keys()):
        raise CannotTell(f"There is no state {', '.join(unknown)} to tell {consumer}.")
    if not may:
        raise CannotTell(f"There is no state to tell {consumer}.")
    if not only and len(may) > 1:
        raise CannotTell(f"Say with --only what {consumer} hears of {', '.join(sorted(may))}.")
    return [one for name, one in may.items() if not only or name in only]


def tell(
    runtime: Runtime,
    states: Sequence[State],
    *,
    consumer: str,
    per_second: int = PER_SECOND,
    stop: threading.Event | None = None,
) -> Mapping[str, int]:
    """Tell the present state to ``consumer``; how many events of each name that were.

    Raises:
        SnapshotStopped: its queue is not there, or took nothing for a while.
        BrokerUnavailable: the broker cannot be reached.
    """
    snapshot = Snapshot(runtime.database, runtime.broker, states, per_second=per_second, stop=stop)
    told: Counter[str] = Counter({one.contract.name: 0 for one in states})
    for name, count in snapshot.tell(consumer):
        told[name] += count
    return told
