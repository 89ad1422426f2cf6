"""Long lists, a page at a time: ``{"items": [...], "next_cursor": "..." | null}``.

A cursor is the sort key of the last row shown, so that rows added meanwhile neither repeat nor
hide others. It is opaque and not signed: whoever forges one only reads his own list from
elsewhere, because the query filters by owner as it would without it.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeVar

from marshmallow import ValidationError, fields, validate

from chassis.http.fields import Query
from chassis.http.json_out import write
from chassis.strict_json import BadJson, read

LARGEST_PAGE: Final = 100
PAGE: Final = 20

Key = tuple[str | int, ...]
T = TypeVar("T")


class Cursor(fields.String):
    """The sort key where the last page ended."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> Any:
        text = super()._deserialize(value, attr, data, **kwargs)
        try:
            key = read(base64.b64decode(str(text)[:512], altchars=b"-_", validate=True))
        except (binascii.Error, BadJson, ValueError) as error:
            raise ValidationError("This is no cursor of this list.") from error
        if not isinstance(key, list) or not all(type(part) in (str, int) for part in key):
            raise ValidationError("This is no cursor of this list.")
        return tuple(key)


class PageQuery(Query):
    """``limit`` (1 to 100, 20 unless asked) and ``cursor`` of a list; extend it with filters."""

    limit = fields.Integer(load_default=PAGE, validate=validate.Range(1, LARGEST_PAGE))
    cursor = Cursor(load_default=None)


def page(
    rows: Sequence[T], *, limit: int, key: Callable[[T], Key], show: Callable[[T], Any]
) -> dict[str, object]:
    """The page made of ``rows``, of which the query was asked for ``limit`` + 1."""
    shown = rows[:limit]
    more = len(rows) > limit
    return {
        "items": [show(row) for row in shown],
        "next_cursor": _cursor(key(shown[-1])) if more else None,
    }


def _cursor(key: Key) -> str:
    return base64.urlsafe_b64encode(write(list(key))).decode()
