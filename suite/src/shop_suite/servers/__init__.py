"""Servers of our own, for tests, the fault programme and the bench.

    with PrivatePostgres() as postgres, PrivateRabbit() as rabbit:
        orders = postgres.create_database("orders")
        town = rabbit.create_vhost("town")

Each runs from the programs installed on this machine, on a free port of the loopback address, in a
folder of its own that goes away with it. A server that somebody else runs is never touched.
"""

from shop_suite.servers.addresses import create_database, drop_database
from shop_suite.servers.postgres import PrivatePostgres
from shop_suite.servers.process import PrivateServer, ServerDidNotStart, ServerNotInstalled
from shop_suite.servers.rabbit import PrivateRabbit

__all__ = [
    "PrivatePostgres",
    "PrivateRabbit",
    "PrivateServer",
    "ServerDidNotStart",
    "ServerNotInstalled",
    "create_database",
    "drop_database",
]
