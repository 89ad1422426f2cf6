"""Delivery rates in all their versions; what was written stays as it is."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, select

from logistics_service.domain.rates import Method, Rates, Zone
from logistics_service.domain.way import MethodCode
from logistics_service.store.tables import delivery_rates
from shop_events.sql import insert_once
from shop_events.values import Money


def get(connection: Connection, rates_id: str) -> Rates:
    """The rates as they are now; version 0 and no method where there are none."""
    row = connection.execute(_NEWEST, {"of_rates": rates_id}).first()
    if row is None:
        return Rates(rates_id=rates_id)
    methods = tuple(_method(one) for one in json.loads(row.methods))
    return Rates(rates_id=rates_id, version=row.version, methods=methods)


def add(connection: Connection, rates: Rates, *, changed_by: str, at: datetime) -> bool:
    """Keep a new version; False when somebody else wrote that version first."""
    values = {
        "rates_id": rates.rates_id,
        "version": rates.version,
        "methods": json.dumps([_written(method) for method in rates.methods]),
        "changed_by": changed_by,
        "changed_at": at,
    }
    return insert_once(connection, delivery_rates, values)


_NEWEST: Final = (
    select(delivery_rates)
    .where(delivery_rates.c.rates_id == bindparam("of_rates"))
    .order_by(delivery_rates.c.version.desc())
    .limit(1)
)


def _written(method: Method) -> dict[str, Any]:
    return {
        "code": method.code,
        "days": method.days,
        "traceable": method.traceable,
        "cash_on_delivery": method.cash_on_delivery,
        "volume_divisor": method.volume_divisor,
        "currency": method.zones[0].first.currency,
        "zones": [
            {
                "divisions": list(zone.divisions),
                "first_g": zone.first_g,
                "first": zone.first.minor,
                "step_g": zone.step_g,
                "step": zone.step.minor,
                "first_pieces": zone.first_pieces,
                "step_pieces": zone.step_pieces,
                "free_over": None if zone.free_over is None else zone.free_over.minor,
            }
            for zone in method.zones
        ],
    }


def _method(written: dict[str, Any]) -> Method:
    currency = written["currency"]
    return Method(
        code=MethodCode(written["code"]),
        zones=tuple(_zone(zone, currency) for zone in written["zones"]),
        days=written["days"],
        traceable=written["traceable"],
        cash_on_delivery=written["cash_on_delivery"],
        volume_divisor=written.get("volume_divisor"),  # older versions were written without
    )


def _zone(written: dict[str, Any], currency: str) -> Zone:
    free_over = written["free_over"]
    return Zone(
        divisions=tuple(written["divisions"]),
        first_g=written["first_g"],
        first=Money(written["first"], currency),
        step_g=written["step_g"],
        step=Money(written["step"], currency),
        first_pieces=written.get("first_pieces"),  # as above
        step_pieces=written.get("step_pieces"),
        free_over=None if free_over is None else Money(free_over, currency),
    )
