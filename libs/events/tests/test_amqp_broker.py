"""RabbitMQ keeps the promises of a broker."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from shop_events.amqp import AmqpBroker
from shop_events.broker import Broker
from shop_events.testing.conformance import BrokerConformance
from shop_events.topology import Topology
from tests.support.sources import Rabbit


class Town:
    """One virtual host, opened again and again, and emptied between the tests.

    A virtual host for each would take a second each to make.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self._opened: list[AmqpBroker] = []
        self._applied = Topology()

    def open(self) -> AmqpBroker:
        town = self

        class Remembering(AmqpBroker):
            def apply(self, topology: Topology) -> None:
                town._applied |= topology
                super().apply(topology)

        self._opened.append(Remembering(self.url, name="test"))
        return self._opened[-1]

    def crash(self) -> AmqpBroker:
        """To RabbitMQ a dead client is a closed socket: what it held is delivered again."""
        self.close()
        return self.open()

    def close(self) -> None:
        while self._opened:
            self._opened.pop().close()

    def empty(self) -> None:
        self.close()
        with AmqpBroker(self.url)._address.connect() as connection:
            channel = connection.channel()
            for queue in self._applied.queues:
                channel.queue_delete(queue.name)
            for exchange in self._applied.exchanges:
                channel.exchange_delete(exchange.name)
        self._applied = Topology()


@pytest.fixture(scope="module")
def vhost(rabbit: Rabbit) -> str:
    return rabbit.create_vhost()


@pytest.fixture
def town(vhost: str) -> Iterator[Town]:
    town = Town(vhost)
    yield town
    town.empty()


@pytest.fixture
def broker(town: Town) -> AmqpBroker:
    return town.open()


class TestAmqpBroker(BrokerConformance):
    """Everything every broker promises."""

    @pytest.fixture
    def crash(self, broker: Broker, town: Town) -> Callable[[], Broker]:
        return town.crash
