"""What is written on the outside of every event: CloudEvents 1.0 in binary mode.

The official AMQP binding is for AMQP 1.0 (``cloudEvents_`` / ``cloudEvents:``); for 0-9-1 we
write ``ce-`` headers as the Knative RabbitMQ binding does, and read all three (EVENTS.md row 23).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

SPEC_VERSION: Final = "1.0"
CONTENT_TYPE: Final = "application/json"
_PREFIXES: Final = ("ce-", "cloudEvents_", "cloudEvents:")


class NotAnEnvelope(ValueError):
    """The headers do not say what event this is; the message is parked with this as the cause."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """Who says what about which thing, why, and as the how-manieth of that thing's events."""

    id: str
    source: str  # the producing service: "/jishi/order"
    type: str  # "order.placed"
    version: int
    subject: str  # the aggregate's id
    sequence: int  # 1..n without gaps per aggregate in the producer's outbox
    time: datetime
    correlation_id: str
    causation_id: str | None = None
    traceparent: str | None = None
    tracestate: str | None = None

    @property
    def producer(self) -> str:
        """The service that published it: ``order``."""
        return self.source.rpartition("/")[2]

    @property
    def routing_key(self) -> str:
        """The key it travels under: ``order.placed.v1``."""
        return f"{self.type}.v{self.version}"


def to_headers(envelope: Envelope) -> dict[str, str]:
    """The envelope as ``ce-`` headers; every value is text, as CloudEvents asks."""
    attributes = {
        "specversion": SPEC_VERSION,
        "id": envelope.id,
        "source": envelope.source,
        "type": envelope.type,
        "schemaversion": str(envelope.version),
        "subject": envelope.subject,
        "partitionkey": envelope.subject,
        "sequence": str(envelope.sequence),
        "time": rfc3339(envelope.time),
        "correlationid": envelope.correlation_id,
        "causationid": envelope.causation_id,
        "traceparent": envelope.traceparent,
        "tracestate": envelope.tracestate,
    }
    return {f"ce-{name}": value for name, value in attributes.items() if value is not None}


def from_headers(headers: Mapping[str, object]) -> Envelope:
    """Read an envelope from any of the three header spellings.

    Raises:
        NotAnEnvelope: a required attribute is missing or is not of its form.
    """
    try:
        found = _attributes(headers)
        return Envelope(
            id=found["id"],
            source=found["source"],
            type=found["type"],
            version=int(found.get("schemaversion", "1")),
            subject=found.get("subject", ""),
            sequence=int(found.get("sequence", "0")),
            time=from_rfc3339(found["time"]),
            correlation_id=found.get("correlationid", found["id"]),
            causation_id=found.get("causationid"),
            traceparent=found.get("traceparent"),
            tracestate=found.get("tracestate"),
        )
    except KeyError as error:
        raise NotAnEnvelope(f"The message has no CloudEvents attribute {error}.") from error
    except ValueError as error:
        raise NotAnEnvelope(f"A CloudEvents attribute is malformed: {error}.") from error


def rfc3339(at: datetime) -> str:
    """An instant as text in UTC: ``2026-11-22T08:00:00.000000Z``."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def from_rfc3339(text: str) -> datetime:
    """Read an instant; it must carry its offset.

    Raises:
        ValueError: the text is no instant, or has no offset.
    """
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(f"{text!r} has no offset from UTC")
    return at.astimezone(UTC)


def _attributes(headers: Mapping[str, object]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in headers.items():
        for prefix in _PREFIXES:
            if name.startswith(prefix) and value is not None:
                text = value.decode() if isinstance(value, bytes) else str(value)
                found.setdefault(name.removeprefix(prefix).lower(), text)
    return found
