"""Fields and schemas for what comes in and goes out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from shop_events.values import Money, NotMoney

LARGEST_QUANTITY: Final = 9_999
_LARGEST_EXACT: Final = 2**53  # RFC 8259 section 6: beyond it, readers disagree about integers


class Body(Schema):
    """What comes in. A field it does not know is an error: the client meant something by it."""

    class Meta:
        """Nothing unknown."""

        unknown = RAISE

    error_messages = {"type": "This is no JSON object."}  # noqa: RUF012  marshmallow reads it so


class Query(Body):
    """What comes in behind the question mark."""


class Answer(Schema):
    """What goes out."""


class MoneyField(fields.Field[Money]):
    """``{"amount": "19.90", "currency": "CNY"}``; the amount is a text, never a JSON number."""

    def _serialize(self, value: Money | None, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        del attr, obj, kwargs
        return None if value is None else {"amount": value.amount, "currency": value.currency}

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> Money:
        del attr, data, kwargs
        match value:
            case {"amount": str(amount), "currency": str(currency), **rest} if not rest:
                try:
                    return Money.of(amount, currency)
                except NotMoney as error:
                    raise ValidationError(str(error)) from error
        raise ValidationError("Expected an amount in a text, and a currency, and nothing else.")


class StrictInteger(fields.Integer):
    """A JSON integer. 36742.0 is one (RFC 8259 knows one kind of number); "5" and true are not."""

    def _validated(self, value: Any) -> int:
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int) or abs(value) > _LARGEST_EXACT:
            raise self.make_error("invalid", input=value)
        return value


class StrictBoolean(fields.Boolean):
    """A JSON true or false; 1, 0.0 and "yes" are none. (In a query, where all is text: Boolean.)"""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> bool:
        del attr, data, kwargs
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class Quantity(StrictInteger):
    """How many pieces: 1 to ``at_most``."""

    def __init__(self, *, at_most: int = LARGEST_QUANTITY, **kwargs: Any) -> None:
        super().__init__(validate=validate.Range(1, at_most), **kwargs)


class Id(fields.String):
    """An opaque id."""

    def __init__(self, **kwargs: Any) -> None:
        pattern = validate.Regexp(r"[A-Za-z0-9_.:-]{1,64}\Z", error="This is no id.")
        super().__init__(validate=pattern, **kwargs)


class Instant(fields.AwareDateTime):
    """RFC 3339 with an offset; in UTC from here on, and goes out with a Z."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> Any:
        read = super()._deserialize(value, attr, data, **kwargs)
        try:
            return read.astimezone(UTC)
        except OverflowError as error:  # within a day of the years 1 and 9999
            raise self.make_error("invalid", input=value, obj_type=self.OBJ_TYPE) from error

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:
        del attr, obj, kwargs
        if not isinstance(value, datetime):
            return None
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
