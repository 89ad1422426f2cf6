"""One transaction of a service: its connection, its instant, and what it may say.

A use case receives a ``tx`` and never commits. What it publishes becomes outbox rows in the same
transaction, so state and event are committed together or not at all (DOMAIN.md E1).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Final

from sqlalchemy import Connection, Executable, bindparam, delete, insert, select

from shop_events.contract import Contract, Event, aggregate_id, contract_of
from shop_events.envelope import Envelope
from shop_events.ids import new_id
from shop_events.sql import Upsert, on_conflict
from shop_events.tables import aggregate_sequence, deadlines, outbox
from shop_events.topology import exchange_for
from shop_events.trace import child_of, trace_id
from shop_events.wire import encode


class NotDeclared(RuntimeError):
    """An entry point published an event that its declaration does not name."""


@dataclass(frozen=True, slots=True)
class _Why:
    """What led to an event: the same for all that one scope says."""

    correlation_id: str
    causation_id: str | None
    traceparent: str

    @classmethod
    def from_event(cls, cause: Envelope) -> _Why:
        return cls(cause.correlation_id, cause.id, child_of(cause.traceparent))

    @classmethod
    def from_outside(cls, traceparent: str | None) -> _Why:
        return cls(new_id(), None, child_of(traceparent))


@dataclass(frozen=True, slots=True)
class _Said:
    id: str
    contract: Contract
    subject: str
    body: str
    why: _Why


class Tx:
    """A running transaction. Made by `Database.begin`, never by hand."""

    def __init__(self, connection: Connection, *, service: str, now: datetime) -> None:
        self.connection = connection
        self.service = service
        self.now = now
        self.left_work = False
        self._said: list[_Said] = []
        self._publishes: frozenset[type[Event]] = frozenset()
        self._why = _Why.from_outside(None)
        self._cause: Envelope | None = None

    @property
    def cause(self) -> Envelope | None:
        """The event that is being handled; None for what people or the clock began."""
        return self._cause

    @property
    def trace_id(self) -> str:
        """The trace that this scope belongs to, for records that people look at later."""
        return trace_id(self._why.traceparent) or ""

    @contextmanager
    def scope(
        self,
        *,
        publishes: Iterable[type[Event]],
        cause: Envelope | None = None,
        traceparent: str | None = None,
    ) -> Iterator[None]:
        """Inside the block: what may be published, and because of which event."""
        before = (self._publishes, self._why, self._cause)
        self._publishes = frozenset(publishes)
        self._why = _Why.from_event(cause) if cause else _Why.from_outside(traceparent)
        self._cause = cause
        try:
            yield
        finally:
            self._publishes, self._why, self._cause = before

    def new_id(self) -> str:
        """A fresh id for something this transaction makes."""
        return new_id()

    def publish(self, happened: Event) -> str:
        """Say ``happened`` once this transaction commits; returns the event's id.

        Raises:
            NotDeclared: the entry point's declaration does not name this event, or the
                contract belongs to another service.
            TooLarge: the event is larger than 256 KiB.
        """
        contract = contract_of(happened)
        if type(happened) not in self._publishes:
            raise NotDeclared(
                f"This entry point does not declare that it publishes {contract.name}."
            )
        if contract.by != self.service:
            raise NotDeclared(f"{contract.name} belongs to {contract.by}, not to {self.service}.")
        said = _Said(
            new_id(),
            contract,
            aggregate_id(happened),
            encode(happened).decode(),
            self._why,
        )
        self._said.append(said)
        return said.id

    def schedule(self, kind: str, key: str, due_at: datetime) -> None:
        """Have the deadline handler of ``kind`` called for ``key`` at ``due_at``, once.

        An earlier schedule of the same kind and key is replaced.
        """
        values = {"kind": kind, "key": key, "due_at": due_at, "attempts": 0, "why_late": None}
        self.connection.execute(on_conflict(self.connection, deadlines, _reschedule), values)
        self.left_work = True

    def unschedule(self, kind: str, key: str) -> None:
        """The deadline is no longer wanted; quiet if there is none.

        One that is firing at this moment is left alone: it waits for the aggregate this transaction
        has locked and then finds that it came too late. Waiting for it would lock both out.
        """
        self.connection.execute(_UNSCHEDULE, {"of_kind": kind, "of_key": key})

    def flush(self) -> None:
        """Write what was said into the outbox. Called by `Database.begin` before the commit.

        Aggregates are numbered in one order everywhere, so that two transactions that speak of
        the same ones wait for each other and never lock each other out.
        """
        if not self._said:
            return
        numbers = self._numbers()
        rows = [_row(said, next(numbers[_of(said)]), self.now) for said in self._said]
        self.connection.execute(_SAY, rows)
        self._said = []
        self.left_work = True

    def _numbers(self) -> dict[tuple[str, str], Iterator[int]]:
        numbers: dict[tuple[str, str], Iterator[int]] = {}
        for about, group in groupby(sorted(map(_of, self._said))):
            count = len(list(group))
            last = self._advance_sequence(about, count)
            numbers[about] = iter(range(last - count + 1, last + 1))
        return numbers

    def _advance_sequence(self, about: tuple[str, str], count: int) -> int:
        values = {"aggregatetype": about[0], "aggregateid": about[1], "last": count}
        upsert = on_conflict(self.connection, aggregate_sequence, _count_on)
        return int(self.connection.execute(upsert, values).scalar_one())


def _reschedule(row: Upsert) -> Executable:
    new = row.excluded
    changed = {"due_at": new.due_at, "attempts": new.attempts, "why_late": new.why_late}
    return row.on_conflict_do_update(index_elements=["kind", "key"], set_=changed)


def _count_on(row: Upsert) -> Executable:
    counted = {"last": aggregate_sequence.c.last + row.excluded.last}
    key = ["aggregatetype", "aggregateid"]
    added = row.on_conflict_do_update(index_elements=key, set_=counted)
    return added.returning(aggregate_sequence.c.last)


# Built once: building a statement costs more than executing it.
_SAY: Final = insert(outbox)
_NOT_FIRING: Final = (
    select(deadlines.c.key)
    .where(deadlines.c.kind == bindparam("of_kind"), deadlines.c.key == bindparam("of_key"))
    .with_for_update(skip_locked=True)
)
_UNSCHEDULE: Final = delete(deadlines).where(
    deadlines.c.kind == bindparam("of_kind"), deadlines.c.key.in_(_NOT_FIRING)
)


def _of(said: _Said) -> tuple[str, str]:
    return said.contract.aggregate, said.subject


def _row(said: _Said, sequence: int, now: datetime) -> dict[str, object]:
    return {
        "id": said.id,
        "aggregatetype": said.contract.aggregate,
        "aggregateid": said.subject,
        "type": said.contract.name,
        "version": said.contract.version,
        "sequence": sequence,
        "exchange": exchange_for(said.contract),
        "payload": said.body,
        "correlation_id": said.why.correlation_id,
        "causation_id": said.why.causation_id,
        "traceparent": said.why.traceparent,
        "created_at": now,
    }
