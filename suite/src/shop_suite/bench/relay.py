"""What is confirming in a window worth, against waiting for each message's confirm?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Final

from shop_events import Database, new_id
from shop_events.amqp import AmqpBroker
from shop_events.broker import Fate, Message, Publisher
from shop_events.envelope import Envelope
from shop_events.relay import BATCH, Relay
from shop_events.topology import EVENTS
from shop_suite.bench import cpu, notices
from shop_suite.bench.figures import Floor, Run, describe, middle_ratio
from shop_suite.bench.ground import Asked

ROUNDS: Final = 9
AT_LEAST: Final = 5.0
WINDOWS: Final = {"one by one": 1, "pipelined": 500}
MESSAGES: Final = {"one by one": 300, "pipelined": 3_000}  # a run; about as long each
# A publisher is given five seconds for a batch: too little for 500 one by one on a slow disk.
BATCHES: Final = {"one by one": 100, "pipelined": 500}
ROWS: Final = {"one by one": 100, "pipelined": BATCH}  # that a relay reads at once

Runs = Mapping[str, list[Run]]


class NotConfirmed(Exception):
    """The broker did not take a message, so the run measured nothing."""


def ask(asked: Asked) -> list[Floor]:
    """Measure the publisher alone, then the relay on its outbox; the floor is the relay's."""
    url = asked.ground.vhost()
    brokers = {mode: AmqpBroker(url, window=window) for mode, window in WINDOWS.items()}
    notices.declare(brokers["pipelined"])
    database = notices.opened(asked.ground.database(), notices.WRITER)
    publishers = {mode: broker.publisher() for mode, broker in brokers.items()}
    relays = {
        mode: Relay(database, broker.publisher, batch=ROWS[mode])
        for mode, broker in brokers.items()
    }
    meters = {"client": cpu.mine, **asked.ground.server_meters}

    def publish(mode: str, count: int) -> Run:
        return _publish(publishers[mode], count, BATCHES[mode], meters)

    def relay(mode: str, count: int) -> Run:
        return _relay(relays[mode], database, count, meters)

    alone = _told(asked, "publisher alone", publish)
    whole = _told(asked, "relay, from the outbox to its marks", relay)
    for broker in brokers.values():
        broker.close()
    database.close()
    return [
        Floor(what="relay, pipelined against one by one", measured=whole, limit=AT_LEAST, unit="x"),
        Floor(what="publisher alone, the same", measured=alone, limit=AT_LEAST, unit="x"),
    ]


def _told(asked: Asked, what: str, measure: Callable[[str, int], Run]) -> float:
    """Run both modes in turn, tell what came out; how many times faster the window is."""
    for mode in WINDOWS:
        measure(mode, 50)  # connects
    runs: Runs = {mode: [] for mode in WINDOWS}
    for _ in range(ROUNDS):
        for mode in WINDOWS:
            runs[mode].append(measure(mode, MESSAGES[mode]))
    for mode, measured in runs.items():
        asked.say(f"    {what}, {mode:<10} {describe(measured)}")
    return middle_ratio(runs["pipelined"], runs["one by one"])


def _publish(publisher: Publisher, count: int, batch: int, meters: cpu.Meters) -> Run:
    messages = [_message(number) for number in range(count)]
    watch = cpu.Stopwatch(meters)
    with watch.running():
        for first in range(0, count, batch):
            fates = publisher.send(messages[first : first + batch])
            if set(fates) != {Fate.CONFIRMED}:
                raise NotConfirmed(f"Of {batch} messages some were {set(fates)}.")
    return watch.run(count)


def _relay(relay: Relay, database: Database, count: int, meters: cpu.Meters) -> Run:
    notices.fill(database, count)
    watch = cpu.Stopwatch(meters)
    with watch.running():
        sent = 0
        while done := relay.step():
            sent += done
    if sent != count:
        raise NotConfirmed(f"The relay sent {sent} of {count}.")
    return watch.run(count)


def _message(number: int) -> Message:
    about = new_id()
    envelope = Envelope(
        id=new_id(),
        source=f"/jishi/{notices.WRITER}",
        type="notice.given",
        version=1,
        subject=about,
        sequence=1,
        time=datetime.now(UTC),
        correlation_id=about,
        causation_id=None,
        traceparent=None,
    )
    return Message(EVENTS, envelope, notices.body(about, number))
