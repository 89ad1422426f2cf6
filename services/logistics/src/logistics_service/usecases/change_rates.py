"""Delivery rates: written by merchants for themselves and by admins for everybody else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from logistics_service.domain.errors import Stale
from logistics_service.domain.rates import (
    DEFAULT,
    FIRST_METHODS,
    Load,
    Method,
    Option,
    Rates,
    must_be_sound,
)
from logistics_service.store import rates
from logistics_service.usecases import messages
from shop_events import Tx
from shop_events.sql import Connection

OURSELVES = "jishi"  # stands as the author of the first rates


def change_rates(
    tx: Tx,
    rates_id: str,
    methods: tuple[Method, ...],
    *,
    changed_by: str,
    is_present: Callable[[int], bool],
) -> Rates:
    """Replace the rates of a merchant, or the default ones. Publishes DeliveryRatesChanged.

    ``is_present`` says whether the caller has seen this version.

    Raises:
        RatesUnsound: by them a parcel would have two prices.
        Stale: somebody changed them since the caller read them.
    """
    must_be_sound(methods)
    known = rates.get(tx.connection, rates_id)
    changed = Rates(rates_id=rates_id, version=known.version + 1, methods=methods)
    if not is_present(known.version):
        raise Stale(f"The table of delivery rates {rates_id}", known.version)
    if not rates.add(tx.connection, changed, changed_by=changed_by, at=tx.now):
        raise Stale(f"The table of delivery rates {rates_id}", changed.version)
    tx.publish(messages.rates_changed(changed))
    return changed


def write_first_rates(tx: Tx) -> None:
    """Give a new shop rates to begin with, unless it has some. Publishes DeliveryRatesChanged."""
    first = Rates(rates_id=DEFAULT, version=1, methods=FIRST_METHODS)
    if rates.add(tx.connection, first, changed_by=OURSELVES, at=tx.now):
        tx.publish(messages.rates_changed(first))


def read_rates(connection: Connection, rates_id: str) -> Rates:
    """The rates as they are; version 0 and no method where there are none."""
    return rates.get(connection, rates_id)


def read_options(
    connection: Connection,
    division_code: str,
    load: Load,
    *,
    merchant_id: str | None,
) -> tuple[Option, ...]:
    """How goods of a merchant can be delivered there; without own rates, by the default ones.

    What they cost in another currency than the rates' cannot make a delivery free.
    """
    found = rates.get(connection, merchant_id or DEFAULT)
    if not found.version:
        found = rates.get(connection, DEFAULT)
    if load.goods is not None and found.methods and load.goods.currency != found.currency:
        load = replace(load, goods=None)
    return found.options(division_code, load)
