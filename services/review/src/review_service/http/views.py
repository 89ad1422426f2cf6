"""Lines as review shows them."""

from __future__ import annotations

from typing import Any

from review_service.domain.line import ReviewableLine


def line_view(line: ReviewableLine) -> dict[str, Any]:
    """A line that may be reviewed, see `schemas.PendingLine`."""
    return {
        "order_id": line.order_id,
        "order_line_id": line.line_id,
        "sku_id": line.sku_id,
        "product_id": line.product_id,
        "merchant_id": line.merchant_id,
        "received_at": line.received_at,
        "closes_at": line.closes_at,
    }
