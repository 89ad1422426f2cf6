"""Orders as aftersales shows them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from aftersales_service.domain.order import Line, Order


def eligible_view(order: Order, now: datetime) -> dict[str, Any]:
    """What may be sent back, see `schemas.EligibleAnswer`."""
    return {
        "order_id": order.id,
        "until": order.until if order.end is None else None,
        "lines": [_line_view(order, line, now) for line in order.lines],
    }


def _line_view(order: Order, line: Line, now: datetime) -> dict[str, Any]:
    return {
        "order_line_id": line.line_id,
        "sku_id": line.sku_id,
        "merchant_id": line.merchant_id,
        "ordered": line.quantity,
        "delivered": order.delivered(line),
        "received": order.received(line),
        "returnable": order.returnable(line, now),
    }
