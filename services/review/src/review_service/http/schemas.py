"""The bodies of review's routes."""

from __future__ import annotations

from marshmallow import ValidationError, fields, validates

from chassis.http.fields import Answer, Id, Instant
from chassis.http.paging import Key, PageQuery


class PendingQuery(PageQuery):
    """What may stand behind ``GET /reviews/pending?``."""

    @validates("cursor")
    def _must_be_an_order_and_a_line(self, cursor: Key | None, **_kwargs: str) -> None:
        if cursor is None:
            return
        if len(cursor) != 2 or not all(isinstance(part, str) for part in cursor):
            raise ValidationError("This is no cursor of this list.")


class PendingLine(Answer):
    """A line that may be reviewed."""

    order_id = Id(required=True)
    order_line_id = fields.String(required=True)
    sku_id = Id(required=True)
    product_id = fields.String(required=True)
    merchant_id = fields.String(required=True)
    received_at = Instant(required=True)
    closes_at = Instant(
        required=True,
        allow_none=True,
        metadata={"description": "null: the order is not completed, so the time has not begun"},
    )


class PendingPage(Answer):
    """A page of what somebody may review, those of the newest order first."""

    items = fields.List(fields.Nested(PendingLine), required=True)
    next_cursor = fields.String(required=True, allow_none=True)
