"""The bodies of the routes by which admins review products."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from marshmallow import ValidationError, fields, validate

from catalog_service.http.merchant_answers import OwnProductAnswer
from catalog_service.http.merchant_schemas import must_say_something
from chassis.http.fields import Answer, Body, Id

_BEGIN: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_LATEST: Final = 2**52  # in the year 2112

Place = tuple[datetime, str]


def place_in(cursor: tuple[str | int, ...] | None) -> Place | None:
    """Since when the last product shown waits, and its id.

    Raises:
        ValidationError: the cursor is another list's.
    """
    match cursor:
        case None:
            return None
        case (int(micros), str(product_id)) if 0 <= micros < _LATEST:
            return _BEGIN + micros * _MICROSECOND, product_id
    raise ValidationError({"cursor": ["This is no cursor of this list."]})


def cursor_of(since: datetime, product_id: str) -> tuple[int, str]:
    """What `place_in` reads."""
    return (since - _BEGIN) // _MICROSECOND, product_id


class SendBack(Body):
    """Body of ``POST /admin/products/{id}/send-back``; its merchant reads the reason."""

    reason = fields.String(required=True, validate=[validate.Length(1, 1000), must_say_something])


class ReviewAnswer(OwnProductAnswer):
    """A product as an admin reviews it, with all that buyers would see."""

    merchant_id = Id()


class ReviewPage(Answer):
    """A page of what waits, longest first."""

    items = fields.List(fields.Nested(ReviewAnswer))
    next_cursor = fields.String(allow_none=True)
