"""The bodies of coupons and promotions."""

from __future__ import annotations

from marshmallow import ValidationError, fields, validate

from chassis.http.fields import Answer, Body, Id, Instant, MoneyField, StrictInteger
from order_service.domain.promotion import Benefit, Scope
from shop_events.values import LARGEST_MINOR, Money


def _is_a_price(amount: Money) -> None:
    if not 0 <= amount.minor <= LARGEST_MINOR // 1_000:
        raise ValidationError("Not below zero, and no more than goods may cost.")


class PatchPromotion(Body):
    """Body of ``PATCH /promotions/{id}``: the fields that change."""

    title = fields.String(validate=validate.Length(1, 60))
    amount = MoneyField(validate=_is_a_price)
    percent = StrictInteger(validate=validate.Range(1, 100))
    min_spend = MoneyField(validate=_is_a_price)
    scope = fields.Enum(Scope, by_value=True)
    product_ids = fields.List(Id(), validate=validate.Length(max=200))
    total = StrictInteger(validate=validate.Range(1, 10_000_000))
    per_user = StrictInteger(validate=validate.Range(1, 100))
    claim_from = Instant()
    claim_until = Instant()
    use_from = Instant()
    use_until = Instant()
    use_days = StrictInteger(allow_none=True, validate=validate.Range(1, 366))


class MakePromotion(Body):
    """Body of ``POST /promotions``. Percentages are taken off each unit's price (M6)."""

    title = fields.String(required=True, validate=validate.Length(1, 60))
    benefit = fields.Enum(Benefit, by_value=True, required=True)
    amount = MoneyField(load_default=None, validate=_is_a_price)
    percent = StrictInteger(load_default=0, validate=validate.Range(0, 100))  # 0: no percentage
    min_spend = MoneyField(load_default=None, validate=_is_a_price)
    scope = fields.Enum(Scope, by_value=True, required=True)
    product_ids = fields.List(Id(), load_default=list, validate=validate.Length(max=200))
    total = StrictInteger(required=True, validate=validate.Range(1, 10_000_000))
    per_user = StrictInteger(load_default=1, validate=validate.Range(1, 100))
    claim_from = Instant(required=True)
    claim_until = Instant(required=True)
    use_from = Instant(required=True)
    use_until = Instant(required=True)
    use_days = StrictInteger(load_default=None, allow_none=True, validate=validate.Range(1, 366))


class _Terms(Answer):
    """What a coupon is worth, and for what."""

    merchant_id = fields.String(allow_none=True)
    title = fields.String()
    benefit = fields.String()
    amount = MoneyField()
    percent = fields.Integer()
    min_spend = MoneyField()
    scope = fields.String()
    product_ids = fields.List(fields.String())


class PromotionAnswer(_Terms):
    """A promotion as its merchant sees it. ``version`` is its ETag."""

    id = Id()
    total = fields.Integer()
    claimed = fields.Integer()
    per_user = fields.Integer()
    claim_from = Instant()
    claim_until = Instant()
    use_from = Instant()
    use_until = Instant()
    use_days = fields.Integer(allow_none=True)
    ended_at = Instant(allow_none=True)
    version = fields.Integer()


class PromotionPage(Answer):
    """A page of a merchant's promotions, the newest first."""

    items = fields.List(fields.Nested(PromotionAnswer))
    next_cursor = fields.String(allow_none=True)


class OnOfferAnswer(_Terms):
    """A promotion in the claim centre; ``mine``: how many of it one has claimed."""

    id = Id()
    per_user = fields.Integer()
    mine = fields.Integer()
    left = fields.Boolean()
    claim_until = Instant()
    use_from = Instant()
    use_until = Instant()
    use_days = fields.Integer(allow_none=True)


class OnOfferPage(Answer):
    """A page of the claim centre, the newest first."""

    items = fields.List(fields.Nested(OnOfferAnswer))
    next_cursor = fields.String(allow_none=True)


class CouponAnswer(_Terms):
    """A coupon of one's own. ``state``: issued, locked by an order, used, or expired."""

    id = Id()
    promotion_id = fields.String()
    state = fields.String()
    order_id = fields.String(allow_none=True)
    valid_from = Instant()
    valid_until = Instant()


class CouponPage(Answer):
    """A page of one's own coupons, the newest first."""

    items = fields.List(fields.Nested(CouponAnswer))
    next_cursor = fields.String(allow_none=True)
