"""How fast, on this machine: a question a module, each with a floor (bench/README.md).

relay       what confirming in a window is worth
consumer    what a batch in one transaction is worth
latency     from the commit to the handler, between processes and in one
road        real purchases on both ways to run, and whether the books agree afterwards
"""

from __future__ import annotations

from collections.abc import Callable


def run_bench(*, orders: int, only: str, say: Callable[[str], None]) -> bool:
    """Ask every question, or the one named ``only``; whether every floor was met.

    Raises:
        ServerNotInstalled: PostgreSQL or RabbitMQ is not on this machine.
    """
    from shop_suite.bench.run import ask_all  # the processes of a measurement need none of it

    return ask_all(orders=orders, only=only, say=say)
