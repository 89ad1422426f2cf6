"""RabbitMQ among strangers: bare clients, odd headers, and processes that die or fork."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta

import amqp
import pika
import pytest

from shop_events.amqp import AmqpBroker
from shop_events.amqp_address import Address
from shop_events.broker import (
    ATTEMPT,
)
from shop_events.envelope import from_headers
from shop_events.testing.conformance.parts import (
    failure,
    home,
    message,
    publish,
    take_one,
)
from shop_events.topology import DELIVERY_LIMIT, EVENTS, ground
from tests.support import eventually
from tests.support.sources import Rabbit

STEP = timedelta(milliseconds=200)

# Every child takes one message, with a prefetch of one, and dies of the poison without a word.
POISONED = """
import os, sys
from shop_events.amqp import AmqpBroker

broker = AmqpBroker(sys.argv[1])
deaths = 0
for child in range(int(sys.argv[2])):
    pid = os.fork()
    if pid == 0:
        intake = broker.intake("a", prefetch=1)
        taken = intake.receive(1, timeout_s=2.0)
        if any(one.body == b"poison" for one in taken):
            os._exit(9)
        intake.ack(taken)
        broker.close()
        os._exit(0)
    deaths += os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 9
print(deaths)
"""

# Parent and child publish through one object made before the fork, and consume at the same time.
FORKED = """
import os, sys
from shop_events.amqp import AmqpBroker
from shop_events.broker import Fate
from shop_events.testing.conformance.parts import message

broker = AmqpBroker(sys.argv[1])
publisher, intake = broker.publisher(), broker.intake("a")

def goes_round(body):
    assert publisher.send([message(body)]) == [Fate.CONFIRMED]
    taken = intake.receive(1, timeout_s=10.0)
    intake.ack(taken)
    assert [one.body for one in taken] == [body], taken

goes_round(b"before")
pid = os.fork()
if pid == 0:
    intake = broker.intake("b")
    for _ in range(20):
        assert publisher.send([message(b"child", of="child.spoke")]) == [Fate.CONFIRMED]
        taken = intake.receive(1, timeout_s=10.0)
        intake.ack(taken)
        assert [one.body for one in taken] == [b"child"], taken
    broker.close()
    os._exit(0)
for _ in range(20):
    goes_round(b"parent")
assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
goes_round(b"after")
broker.close()
"""


@pytest.fixture
def url(rabbit: Rabbit) -> str:
    return rabbit.create_vhost()


@pytest.fixture
def broker(url: str) -> Iterator[AmqpBroker]:
    broker = AmqpBroker(url)
    broker.apply(ground() | home("a", "order.#"))
    yield broker
    broker.close()


def test_a_stranger_with_a_bare_client_subscribes_and_reads_the_envelope(
    broker: AmqpBroker, url: str
) -> None:
    stranger = pika.BlockingConnection(pika.URLParameters(url))
    channel = stranger.channel()
    channel.queue_declare("partner", exclusive=True)
    channel.queue_bind("partner", EVENTS, "order.*.v1")
    sent = message(b'{"order_id": "o-1"}')

    publish(broker, sent, message(b"{}", of="parcel.shipped"))

    found = eventually(lambda: _got(channel, "partner"))
    assert found is not None
    properties, body = found
    assert body == b'{"order_id": "o-1"}'
    assert properties.headers["ce-type"] == "order.placed"
    assert from_headers(properties.headers) == sent.envelope
    assert (properties.message_id, properties.type) == (sent.envelope.id, "order.placed")
    assert (properties.content_type, properties.delivery_mode) == ("application/json", 2)
    assert _got(channel, "partner") is None
    stranger.close()


def test_headers_that_a_stranger_made_up_survive_a_retry_and_a_burial(
    broker: AmqpBroker, url: str
) -> None:
    odd = {
        ATTEMPT: "many",
        "share": 0.5,
        "raw": b"\xff",
        "half": "\udcff",
        "nested": [{"deep": None, "share": 0.25}],
        "CC": ["b"],
    }
    broker.apply(home("b", "nothing"))
    with Address(url, "stranger").connect() as connection:
        strange = amqp.Message(b"?", application_headers=odd)
        connection.channel().basic_publish(strange, "", "a")

    with closing(broker.intake("a")) as intake:
        first = take_one(intake)
        intake.retry(first, after=STEP, failure=failure())
        second = take_one(intake)
        intake.bury(second, failure=failure())
    (dead,) = eventually(lambda: broker.dead_letters("a"))

    assert (first.attempt, second.attempt) == (1, 2)
    assert (dead.body, dead.headers["raw"]) == (b"?", b"\xff")
    assert dead.headers["nested"] == [{"deep": None, "share": "0.25"}]
    assert broker.depth("b") == 1  # where the stranger's own CC took it, once and not three times


def test_a_message_with_unreadable_headers_is_read_without_them_and_harms_no_neighbour(
    broker: AmqpBroker, url: str
) -> None:
    class Malformed(amqp.Message):  # type: ignore[misc]
        def _serialize_properties(self) -> bytes:
            table = b"\x01tT" + b"\xff" * 8  # a header t: an instant after the end of time
            return b"\x20\x00" + len(table).to_bytes(4, "big") + table

    publish(broker, message(b"before"))
    with Address(url, "stranger").connect() as connection:
        connection.channel().basic_publish(Malformed(b"malformed"), EVENTS, "order.odd")
    publish(broker, message(b"after"))

    with closing(broker.intake("a")) as intake:
        taken = [take_one(intake) for _ in range(3)]
        intake.bury(taken[1], failure=failure())
        intake.ack(taken)
    assert [one.body for one in taken] == [b"before", b"malformed", b"after"]
    assert (taken[1].headers, taken[1].routing_key) == ({}, "order.odd")
    (dead,) = eventually(lambda: broker.dead_letters("a"))
    assert (dead.body, dead.routing_key) == (b"malformed", "order.odd")
    assert [one.body for one in broker.read_log()] == [b"before", b"malformed", b"after"]


def test_a_message_that_kills_its_process_is_given_up_and_its_neighbours_go_on(
    broker: AmqpBroker, url: str
) -> None:
    publish(broker, message(b"before"), message(b"poison"), message(b"after"))

    deaths = int(_run(POISONED, url, str(DELIVERY_LIMIT + 3)))

    assert DELIVERY_LIMIT <= deaths <= DELIVERY_LIMIT + 1
    dead = eventually(lambda: broker.dead_letters("a"))
    assert [(one.body, one.routing_key) for one in dead] == [(b"poison", "order.placed.v1")]
    assert broker.depth("a") == 0


def test_a_fork_gives_parent_and_child_connections_of_their_own(
    broker: AmqpBroker, url: str
) -> None:
    broker.apply(home("b", "child.#"))

    _run(FORKED, url)

    assert (broker.depth("a"), broker.depth("b")) == (0, 0)


def _got(channel: object, queue: str) -> tuple[pika.BasicProperties, bytes] | None:
    method, properties, body = channel.basic_get(queue, auto_ack=True)  # type: ignore[attr-defined]
    return (properties, body) if method else None


def _run(program: str, *words: str) -> str:
    """What a process of its own prints; it must end well, within a minute."""
    done = subprocess.run(
        [sys.executable, "-c", program, *words],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
