"""Carries committed events from the outbox to the broker, in order, until each is confirmed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Integer,
    Row,
    Select,
    Update,
    and_,
    bindparam,
    exists,
    or_,
    select,
    update,
)

from shop_events import faults
from shop_events.broker import Fate, Message, Publisher
from shop_events.database import Database
from shop_events.envelope import Envelope
from shop_events.tables import Instant, outbox
from shop_events.topology import PRIVATE

BATCH: Final = 1_000  # read at once
PIECE: Final = 500  # sent at once
HOLD: Final = timedelta(seconds=5)
WHY_HELD: Final = {
    Fate.UNROUTABLE: "No queue is bound for its routing key.",
    Fate.REFUSED: "A queue does not take it: it may be full.",
}

About = tuple[str, str]  # an aggregate: its type and its id


class Relay:
    """Sends what is unsent, the oldest first.

    A row is marked only after the broker confirmed it: a crash in between sends an event twice
    (the inbox drops the copy) and never loses one. It reads everything unsent and never "what is
    newer than the last": positions of concurrent transactions become visible out of order. One
    relay is active per service (`shop_events.leader`); two would break the order.
    """

    def __init__(
        self, database: Database, publisher: Callable[[], Publisher], *, batch: int = BATCH
    ) -> None:
        self._database = database
        self._connect = publisher
        self._publisher: Publisher | None = None
        self.batch = batch  # rows at a time
        self._refused = False  # something was, in the step before this one
        self._again = frozenset({Fate.UNKNOWN, Fate.REFUSED})  # from here on, all is sent again

    def step(self) -> int:
        """Send one batch; return how many events were confirmed and marked.

        An event that no queue takes is held with the reason, and with it the later ones of its
        aggregate only; from the first that was refused or not answered on, all are sent again. What
        is refused in the next step too is held likewise: a full queue must not stop the others.

        Raises:
            BrokerUnavailable: nothing was sent; try again later.
            TopologyMissing: an exchange does not exist.
        """
        rows = self._unsent()
        self._again = frozenset({Fate.UNKNOWN} if self._refused else {Fate.UNKNOWN, Fate.REFUSED})
        self._refused = False
        if len(rows) <= PIECE:
            return self._mark(rows, self._send(rows), set()) if rows else 0
        return self._carry(rows)

    def backlog(self) -> int:
        """How many events are not sent yet, held ones included."""
        with self._database.read() as connection:
            return len(connection.execute(select(outbox.c.id).where(_unsent())).all())

    def close(self) -> None:
        """Let go of the broker connection."""
        if self._publisher is not None:
            self._publisher.close()
            self._publisher = None

    def _unsent(self) -> Sequence[Row[Any]]:
        given = {"now": self._database.clock.now(), "at_most": self.batch}
        with self._database.read() as connection:
            return connection.execute(_OLDEST_UNSENT, given).all()

    def _carry(self, rows: Sequence[Row[Any]]) -> int:
        """Send piece by piece. While one is under way, the one before it is marked."""
        waiting: set[About] = set()
        marks: list[Future[int]] = []
        with ThreadPoolExecutor(1, thread_name_prefix="marks") as marking:
            for first in range(0, len(rows), PIECE):
                piece = rows[first : first + PIECE]
                fates = self._send(piece)
                marks.append(marking.submit(self._mark, piece, fates, waiting))
                if not self._again.isdisjoint(fates):
                    break
        return sum(mark.result() for mark in marks)

    def _send(self, rows: Sequence[Row[Any]]) -> list[Fate]:
        if self._publisher is None:
            self._publisher = self._connect()
        faults.point("relay.before_publish", self._database.service)
        fates = self._publisher.send([_message(row, self._database.service) for row in rows])
        faults.point("relay.after_confirm", self._database.service)
        self._refused = self._refused or Fate.REFUSED in fates
        return fates

    def _mark(self, rows: Sequence[Row[Any]], fates: Sequence[Fate], waiting: set[About]) -> int:
        """Mark what was confirmed and hold what no queue takes; add what is held to ``waiting``."""
        sent: list[int] = []
        private: list[int] = []
        held: dict[int, str] = {}
        for row, fate in zip(rows, fates, strict=True):
            about = (row.aggregatetype, row.aggregateid)
            if fate in self._again:
                break
            if fate in WHY_HELD and about not in waiting:
                held[row.position] = WHY_HELD[fate]
                waiting.add(about)
            elif about not in waiting:
                (private if row.exchange == PRIVATE else sent).append(row.position)
        self._write(sent, private, held)
        faults.point("relay.after_mark", self._database.service)
        return len(sent) + len(private)

    def _write(self, sent: list[int], private: list[int], held: dict[int, str]) -> None:
        now = self._database.clock.now()
        with self._database.begin(at="relay") as tx:
            if sent:
                tx.connection.execute(_MARK_SENT, {"positions": sent, "at": now})
            if private:
                tx.connection.execute(_MARK_ERASED, {"positions": private, "at": now})
            for why in sorted(set(held.values())):
                of_them = [position for position in held if held[position] == why]
                until = {"positions": of_them, "until": now + HOLD, "why": why}
                tx.connection.execute(_MARK_HELD, until)


def _unsent() -> ColumnElement[bool]:
    return outbox.c.sent_at.is_(None)


# All that a message needs, and nothing of what became of it: reading is half of the relay's work.
_TO_SEND: Final = [
    column for column in outbox.c if column.name not in ("sent_at", "held_until", "why_held")
]


def _oldest_unsent() -> Select[Any]:
    now = bindparam("now", type_=Instant)
    earlier = outbox.alias("earlier")
    held_before = exists().where(
        and_(
            earlier.c.aggregatetype == outbox.c.aggregatetype,
            earlier.c.aggregateid == outbox.c.aggregateid,
            earlier.c.held_until > now,
            earlier.c.sent_at.is_(None),
            earlier.c.position <= outbox.c.position,
        )
    )
    return (
        select(*_TO_SEND)
        .where(_unsent(), or_(outbox.c.held_until.is_(None), outbox.c.held_until <= now))
        .where(~held_before)
        .order_by(outbox.c.position)
        .limit(bindparam("at_most", type_=Integer))
    )


def _mark(**values: Any) -> Update:
    chosen = outbox.c.position.in_(bindparam("positions", expanding=True))
    return update(outbox).where(chosen).values(**values)


# Built once: the relay runs these for every batch, and building costs more than executing.
_SENT: Final[dict[str, Any]] = {
    "sent_at": bindparam("at", type_=Instant),
    "held_until": None,
    "why_held": None,
}
_OLDEST_UNSENT: Final = _oldest_unsent()
_MARK_SENT: Final = _mark(**_SENT)
_MARK_ERASED: Final = _mark(**_SENT, payload=None)
_MARK_HELD: Final = _mark(
    held_until=bindparam("until", type_=Instant),
    why_held=bindparam("why"),
)


def _message(row: Row[Any], service: str) -> Message:
    envelope = Envelope(
        id=row.id,
        source=f"/jishi/{service}",
        type=row.type,
        version=row.version,
        subject=row.aggregateid,
        sequence=row.sequence,
        time=row.created_at,
        correlation_id=row.correlation_id,
        causation_id=row.causation_id,
        traceparent=row.traceparent,
    )
    return Message(row.exchange, envelope, row.payload.encode())
