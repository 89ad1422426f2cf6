"""Quotes, coupons and promotions as the outside sees them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from order_service.domain.breakdown import breakdown_of
from order_service.domain.catalogue import AT_HOME
from order_service.domain.change import Change
from order_service.domain.explanation import (
    DEPENDS_ON_QUOTE,
    Rule,
    of_card,
    of_cash_without_quote,
)
from order_service.domain.promotion import Coupon, Promotion
from order_service.domain.quote import Offer, Quote, QuoteLine
from order_service.usecases.read_coupons import OnOffer

_NEEDS: Final = {"card": ["card_token"]}  # what `POST /payments` takes for what is paid online
_NOTHING: Final = Offer(options=(), payment_methods=(), discounts=(), rules=())


def checkout_view(quote: Quote, changes: Sequence[Change], locale: str) -> dict[str, Any]:
    """A quote, see `checkout_schemas.CheckoutQuoteAnswer`."""
    offer = quote.offer or _NOTHING
    return {
        "id": quote.id,
        "binding": quote.binding,
        "lines": [_line_view(line, locale) for line in quote.lines],
        "discounts": list(offer.discounts),
        "missed": [
            {"coupon_id": rule.about, "code": rule.code, "why": _said(rule, locale)}
            for rule in offer.rules
            if rule.kind == "coupon" and not rule.hit
        ],
        "goods": quote.goods,
        "discount": quote.discount,
        "shipping": {
            "total": quote.shipping,
            "merchants": [
                {"merchant_id": freight.merchant_id, "amount": freight.amount}
                for freight in quote.freights
            ],
        },
        "delivery_method": quote.delivery_method,
        "delivery_options": list(offer.options),
        "payment_methods": [_way_view(rule, locale) for rule in _ways_to_pay(offer)],
        "tax": {"included": True, "lines": []},
        "total": quote.total,
        "changes": [change.told() for change in changes],
        "expires_at": quote.expires_at,
    }


def ways_view(quote: Quote | None, locale: str) -> list[dict[str, Any]]:
    """The ways to pay this quote; without one, and where its prices were given, the shop's."""
    if quote is None or quote.offer is None:
        rules = [of_card(), of_cash_without_quote()]
    else:
        rules = _ways_to_pay(quote.offer)
    return [_way_view(rule, locale) for rule in rules]


def explanation_view(quote: Quote) -> dict[str, Any]:
    """Why it costs that much, see `checkout_schemas.ExplanationAnswer`."""
    return {"quote_id": quote.id, **breakdown_of(quote)}


def promotion_view(promotion: Promotion) -> dict[str, Any]:
    """A promotion for its merchant, see `coupon_schemas.PromotionAnswer`."""
    return {
        **_terms(promotion),
        "id": promotion.id,
        "total": promotion.total,
        "claimed": promotion.claimed,
        "per_user": promotion.per_user,
        "claim_from": promotion.claim_from,
        "claim_until": promotion.claim_until,
        **_use(promotion),
        "ended_at": promotion.ended_at,
        "version": promotion.version,
    }


def on_offer_view(one: OnOffer) -> dict[str, Any]:
    """A promotion in the claim centre, see `coupon_schemas.OnOfferAnswer`."""
    promotion = one.promotion
    return {
        **_terms(promotion),
        "id": promotion.id,
        "per_user": promotion.per_user,
        "mine": one.mine,
        "left": one.left,
        "claim_until": promotion.claim_until,
        **_use(promotion),
    }


def coupon_view(coupon: Coupon, now: datetime) -> dict[str, Any]:
    """A coupon for its owner, see `coupon_schemas.CouponAnswer`."""
    return {
        **_terms(coupon.promotion),
        "id": coupon.id,
        "promotion_id": coupon.promotion.id,
        "state": coupon.state_at(now),
        "order_id": coupon.order_id,
        "valid_from": coupon.valid_from,
        "valid_until": coupon.valid_until,
    }


def _terms(promotion: Promotion) -> dict[str, Any]:
    return {
        "merchant_id": promotion.merchant_id,
        "title": promotion.title,
        "benefit": promotion.benefit,
        "amount": promotion.amount,
        "percent": promotion.percent,
        "min_spend": promotion.min_spend,
        "scope": promotion.scope,
        "product_ids": list(promotion.product_ids),
    }


def _use(promotion: Promotion) -> dict[str, Any]:
    return {
        "use_from": promotion.use_from,
        "use_until": promotion.use_until,
        "use_days": promotion.use_days,
    }


def _line_view(line: QuoteLine, locale: str) -> dict[str, Any]:
    goods = line.goods
    return {
        "sku_id": line.sku_id,
        "merchant_id": line.merchant_id,
        "title": goods.title(locale) if goods else line.name,
        "options": list(goods.options) if goods else [],
        "image": goods.image if goods else None,
        "unit_price": line.unit_price,
        "quantity": line.quantity,
        "discount_share": line.discount_share,
        "payable": line.payable,
    }


def _ways_to_pay(offer: Offer) -> list[Rule]:
    return [rule for rule in offer.rules if rule.kind == "payment"]


def _way_view(rule: Rule, locale: str) -> dict[str, Any]:
    """See `checkout_schemas.PaymentMethodAnswer`."""
    return {
        "method": rule.about,
        "online": rule.about in _NEEDS,
        "needs": _NEEDS.get(rule.about, []),
        "offered": None if rule.code == DEPENDS_ON_QUOTE else rule.hit,
        "why": _said(rule, locale),
    }


def _said(rule: Rule, locale: str) -> str:
    return rule.zh if locale == AT_HOME else rule.en
