"""I1, I2 and I4 of EVENTS.md: every event reached everyone who asked for it, and no other did."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import func, select

from chassis.service import Service
from shop_events import Broker, Database
from shop_events.broker import CAUSE, DeadLetter
from shop_events.snapshot import MARK
from shop_events.tables import deadlines, inbox, outbox
from shop_events.topology import QueueKind
from shop_suite.audit import errands

Databases = Mapping[str, Database]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """An event in an outbox."""

    id: str
    type: str
    by: str


class EventAudit:
    """The outboxes of all services against the inboxes of those who subscribed."""

    def __init__(
        self, services: tuple[Service, ...], databases: Databases, broker: Broker | None
    ) -> None:
        """``broker``: None while a running process holds it; then no dead letter is excused."""
        self._services = services
        self._databases = databases
        self._broker = broker

    def problems(self) -> Iterator[str]:
        """A sentence for each counter-example; none when all is well. Ask when it is quiet."""
        said = self._said()
        yield from self._unsent()
        yield from self._lost(said)
        yield from self._ghosts(said)
        yield from self._gaps()
        yield from self._dead()

    def quiet(self) -> bool:
        """Whether every event was sent and handled, and no deadline or errand is due.

        A question of its own for each service, asked twice by whoever must be sure: an event may
        be on its way between the two services that were asked first.
        """
        return (
            not any(self._unsent())
            and not self._due()
            and not any(errands.waiting(self._databases))
            and not any(self._lost(self._said()))  # the longest look, so the last
        )

    def unfinished(self) -> Iterator[str]:
        """A sentence for each thing that may keep it from being quiet."""
        yield from errands.waiting(self._databases)
        yield from self.problems()

    def _said(self) -> dict[str, Said]:
        found: dict[str, Said] = {}
        for name, database in self._databases.items():
            with database.read() as connection:
                rows = connection.execute(select(outbox.c.id, outbox.c.type)).all()
            found |= {row.id: Said(id=row.id, type=row.type, by=name) for row in rows}
        return found

    def _unsent(self) -> Iterator[str]:
        for name, database in self._databases.items():
            query = select(outbox.c.id, outbox.c.type, outbox.c.why_held).where(
                outbox.c.sent_at.is_(None)
            )
            with database.read() as connection:
                rows = connection.execute(query).all()
            for row in rows:
                yield f"{row.type} {row.id} of {name} was never sent. {row.why_held or ''}"

    def _lost(self, said: Mapping[str, Said]) -> Iterator[str]:
        for service in self._services:
            wanted = {one.contract.name for one in service.subscriptions.all()}
            heard = self._heard(service.name)
            unheard = [one for one in said.values() if one.type in wanted and one.id not in heard]
            given_up = self._given_up(service) if unheard else set()  # each look is a connection
            for event in unheard:
                if event.id not in given_up:
                    yield f"I1: {event.type} {event.id} of {event.by} never reached {service.name}."

    def _ghosts(self, said: Mapping[str, Said]) -> Iterator[str]:
        for service in self._services:
            for event_id in self._heard(service.name) - said.keys():
                if event_id.startswith(MARK):  # a state, told again: nothing happened
                    continue
                yield f"I2: {service.name} heard {event_id}, which nobody said."

    def _gaps(self) -> Iterator[str]:
        about = (outbox.c.aggregatetype, outbox.c.aggregateid)
        lowest, highest = func.min(outbox.c.sequence), func.max(outbox.c.sequence)
        query = select(*about, lowest, highest, func.count()).group_by(*about)
        for name, database in self._databases.items():
            with database.read() as connection:
                rows = connection.execute(query).all()
            for kind, key, first, last, count in rows:
                if last - first + 1 != count:
                    yield f"I4: {name} has {count} events {first}..{last} of {kind} {key}."

    def _dead(self) -> Iterator[str]:
        for service in self._services:
            for queue in _home_queues(service):
                for dead in self._dead_letters(queue):
                    cause = dead.headers.get(CAUSE, "the broker gave it up")
                    yield f"{dead.headers.get('ce-type')} lies dead in {queue}: {cause}."

    def _heard(self, service: str) -> set[str]:
        query = select(inbox.c.event_id).where(inbox.c.consumer == service)
        with self._databases[service].read() as connection:
            return set(connection.execute(query).scalars())

    def _given_up(self, service: Service) -> set[str]:
        return {
            str(dead.headers.get("ce-id"))
            for queue in _home_queues(service)
            for dead in self._dead_letters(queue)
        }

    def _dead_letters(self, queue: str) -> list[DeadLetter]:
        return self._broker.dead_letters(queue) if self._broker is not None else []

    def _due(self) -> bool:
        for database in self._databases.values():
            query = select(deadlines.c.key).where(deadlines.c.due_at <= database.clock.now())
            with database.read() as connection:
                if connection.execute(query.limit(1)).first() is not None:
                    return True
        return False


def _home_queues(service: Service) -> list[str]:
    return [q.name for q in service.topology().queues if q.kind is QueueKind.WORK]
