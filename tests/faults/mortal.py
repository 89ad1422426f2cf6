"""A bakery whose worker dies of one order, run by a test: says how often it died.

python mortal.py <database url> <broker: a file, or amqp://...> <the loaf it dies of>

Each life is a process of its own, as under a platform that starts again what has ended.
"""

import os
import sys
from pathlib import Path
from time import monotonic

from libs.events.tests.conftest import LoafBaked, LoafOrdered, bake
from shop_events import Broker, Database, Subscriptions, Tx, Worker
from shop_events.amqp import AmqpBroker
from shop_events.local_broker import LocalBroker
from shop_events.topology import events_queue

LIVES = 40
CALM_S = 1.0  # a life in which nothing comes for so long, and nothing is left, was the last
LONGEST_LIFE_S = 60.0
DIED = 9
HOME = events_queue("bakery")


def main(database_url: str, broker_url: str, deadly: str) -> None:
    deaths = 0
    for _ in range(LIVES):
        pid = os.fork()
        if pid == 0:
            live(database_url, broker_url, deadly)
            os._exit(0)
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        if code != DIED:
            sys.stdout.write(str(deaths))
            sys.exit(code)
        deaths += 1
    sys.exit(f"It dies and dies: {deaths} times by now.")


def live(database_url: str, broker_url: str, deadly: str) -> None:
    subscriptions = Subscriptions("bakery")

    @subscriptions.on(LoafOrdered, publishes=(LoafBaked,))
    def bake_when_ordered(event: LoafOrdered, tx: Tx) -> None:
        if event.loaf_id == deadly:
            os._exit(DIED)
        bake(tx, event.loaf_id)

    database, broker = Database(database_url, service="bakery"), broker_at(broker_url)
    worker = Worker(database, broker, subscriptions)
    (consumer,) = worker.consumers
    calm_at, over_at = monotonic() + CALM_S, monotonic() + LONGEST_LIFE_S
    while monotonic() < calm_at or (broker.depth(HOME) and monotonic() < over_at):
        if consumer.step(timeout_s=0.1):
            calm_at = monotonic() + CALM_S
    consumer.intake.close()
    broker.close()


def broker_at(url: str) -> Broker:
    return AmqpBroker(url) if url.startswith("amqp") else LocalBroker(Path(url))


if __name__ == "__main__":
    main(*sys.argv[1:])
