"""A process that carries a bakery's events, run by tests that kill it.

python carrying.py <database url> <broker url>
"""

import sys
import threading

from shop_events import Database, Subscriptions, Worker
from shop_events.amqp import AmqpBroker

LONGEST_LIFE_S = 300.0  # longer than any test: nobody is left behind if the test is killed


def main(database_url: str, broker_url: str) -> None:
    database = Database(database_url, service="bakery")
    Worker(database, AmqpBroker(broker_url), Subscriptions("bakery")).start()
    threading.Event().wait(LONGEST_LIFE_S)


if __name__ == "__main__":
    main(*sys.argv[1:])
