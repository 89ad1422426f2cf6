"""Orders and their parts as the outside sees them."""

from __future__ import annotations

from typing import Any

from order_service.domain.claim import Claim
from order_service.domain.happening import Happening
from order_service.domain.line import Line
from order_service.domain.papers import Papers
from order_service.domain.parcel import Parcel
from order_service.domain.quote import Quote
from order_service.domain.units import count
from order_service.usecases.read_orders import OrderSeen
from shop_events.values import total


def order_view(seen: OrderSeen) -> dict[str, Any]:
    """An order, see `schemas.OrderAnswer`."""
    order = seen.order
    return {
        "id": order.id,
        "number": order.number,
        "status": seen.status,
        "cancel_reason": order.cancel_reason,
        "payment_method": order.payment_method,
        "delivery_method": order.delivery_method,
        "promise_days": order.promise_days,
        "lines": [_line_view(line) for line in order.lines],
        "shipping": order.shipping,
        "total": order.total,
        "refunded": seen.refunded,
        "parcels": [_parcel_view(parcel) for parcel in seen.parcels],
        "claims": [_claim_view(claim) for claim in seen.claims],
        "placed_at": order.placed_at,
        "pay_by": order.pay_by,
    }


def papers_view(papers: Papers) -> dict[str, Any]:
    """What the page of one order shows besides, see `schemas.OrderDetail`."""
    return {
        "destination": papers.destination,
        "note": papers.note,
        "explanation": papers.explanation,
        "accepted_changes": papers.accepted or [],
    }


def merchant_order_view(seen: OrderSeen, merchant_id: str) -> dict[str, Any]:
    """A merchant's part of an order, see `schemas.MerchantOrderAnswer`."""
    order = seen.order
    own = [line for line in order.lines if line.merchant_id == merchant_id]
    freights = (one.amount for one in order.freights if one.merchant_id == merchant_id)
    shipping = total(freights, order.currency)
    return {
        "id": order.id,
        "number": order.number,
        "status": seen.status,
        "payment_method": order.payment_method,
        "delivery_method": order.delivery_method,
        "lines": [_line_view(line) for line in own],
        "shipping": shipping,
        "payable": total((line.payable for line in own), order.currency) + shipping,
        "placed_at": order.placed_at,
    }


def happening_view(happening: Happening, locale: str) -> dict[str, Any]:
    """A row of the timeline, see `schemas.HappeningAnswer`."""
    return {
        "kind": happening.kind,
        "at": happening.at,
        "text": happening.sentence(locale),
        "params": dict(happening.params),
        "trace_id": happening.trace_id,
    }


def quote_view(quote: Quote) -> dict[str, Any]:
    """A given quote, see `dev_schemas.QuoteAnswer`."""
    return {"id": quote.id, "total": quote.total, "expires_at": quote.expires_at}


def _line_view(line: Line) -> dict[str, Any]:
    goods = line.goods
    return {
        "line_id": line.line_id,
        "sku_id": line.sku_id,
        "merchant_id": line.merchant_id,
        "product_id": goods.product_id if goods else None,
        "name": line.name,
        "options": list(goods.options) if goods else [],
        "image": goods.image if goods else None,
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
        "receive_at": parcel.receive_at,
    }


def _claim_view(claim: Claim) -> dict[str, Any]:
    return {
        "parcel_id": claim.parcel_id,
        "order_line_id": claim.line_id,
        "kind": claim.kind,
        "quantity": count(claim.runs),
    }
