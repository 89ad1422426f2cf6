"""The language Jishi's services share, and its safe carriage.

contracts     what may be said, by whom (`shop_events.contracts`)
Database, Tx  say it in the transaction that makes it true
Subscriptions what to do when somebody else said something, and when a deadline is due
Worker        carries, receives and keeps time, on any `Broker`
"""

from shop_events.broker import Broker, BrokerUnavailable, TopologyMissing
from shop_events.clock import Clock, ManualClock, SystemClock
from shop_events.consumer import Permanent, Retryable
from shop_events.contract import Event, Kind, contract_of, event
from shop_events.database import Database
from shop_events.ids import new_id
from shop_events.subscriptions import Subscriptions, WrongHandler
from shop_events.topology import Topology
from shop_events.tx import NotDeclared, Tx
from shop_events.values import CurrencyMismatch, Money, NotMoney
from shop_events.worker import Worker

__all__ = [
    "Broker",
    "BrokerUnavailable",
    "Clock",
    "CurrencyMismatch",
    "Database",
    "Event",
    "Kind",
    "ManualClock",
    "Money",
    "NotDeclared",
    "NotMoney",
    "Permanent",
    "Retryable",
    "Subscriptions",
    "SystemClock",
    "Topology",
    "TopologyMissing",
    "Tx",
    "Worker",
    "WrongHandler",
    "contract_of",
    "event",
    "new_id",
]
