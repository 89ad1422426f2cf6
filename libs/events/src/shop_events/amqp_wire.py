"""Messages as AMQP sees them: written when they are sent, read when they come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import pika

from shop_events.broker import (
    ATTEMPT,
    ORIGIN_EXCHANGE,
    ORIGIN_KEY,
    DeadLetter,
    Delivery,
    Failure,
    Message,
)
from shop_events.envelope import CONTENT_TYPE, to_headers
from shop_events.topology import DEAD, DELAY, delay_queue

PERSISTENT: Final = 2

# Not copied when a message is sent on. The broker writes the first group itself; the last two
# would make it deliver the copy to whatever queues a stranger named in them.
_NOT_OURS: Final = ("x-death", "x-first-death-", "x-last-death-", "x-delivery-count", "x-acquired-")
_ROUTING: Final = frozenset({"CC", "BCC"})


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message as it is handed to a channel."""

    exchange: str
    routing_key: str
    body: bytes
    headers: Mapping[str, object]

    @property
    def id(self) -> str:
        """The event's id, or nothing where a stranger left it out."""
        return str(self.headers.get("ce-id", ""))[:255]

    @property
    def mark(self) -> tuple[str, str, str]:
        """By what a returned message is recognised."""
        return self.exchange, self.routing_key, self.id

    def properties(self) -> Any:
        """Its AMQP properties; it is always durable."""
        return pika.BasicProperties(
            content_type=CONTENT_TYPE,
            delivery_mode=PERSISTENT,
            message_id=self.id,
            type=str(self.headers.get("ce-type", ""))[:255],
            headers=dict(self.headers),
        )


def outgoing(message: Message) -> Outgoing:
    """An event on its first way."""
    headers = to_headers(message.envelope)
    return Outgoing(message.exchange, message.routing_key, message.body, headers)


def retried(delivery: Delivery, after: timedelta, failure: Failure) -> Outgoing:
    """The copy that waits in the delay queue of its own queue."""
    headers = _copied(delivery) | failure.headers(delivery) | {ATTEMPT: delivery.attempt + 1}
    return Outgoing(DELAY, delay_queue(delivery.queue, after), delivery.body, headers)


def buried(delivery: Delivery, failure: Failure) -> Outgoing:
    """The copy that goes to the dead letters of its queue."""
    headers = _copied(delivery) | failure.headers(delivery) | {ATTEMPT: delivery.attempt}
    return Outgoing(DEAD, delivery.queue, delivery.body, headers)


def delivered(raw: Any, queue: str, handle: object) -> Delivery:
    """A message as it came; one that comes home from a delay has its first exchange and key."""
    headers = headers_of(raw)
    info = raw.delivery_info
    exchange, key = info["exchange"], info["routing_key"]
    if exchange == "" and ORIGIN_KEY in headers:
        exchange, key = str(headers.get(ORIGIN_EXCHANGE, "")), str(headers[ORIGIN_KEY])
    return Delivery(
        queue=queue,
        routing_key=key,
        exchange=exchange,
        headers=headers,
        body=body_of(raw),
        redelivered=bool(info.get("redelivered")),
        handle=handle,
        attempt=_attempt(headers.get(ATTEMPT)),
    )


def dead_letter(raw: Any, queue: str) -> DeadLetter:
    """A message that was given up: by us, with its cause, or by the broker, with its own marks."""
    headers = headers_of(raw)
    key = headers.get(ORIGIN_KEY) or _key_before_death(headers) or raw.delivery_info["routing_key"]
    return DeadLetter(queue=queue, routing_key=str(key), headers=headers, body=body_of(raw))


def headers_of(raw: Any) -> dict[str, object]:
    """The headers, whatever a stranger wrote; py-amqp gives bytes for names it cannot read."""
    found = raw.properties.get("application_headers") or {}
    return {_text(name): value for name, value in found.items()}


def body_of(raw: Any) -> bytes:
    """The body as it was sent."""
    return raw.body if isinstance(raw.body, bytes) else str(raw.body).encode()


def _copied(delivery: Delivery) -> dict[str, object]:
    return {
        name: _portable(value)
        for name, value in delivery.headers.items()
        if not name.startswith(_NOT_OURS) and name not in _ROUTING
    }


def _portable(value: object) -> object:
    """What pika can write: it knows no floats, no half characters, no numbers beyond 64 bits."""
    match value:
        case None | bool() | bytes() | datetime():
            return value
        case int() if -(2**63) <= value < 2**63:
            return value
        case list():
            return [_portable(item) for item in value]
        case dict():
            return {_text(name): _portable(item) for name, item in value.items()}
    return str(value).encode("utf-8", "replace").decode()


def _attempt(written: object) -> int:
    """Our own count. A stranger's nonsense counts as a first attempt (EVENTS.md pitfall 23)."""
    text = written.decode("ascii", "replace") if isinstance(written, bytes) else str(written)
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 10 else 1


def _key_before_death(headers: Mapping[str, object]) -> str | None:
    match headers.get("x-death"):
        case [*_, {"routing-keys": [key, *_]}]:
            return str(key)
    return None


def _text(name: object) -> str:
    text = name.decode("utf-8", "replace") if isinstance(name, bytes) else str(name)
    return text.encode("utf-8", "replace").decode()
