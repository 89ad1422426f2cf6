"""Reads the event log, a RabbitMQ stream, from any place to its end at that moment.

Streams speak AMQP 0-9-1 under rules (EVENTS.md pitfall 20): a prefetch limit, acknowledgements, and
never a reject, which would cost the connection. Reading takes nothing out.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import amqp

from shop_events.amqp_address import Address
from shop_events.amqp_session import unavailable
from shop_events.amqp_wire import body_of, headers_of
from shop_events.broker import BrokerUnavailable, Logged
from shop_events.envelope import NotAnEnvelope, from_headers
from shop_events.topology import LOG

PREFETCH: Final = 1_000

# The broker answers a subscription with what it has before it answers the next question; a little
# more patience covers brokers that do not.
QUIET_S: Final = 0.3
SILENT_S: Final = 10.0
LONGEST_SEARCH_S: Final = 3.0

# The stream finds a place by the clock of the broker, in chunks; events carry their producer's.
CLOCKS_DIFFER: Final = timedelta(minutes=5)


def read_log(address: Address, after: int | datetime | None) -> Iterator[Logged]:
    """The log from its start, after an offset, or from an instant of the events on.

    It ends with the last event that was there when reading began, or a little later one.

    Raises:
        BrokerUnavailable: the broker went silent in the middle; go on after the last offset.
        TopologyMissing: there is no log.
    """
    # Nobody beats between two events while the reader works on one: no heartbeat, TCP must do.
    connection = _told(lambda: address.connect(heartbeat_s=0))
    try:
        end = _told(lambda: _last_offset(connection))
        if end is not None and not (isinstance(after, int) and after >= end):
            yield from _read(connection, after, end)
    finally:
        connection.collect()  # what is prefetched must not be rejected: leave without a word


def _read(connection: Any, after: int | datetime | None, end: int) -> Iterator[Logged]:
    reader = _told(lambda: _Reader(connection, _start(after)))
    logged = _told(lambda: reader.next_chunk(QUIET_S))
    if not logged and isinstance(after, datetime):
        return  # the instant lies behind the last chunk
    while True:
        yield from (one for one in logged if _wanted(one, after))
        if logged and logged[-1].offset >= end:
            return
        logged = _told(lambda: reader.next_chunk(SILENT_S))
        if not logged:
            raise BrokerUnavailable(f"The log {LOG} went silent before its end at offset {end}.")


class _Reader:
    """A subscription to the log, on a channel of its own."""

    def __init__(self, connection: Any, start: object) -> None:
        self._connection = connection
        self._arrived: list[Logged] = []
        self._tag = 0
        self._offset = -1
        self._channel = connection.channel()
        self._channel.basic_qos(0, PREFETCH, False)
        self._channel.basic_consume(
            LOG, callback=self._on_entry, arguments={"x-stream-offset": start}
        )
        self._channel.basic_qos(0, PREFETCH, False)  # a question, to hear what comes before it

    def next_chunk(self, patience_s: float) -> list[Logged]:
        """What has arrived; waits for the first entry. Empty when none came in time."""
        try:
            if not self._arrived:
                self._connection.drain_events(timeout=patience_s)
        except TimeoutError:
            return []
        arrived, self._arrived = self._arrived, []
        if arrived:
            self._channel.basic_ack(self._tag, multiple=True)
        return arrived

    def cancel(self) -> None:
        """End the subscription: what still comes is not looked at."""
        self._channel.close()

    def _on_entry(self, raw: Any) -> None:
        headers = headers_of(raw)
        self._tag = raw.delivery_tag
        # Unreadable headers have lost their offset too; it was a later one than the last.
        self._offset = int(str(headers.pop("x-stream-offset", self._offset + 1)))
        self._arrived.append(Logged(self._offset, headers, body_of(raw)))


def _last_offset(connection: Any) -> int | None:
    """The offset of the last entry that is there now; None for an empty log."""
    reader = _Reader(connection, "last")
    last: int | None = None
    deadline = time.monotonic() + LONGEST_SEARCH_S
    while time.monotonic() < deadline:
        logged = reader.next_chunk(QUIET_S)
        if not logged:
            break
        last = logged[-1].offset
    reader.cancel()
    return last


def _start(after: int | datetime | None) -> object:
    match after:
        case None:
            return "first"
        case datetime():
            return after.astimezone(UTC).replace(tzinfo=None) - CLOCKS_DIFFER
        case int():
            return after + 1


def _wanted(one: Logged, after: int | datetime | None) -> bool:
    match after:
        case datetime():
            return _time_of(one) >= after
        case int():
            return one.offset > after
    return True


def _time_of(one: Logged) -> datetime:
    """When it happened; what does not say so is shown rather than left out."""
    try:
        return from_headers(one.headers).time
    except NotAnEnvelope:
        return datetime.max.replace(tzinfo=UTC)


def _told(step: Any) -> Any:
    try:
        return step()
    except (amqp.AMQPError, OSError) as error:
        raise unavailable(error, LOG) from error
