"""The bodies of payment's routes."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from chassis.http.fields import Answer, Body, Id, MoneyField, Query
from payment_service.domain.card import looks_like_card_number
from shop_events.contracts.order import PaymentMethod
from shop_events.values import Money


class CardToken(fields.String):
    """What a provider gave the buyer's browser for a card; never the card's number."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(validate=[_no_card_number, _token_form], **kwargs)


def _no_card_number(text: str) -> None:
    if looks_like_card_number(text):
        raise ValidationError("This looks like a card number. Never send one: send a token.")


_token_form = validate.Regexp(r"[A-Za-z0-9_.:-]{1,128}\Z", error="This is no token.")


class StartPayment(Body):
    """Body of ``POST /payments``. No amount: what is due comes from the order alone."""

    order_id = Id(required=True)
    method = fields.Enum(PaymentMethod, by_value=True, required=True)
    card_token = CardToken(load_default=None)


class ConfirmPayment(Body):
    """Body of ``POST /payments/{id}/confirm``."""

    card_token = CardToken(required=True)


class PaymentsQuery(Query):
    """What stands behind ``GET /payments?``."""

    order_id = Id(required=True)


class MethodsQuery(Query):
    """What may stand behind ``GET /payments/methods?``; the methods are the same for all quotes."""

    quote_id = Id(load_default=None)


class ShareBody(Body):
    """A part of a refund; without a line it is shipping."""

    merchant_id = Id(required=True)
    line_id = Id(load_default=None)
    amount = MoneyField(required=True)


class StartRefund(Body):
    """Body of ``POST /refunds``. Its amount is the sum of its shares."""

    order_id = Id(required=True)
    shares = fields.List(
        fields.Nested(ShareBody), required=True, validate=validate.Length(min=1, max=200)
    )
    reason = fields.String(required=True, validate=validate.Length(1, 200))

    @validates_schema(skip_on_field_errors=True)
    def _above_zero_and_alike(self, data: dict[str, Any], **_kwargs: object) -> None:
        amounts: list[Money] = [share["amount"] for share in data["shares"]]
        if any(amount.minor <= 0 for amount in amounts):
            raise ValidationError("Every share is above zero.", "shares")
        if len({amount.currency for amount in amounts}) > 1:
            raise ValidationError("All shares are in one currency.", "shares")


class PretendCallback(Body):
    """Body of ``POST /payments/webhooks/pretend``."""

    event_id = fields.String(required=True, validate=validate.Length(1, 128))
    payment_id = Id(required=True)
    outcome = fields.String(required=True, validate=validate.OneOf(["captured", "declined"]))
    amount = MoneyField(required=True)
    provider_ref = fields.String(required=True, validate=validate.Length(1, 128))
    code = fields.String(load_default="declined", validate=validate.Length(1, 64))
    may_retry = fields.Boolean(load_default=False)


class ActionAnswer(Answer):
    """What the buyer has to do next: ``none``, or say with which card (``card_token``)."""

    type = fields.String()


class PaymentAnswer(Answer):
    """A payment as its buyer sees it."""

    id = Id()
    order_id = Id()
    status = fields.String()
    method = fields.String()
    amount = MoneyField()
    code = fields.String(allow_none=True)
    may_retry = fields.Boolean()
    action = fields.Nested(ActionAnswer)


class PaymentList(Answer):
    """All payments of an order, the oldest first."""

    items = fields.List(fields.Nested(PaymentAnswer))
    next_cursor = fields.String(allow_none=True)


class MethodAnswer(Answer):
    """A way to pay, and what it needs."""

    method = fields.String()
    online = fields.Boolean()
    needs = fields.List(fields.String())


class MethodList(Answer):
    """The ways to pay."""

    items = fields.List(fields.Nested(MethodAnswer))


class ShareAnswer(Answer):
    """A part of a refund."""

    merchant_id = Id()
    line_id = fields.String(allow_none=True)
    amount = MoneyField()


class RefundAnswer(Answer):
    """A refund, with the shares its reader may see."""

    id = Id()
    order_id = Id()
    status = fields.String()
    amount = MoneyField()
    shares = fields.List(fields.Nested(ShareAnswer))
    reason = fields.String()
    code = fields.String(allow_none=True)
