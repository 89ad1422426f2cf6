"""Small things kept as JSON text, because they are read whole or not at all."""

from __future__ import annotations

import json
from dataclasses import asdict

from order_service.domain.quote import Destination, QuoteLine
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


def from_units(units: dict[str, int]) -> str:
    """So many units by line id, as text."""
    return json.dumps(units, sort_keys=True)


def to_units(text: str) -> dict[str, int]:
    """So many units by line id, from their text."""
    return {line_id: int(count) for line_id, count in json.loads(text).items()}
