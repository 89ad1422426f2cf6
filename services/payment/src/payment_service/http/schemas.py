"""The bodies of payment's routes."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from chassis.http.fields import Answer, Body, Id, Instant, MoneyField, Query, StrictBoolean
from chassis.http.paging import PageQuery
from payment_service.domain.card import looks_like_card_number
from payment_service.domain.refund import RefundState
from payment_service.domain.remittance import Kind
from payment_service.outside.pretend_stripe_post import How
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


class ReturnUrl(fields.Url):
    """Where the buyer's browser goes after the provider's page."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            schemes={"https", "http"},
            require_tld=False,
            validate=validate.Length(max=500),
            **kwargs,
        )


class FreeText(fields.String):
    """Words of people: one to ``at_most`` characters, and no card number among them."""

    def __init__(self, *, at_most: int, **kwargs: Any) -> None:
        super().__init__(validate=[validate.Length(1, at_most), _no_card_number], **kwargs)


class StartPayment(Body):
    """Body of ``POST /payments``. No amount: what is due comes from the order alone."""

    order_id = Id(required=True)
    method = fields.Enum(PaymentMethod, by_value=True, required=True)
    card_token = CardToken(load_default=None)
    return_url = ReturnUrl(load_default=None)


class ConfirmPayment(Body):
    """Body of ``POST /payments/{id}/confirm``; without a token the provider is asked."""

    card_token = CardToken(load_default=None)


class PaymentsQuery(Query):
    """What stands behind ``GET /payments?``."""

    order_id = Id(required=True)


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
    reason = FreeText(at_most=200, required=True)

    @validates_schema(skip_on_field_errors=True)
    def _above_zero_and_alike(self, data: dict[str, Any], **_kwargs: object) -> None:
        amounts: list[Money] = [share["amount"] for share in data["shares"]]
        if any(amount.minor <= 0 for amount in amounts):
            raise ValidationError("Every share is above zero.", "shares")
        if len({amount.currency for amount in amounts}) > 1:
            raise ValidationError("All shares are in one currency.", "shares")


class SettleByHand(Body):
    """Body of ``POST /refunds/{id}/settle-by-hand``: the bank's or cash desk's number for it."""

    reference = FreeText(at_most=128, required=True)


class RefundsQuery(PageQuery):
    """What may stand behind ``GET /refunds?``."""

    status = fields.Enum(RefundState, by_value=True, load_default=None)


class BillNumber(fields.String):
    """The number that a carrier gave its bill."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(validate=[_bill_form, _no_card_number], **kwargs)


_bill_form = validate.Regexp(r"[A-Za-z0-9_.:-]{1,64}\Z", error="This is no number of a bill.")


class BillQuery(Query):
    """What stands behind ``POST /payments/reconciliations?``."""

    provider = Id(required=True)  # the carrier
    reference = BillNumber(required=True)


class Decision(Body):
    """Body of the pretend provider's 3-D Secure page."""

    outcome = fields.String(required=True, validate=validate.OneOf(["approve", "refuse"]))


class Telling(Body):
    """Body of ``POST /dev/simulators/stripe/deliver``."""

    how = fields.Enum(How, by_value=True, load_default=How.PLAIN)


class PretendCallback(Body):
    """Body of ``POST /payments/webhooks/pretend``."""

    event_id = fields.String(required=True, validate=validate.Length(1, 128))
    payment_id = Id(required=True)
    outcome = fields.String(required=True, validate=validate.OneOf(["captured", "declined"]))
    amount = MoneyField(required=True)
    provider_ref = fields.String(required=True, validate=validate.Length(1, 128))
    code = fields.String(load_default="declined", validate=validate.Length(1, 64))
    may_retry = StrictBoolean(load_default=False)


class ActionAnswer(Answer):
    """What the buyer has to do next.

    ``none``; say with which card (``card_token``); or go to the provider's page (``redirect``).
    """

    type = fields.String(validate=validate.OneOf(["none", "card_token", "redirect"]))
    url = fields.String()


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


class Received(Answer):
    """The callback is kept, whatever comes of it."""

    received = fields.Boolean()


class Told(Answer):
    """The status of each callback that was sent."""

    answers = fields.List(fields.Integer())


class CardSeen(Answer):
    """What the pretend provider tells of a card."""

    brand = fields.String()
    last4 = fields.String()
    exp_month = fields.Integer()
    exp_year = fields.Integer()


class CardGiven(Answer):
    """A card's token, in the card provider's form: ``id`` is what ``card_token`` takes."""

    id = fields.String()
    object = fields.String()
    card = fields.Nested(CardSeen)
    created = fields.Integer()
    livemode = fields.Boolean()
    type = fields.String()


class Ended(Answer):
    """How many things came to their end."""

    ended = fields.Integer()


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


class RefundList(Answer):
    """A page of refunds."""

    items = fields.List(fields.Nested(RefundAnswer))
    next_cursor = fields.String(allow_none=True)


class ReconciliationSummary(Answer):
    """A bill that was handed in, and what of it was booked."""

    id = Id()
    provider = Id()
    reference = Id()
    handed_in_by = Id()
    at = Instant()
    billed = MoneyField()
    booked = MoneyField()
    matched = fields.Integer()
    differing = fields.Integer()


class DifferenceAnswer(Answer):
    """What a carrier and we say of a parcel, where we do not agree."""

    kind = fields.Enum(Kind, by_value=True)
    waybill = fields.String(allow_none=True)
    parcel_id = fields.String(allow_none=True)
    billed = MoneyField(allow_none=True)
    collected = MoneyField(allow_none=True)


class ReconciliationAnswer(ReconciliationSummary):
    """A bill beside what we were told, with every difference."""

    differences = fields.List(fields.Nested(DifferenceAnswer))


class ReconciliationList(Answer):
    """A page of bills."""

    items = fields.List(fields.Nested(ReconciliationSummary))
    next_cursor = fields.String(allow_none=True)
