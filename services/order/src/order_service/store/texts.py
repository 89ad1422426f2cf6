"""Small things kept as JSON text, because they are read whole or not at all."""

from __future__ import annotations

import json
from dataclasses import asdict

from order_service.domain.quote import Destination, QuoteLine
from order_service.domain.units import Run, Units
from shop_events.values import Money


def from_destination(destination: Destination) -> str:
    """A destination as text."""
    return json.dumps(asdict(destination), ensure_ascii=False)


def to_destination(text: str) -> Destination:
    """A destination from its text."""
    return Destination(**json.loads(text))


def from_quote_lines(lines: tuple[QuoteLine, ...]) -> str:
    """A quote's lines as text; prices as minor units of the quote's currency."""
    return json.dumps(
        [
            {
                "sku_id": line.sku_id,
                "merchant_id": line.merchant_id,
                "name": line.name,
                "quantity": line.quantity,
                "unit_price": line.unit_price.minor,
            }
            for line in lines
        ],
        ensure_ascii=False,
    )


def to_quote_lines(text: str, currency: str) -> tuple[QuoteLine, ...]:
    """A quote's lines from their text."""
    return tuple(
        QuoteLine(
            sku_id=line["sku_id"],
            merchant_id=line["merchant_id"],
            name=line["name"],
            quantity=line["quantity"],
            unit_price=Money(line["unit_price"], currency),
        )
        for line in json.loads(text)
    )


def from_units(units: Units) -> str:
    """Units as text; a run is its count and its first number."""
    runs = {line_id: [(run.count, run.first) for run in units[line_id]] for line_id in units}
    return json.dumps(runs, sort_keys=True)


def to_units(text: str) -> Units:
    """Units from their text."""
    told = json.loads(text)
    return {line_id: tuple(Run(*run) for run in told[line_id]) for line_id in told}
