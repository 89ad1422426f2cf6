"""One connection for publishing, from its opening to its end; it is never reopened.

Its own thread runs pika's I/O loop and alone touches pika. Others hand it a `Batch` and wait on the
batch, never on the network. A whole batch is under way at once and its confirms come back in any
grouping: waiting for each costs ten times the time (MEASURED.md 2).
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from typing import Any, Final

import pika
from pika.adapters.select_connection import IOLoop
from pika.exceptions import ChannelClosedByBroker, StreamLostError
from pika.spec import Basic

from shop_events import faults
from shop_events.amqp_wire import Outgoing
from shop_events.broker import Fate

log = logging.getLogger(__name__)

# pika tells every failed attempt seven times, as errors, some with a stack. We tell it once.
if logging.getLogger("pika").level == logging.NOTSET:
    logging.getLogger("pika").setLevel(logging.CRITICAL)

GOODBYE_S: Final = 0.5


class Batch:
    """Messages sent together and what became of each; ``done`` when that is known or cannot be."""

    def __init__(self, messages: Sequence[Outgoing]) -> None:
        self.messages = messages
        self.fates = [Fate.UNKNOWN] * len(messages)
        self.done = threading.Event()
        self._unanswered = len(messages)

    @property
    def answered(self) -> bool:
        """Whether the broker answered for every message."""
        return self._unanswered == 0

    def settle(self, index: int, fate: Fate) -> None:
        """The broker answered for the message at ``index``."""
        self.fates[index] = fate
        self._unanswered -= 1
        if self.answered:
            self.done.set()


class Line:
    """A connection in confirm mode. One batch at a time; whoever is not answered drops the line."""

    def __init__(self, parameters: Any, *, window: int) -> None:
        self.opened = threading.Event()  # it is open, or ended before it was
        self.ended = threading.Event()
        self.why = "the connection was closed"  # why it ended
        self.refusal = ""  # what the broker had against what was published
        self._parameters = parameters
        self._window = window
        self._loop = IOLoop()
        self._connection: Any = None
        self._channel: Any = None
        self._batch = Batch([])
        self._next = 0  # the message of the batch that is published next
        self._published = 0  # on this channel: the broker counts the same way
        self._waiting: dict[int, int] = {}  # delivery tag -> index in the batch, oldest first
        self._returned: set[tuple[str, str, str]] = set()
        self._thread = threading.Thread(target=self._run, name="amqp publisher", daemon=True)
        self._thread.start()

    def publish(self, messages: Sequence[Outgoing]) -> Batch:
        """Put these on the way, in order; wait on the batch's ``done``."""
        batch = Batch(messages)
        self._loop.add_callback_threadsafe(lambda: self._begin(batch))
        if self.ended.is_set():  # nobody may be there to run it any more
            batch.done.set()
        return batch

    def drop(self) -> None:
        """Cut the connection, unasked: a broker that does not answer would not say goodbye."""
        self._loop.add_callback_threadsafe(self._abandon)

    def close(self, *, timeout_s: float) -> None:
        """Say goodbye and wait for the thread's end; cut the connection if no answer comes."""
        self._loop.add_callback_threadsafe(self._part)
        self._thread.join(timeout_s)

    # Everything below runs in the line's own thread.

    def _run(self) -> None:
        try:
            self._connection = _Connection(
                self._parameters,
                on_open_callback=self._on_connected,
                on_open_error_callback=self._on_ended,
                on_close_callback=self._on_ended,
                custom_ioloop=self._loop,
            )
            self._loop.start()
        except Exception as error:
            log.exception("A publisher's connection failed inside the client.")
            self.why = repr(error)
            self._end_after_a_failure()
        finally:
            self._finish()
            self._loop.close()

    def _on_connected(self, connection: Any) -> None:
        connection.channel(on_open_callback=self._on_channel)

    def _on_channel(self, channel: Any) -> None:
        self._channel = channel
        channel.add_on_close_callback(self._on_channel_closed)
        channel.add_on_return_callback(self._on_returned)
        channel.confirm_delivery(self._on_answer, callback=lambda _: self.opened.set())

    def _begin(self, batch: Batch) -> None:
        self._batch, self._next = batch, 0
        self._returned.clear()
        if self.ended.is_set() or not batch.messages:
            batch.done.set()
        else:
            self._fill_window()

    def _fill_window(self) -> None:
        messages = self._batch.messages
        while self._next < len(messages) and len(self._waiting) < self._window:
            one = messages[self._next]
            self._published += 1
            self._waiting[self._published] = self._next
            self._next += 1
            self._channel.basic_publish(
                one.exchange, one.routing_key, one.body, one.properties(), mandatory=True
            )
        faults.point("relay.after_publish")

    def _on_returned(self, _channel: Any, method: Any, properties: Any, _body: bytes) -> None:
        # Comes before the ack of the same message, which then only says "dealt with".
        mark = (method.exchange, method.routing_key, properties.message_id or "")
        self._returned.add(mark)

    def _on_answer(self, frame: Any) -> None:
        answer = frame.method
        fate = Fate.CONFIRMED if isinstance(answer, Basic.Ack) else Fate.REFUSED
        for index in self._answered(answer.delivery_tag, multiple=answer.multiple):
            was_returned = self._batch.messages[index].mark in self._returned
            self._batch.settle(index, Fate.UNROUTABLE if was_returned else fate)
        self._fill_window()

    def _answered(self, tag: int, *, multiple: bool) -> list[int]:
        if not multiple:
            return [self._waiting.pop(tag)] if tag in self._waiting else []
        tags = []
        for waiting in self._waiting:
            if waiting > tag:
                break
            tags.append(waiting)
        return [self._waiting.pop(waiting) for waiting in tags]

    def _on_channel_closed(self, _channel: Any, reason: Exception) -> None:
        if isinstance(reason, ChannelClosedByBroker):
            self.refusal = f"{reason.reply_text} ({reason.reply_code})"
            self._abandon()

    def _on_ended(self, _connection: Any, reason: object) -> None:
        self.why = _first_cause(reason)
        self._finish()
        self._loop.stop()

    def _part(self) -> None:
        if self._connection is None or not self._connection.is_open:
            self._abandon()
            return
        self._loop.call_later(GOODBYE_S, self._abandon)
        self._connection.close()

    def _abandon(self) -> None:
        if self._connection is None or self._connection.is_closed:
            self._loop.stop()
        else:
            self._connection.abandon()

    def _end_after_a_failure(self) -> None:
        if self._connection is not None and not self._connection.is_closed:
            self._connection.abandon()
            self._loop.start()  # until the socket is closed

    def _finish(self) -> None:
        self.ended.set()
        self.opened.set()
        self._batch.done.set()


def _first_cause(reason: object) -> str:
    """What pika wraps three times: ``[Errno 111] Connection refused``."""
    inner = getattr(reason, "exceptions", None) or getattr(reason, "args", None) or [None]
    wrapped = getattr(reason, "exception", None) or inner[-1]
    if isinstance(wrapped, BaseException):
        return _first_cause(wrapped)
    return str(reason) or repr(reason)


class _Connection(pika.SelectConnection):  # type: ignore[misc]  # pika is not typed
    def abandon(self) -> None:
        """Close the socket now. pika's ``close`` waits for the broker's answer without limit."""
        self._terminate_stream(StreamLostError("given up by this side"))
