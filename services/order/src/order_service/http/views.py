"""Orders and quotes as the outside sees them."""

from __future__ import annotations

from typing import Any

from order_service.domain.line import Line
from order_service.domain.parcel import Parcel
from order_service.domain.quote import Quote
from order_service.usecases.read_orders import OrderSeen


def order_view(seen: OrderSeen) -> dict[str, Any]:
    """An order, see `schemas.OrderAnswer`."""
    order = seen.order
    return {
        "id": order.id,
        "number": order.number,
        "status": seen.status,
        "cancel_reason": order.cancel_reason,
        "payment_method": order.payment_method,
        "lines": [_line_view(line) for line in order.lines],
        "shipping": order.shipping,
        "total": order.total,
        "refunded": seen.refunded,
        "parcels": [_parcel_view(parcel) for parcel in seen.parcels],
        "placed_at": order.placed_at,
        "pay_by": order.pay_by,
    }


def quote_view(quote: Quote) -> dict[str, Any]:
    """A quote, see `dev_schemas.QuoteAnswer`."""
    total = quote.goods - min(quote.discount, quote.goods) + quote.shipping
    return {"id": quote.id, "total": total, "expires_at": quote.expires_at}


def _line_view(line: Line) -> dict[str, Any]:
    return {
        "line_id": line.line_id,
        "sku_id": line.sku_id,
        "merchant_id": line.merchant_id,
        "name": line.name,
        "quantity": line.quantity,
        "unit_price": line.unit_price,
        "discount_share": line.discount_share,
        "payable": line.payable,
        "cancelled": line.cancelled,
        "received": line.received,
    }


def _parcel_view(parcel: Parcel) -> dict[str, Any]:
    return {
        "id": parcel.id,
        "state": parcel.state,
        "carrier": parcel.carrier,
        "waybill": parcel.waybill,
    }
