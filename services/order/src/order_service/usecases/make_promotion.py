"""A merchant offers coupons; before their time has come he may still change them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from order_service.domain.coupon_errors import PromotionStale, PromotionStarted, PromotionWrong
from order_service.domain.promotion import Benefit, Promotion, Scope
from order_service.store import promotions
from shop_events import Tx


def make_promotion(tx: Tx, promotion: Promotion) -> Promotion:
    """Keep a new promotion.

    Raises:
        PromotionWrong: its parts do not fit together.
    """
    must_fit(promotion)
    promotions.add(tx.connection, promotion)
    return promotion


def change_promotion(
    tx: Tx,
    promotion_id: str,
    changed: Mapping[str, Any],
    *,
    merchant_id: str | None,
    version: int | None,
) -> Promotion:
    """Change some fields; ``version`` is the one the caller has seen, if he says it.

    Raises:
        PromotionNotFound: there is none, or it is another merchant's.
        PromotionStale: it was changed meanwhile.
        PromotionStarted: its coupons may be claimed already, or it was ended (C8).
        PromotionWrong: its parts do not fit together any more.
    """
    known = promotions.lock(tx.connection, promotion_id, merchant_id)
    if version is not None and version != known.version:
        raise PromotionStale(promotion_id)
    if known.ended_at is not None or known.claim_from <= tx.now:
        raise PromotionStarted(promotion_id)
    after = replace(known, **changed, version=known.version + 1)
    must_fit(after)
    promotions.save(tx.connection, after)
    return after


def end_promotion(tx: Tx, promotion_id: str, *, merchant_id: str | None) -> Promotion:
    """Nobody can claim it any more; what people hold stays good. Again: nothing more happens.

    Raises:
        PromotionNotFound: there is none, or it is another merchant's.
    """
    known = promotions.lock(tx.connection, promotion_id, merchant_id)
    if known.ended_at is not None:
        return known
    ended = replace(known, ended_at=tx.now, version=known.version + 1)
    promotions.save(tx.connection, ended)
    return ended


def must_fit(promotion: Promotion) -> None:
    """Make sure that a promotion makes sense.

    Raises:
        PromotionWrong: with a message for each field that does not.
    """
    wrong: dict[str, list[str]] = {}
    if promotion.amount.currency != promotion.min_spend.currency:
        wrong["min_spend"] = ["In the currency of the amount."]
    _benefit(promotion, wrong)
    _scope(promotion, wrong)
    if promotion.claim_from >= promotion.claim_until:
        wrong["claim_until"] = ["After claim_from."]
    if promotion.use_from >= promotion.use_until:
        wrong["use_until"] = ["After use_from."]
    elif promotion.use_until <= promotion.claim_from:
        wrong["use_until"] = ["After claim_from: nobody could use one."]
    if promotion.per_user > promotion.total:
        wrong["per_user"] = ["At most the total."]
    if wrong:
        raise PromotionWrong(wrong)


def _benefit(promotion: Promotion, wrong: dict[str, list[str]]) -> None:
    if promotion.benefit is Benefit.AMOUNT:
        if promotion.amount.minor <= 0:
            wrong["amount"] = ["What it takes off, above zero."]
        if promotion.percent:
            wrong["percent"] = ["Only where the benefit is a percentage."]
    else:
        if not promotion.percent:
            wrong["percent"] = ["What it takes off, 1 to 100."]
        if promotion.amount:
            wrong["amount"] = ["Only where the benefit is an amount."]


def _scope(promotion: Promotion, wrong: dict[str, list[str]]) -> None:
    """The shop's own count for all goods; a merchant's for his own only (C2)."""
    shops_own = promotion.merchant_id is None
    if shops_own is not (promotion.scope is Scope.ALL):
        wrong["scope"] = ["all" if shops_own else "merchant or products"]
    elif bool(promotion.product_ids) is not (promotion.scope is Scope.PRODUCTS):
        wrong["product_ids"] = ["Named where the scope is products, and nowhere else."]
