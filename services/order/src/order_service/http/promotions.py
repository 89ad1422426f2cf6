"""Coupons: what merchants offer, and what shoppers claim."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify
from flask.typing import ResponseReturnValue

from chassis.http import Blueprint
from chassis.http.paging import PageQuery, page
from chassis.idempotency import Answer, once
from chassis.identity import Role
from chassis.requests import asked_with, begin, current_identity, current_runtime, read
from chassis.routes import Header, heeds, who
from order_service.domain.promotion import Promotion
from order_service.http import coupon_schemas as schemas
from order_service.http.checkout_views import coupon_view, on_offer_view, promotion_view
from order_service.usecases.claim_coupon import claim_coupon
from order_service.usecases.make_promotion import (
    change_promotion,
    end_promotion,
    make_promotion,
)
from order_service.usecases.read_coupons import my_coupons, on_offer, own_promotions
from shop_events import Money, Tx

coupons = Blueprint("coupons", __name__, url_prefix="/coupons")
promotions = Blueprint("promotions", __name__, url_prefix="/promotions")


@coupons.get("")
@who(Role.SHOPPER)
@coupons.arguments(PageQuery, location="query")
@coupons.response(200, schemas.OnOfferPage)
def get_coupons(query: dict[str, Any]) -> Response:
    """What can be claimed now, the newest first."""
    with read() as connection:
        found = on_offer(
            connection,
            current_runtime().clock.now(),
            account_id=current_identity().subject,
            before=_before(query),
            at_most=query["limit"] + 1,
        )
    key = lambda one: (one.promotion.id,)  # noqa: E731
    return jsonify(page(found, limit=query["limit"], key=key, show=on_offer_view))


@coupons.get("/mine")
@who(Role.SHOPPER)
@coupons.arguments(PageQuery, location="query")
@coupons.response(200, schemas.CouponPage)
def get_my_coupons(query: dict[str, Any]) -> Response:
    """My coupons, the newest first."""
    now = current_runtime().clock.now()
    with read() as connection:
        found = my_coupons(
            connection,
            account_id=current_identity().subject,
            before=_before(query),
            at_most=query["limit"] + 1,
        )
    show = lambda one: coupon_view(one, now)  # noqa: E731
    return jsonify(page(found, limit=query["limit"], key=lambda one: (one.id,), show=show))


@coupons.post("/<promotion_id>/claim")
@who(Role.SHOPPER)
@heeds(Header.KEY)
@coupons.response(201, schemas.CouponAnswer)
def post_claim(promotion_id: str) -> Response:
    """Claim one coupon of this promotion."""
    me = current_identity().subject

    def act(tx: Tx) -> Answer:
        return coupon_view(claim_coupon(tx, promotion_id, account_id=me), tx.now), 201, {}

    return once(act)


@promotions.post("")
@who(Role.MERCHANT, Role.ADMIN)
@heeds(Header.KEY)
@promotions.arguments(schemas.MakePromotion)
@promotions.response(201, schemas.PromotionAnswer)
def post_promotion(body: dict[str, Any]) -> Response:
    """Offer coupons: a merchant for his own goods, the shop for all."""
    nothing = Money.zero((body["amount"] or body["min_spend"] or Money.zero("CNY")).currency)
    wanted = {
        **body,
        "merchant_id": current_identity().merchant_id,
        "amount": body["amount"] or nothing,
        "min_spend": body["min_spend"] or nothing,
        "product_ids": tuple(body["product_ids"]),
    }

    def act(tx: Tx) -> Answer:
        made = make_promotion(tx, Promotion(id=tx.new_id(), **wanted))
        return promotion_view(made), 201, _etag(made)

    return once(act)


@promotions.get("")
@who(Role.MERCHANT, Role.ADMIN)
@promotions.arguments(PageQuery, location="query")
@promotions.response(200, schemas.PromotionPage)
def get_promotions(query: dict[str, Any]) -> Response:
    """My promotions, the newest first."""
    with read() as connection:
        found = own_promotions(
            connection,
            merchant_id=current_identity().merchant_id,
            before=_before(query),
            at_most=query["limit"] + 1,
        )
    key = lambda one: (one.id,)  # noqa: E731
    return jsonify(page(found, limit=query["limit"], key=key, show=promotion_view))


@promotions.patch("/<promotion_id>")
@who(Role.MERCHANT, Role.ADMIN)
@heeds(Header.UNCHANGED)
@promotions.arguments(schemas.PatchPromotion)
@promotions.response(200, schemas.PromotionAnswer)
def patch_promotion(body: dict[str, Any], promotion_id: str) -> ResponseReturnValue:
    """Change a promotion before its coupons can be claimed; ``If-Match`` says which I have seen."""
    if "product_ids" in body:
        body["product_ids"] = tuple(body["product_ids"])
    with begin() as tx:
        after = change_promotion(
            tx,
            promotion_id,
            body,
            merchant_id=current_identity().merchant_id,
            version=_seen_version(),
        )
    return jsonify(promotion_view(after)), 200, _etag(after)


@promotions.post("/<promotion_id>/end")
@who(Role.MERCHANT, Role.ADMIN)
@promotions.response(200, schemas.PromotionAnswer)
def post_end(promotion_id: str) -> ResponseReturnValue:
    """No more coupons of this promotion; those that people hold stay good."""
    with begin() as tx:
        ended = end_promotion(tx, promotion_id, merchant_id=current_identity().merchant_id)
    return jsonify(promotion_view(ended)), 200, _etag(ended)


def _before(query: dict[str, Any]) -> str | None:
    cursor = query["cursor"]
    return str(cursor[0]) if cursor else None


def _etag(promotion: Promotion) -> dict[str, str]:
    return {"ETag": f'"{promotion.version}"'}


def _seen_version() -> int | None:
    """The version in ``If-Match``; -1, which none has, where it is something else."""
    given = asked_with(Header.UNCHANGED)
    if given is None or given.strip() == "*":
        return None
    text = given.strip().strip('"')
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else -1
