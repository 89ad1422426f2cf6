"""Which broker an address means."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from shop_events import Broker, Clock


def connect_broker(url: str, *, clock: Clock) -> Broker:
    """The broker at ``url``: ``amqp(s)://…`` is RabbitMQ, ``sqlite:///…`` the local broker.

    Raises:
        ValueError: the address is of neither kind.
    """
    scheme = urlsplit(url).scheme
    if scheme in ("amqp", "amqps"):
        from shop_events.amqp import AmqpBroker  # RabbitMQ's clients load only where it is used

        return AmqpBroker(url)
    if scheme == "sqlite":
        from shop_events.local_broker import LocalBroker

        return LocalBroker(Path(url.removeprefix("sqlite:///")), clock=clock)
    raise ValueError(f"A broker's address begins with amqp:, amqps: or sqlite:, not {scheme!r}:.")
