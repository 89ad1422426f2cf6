"""What merchants and admins send: bodies and queries. What they read is in `merchant_answers`."""

from __future__ import annotations

import re
from typing import Any, Final

from marshmallow import ValidationError, fields, validate

from catalog_service.domain.money import CURRENCY
from catalog_service.domain.product import HEAVIEST_G, LARGEST_CM3, Status
from chassis.http.fields import (
    Body,
    Id,
    Instant,
    MoneyField,
    Query,
    StrictBoolean,
    StrictInteger,
)
from chassis.http.paging import PageQuery
from shop_events.values import LARGEST_MINOR, Money

SLUG: Final = r"[a-z0-9]+(?:-[a-z0-9]+)*\Z"
CODE: Final = r"[A-Za-z0-9_.:/-]{1,64}\Z"
MOST_SKUS: Final = 200


def _must_be_a_price(price: Money) -> None:
    if price.currency != CURRENCY:
        raise ValidationError(f"This shop sells in {CURRENCY}.")
    if not 0 < price.minor <= LARGEST_MINOR // 10_000:
        raise ValidationError("Above zero, and not in the billions.")


def must_say_something(text: str) -> None:
    """Refuse a text of blanks.

    Raises:
        ValidationError: it is one.
    """
    if not text.strip():
        raise ValidationError("It is blank.")


def _text(at_most: int) -> fields.String:
    return fields.String(validate=[validate.Length(1, at_most), must_say_something])


def _pairs(*, values: int, at_most: int) -> Any:
    return fields.Dict(
        keys=_text(40),
        values=_text(values),
        validate=validate.Length(max=at_most),
    )


def _slug(**options: Any) -> fields.String:
    pattern = validate.Regexp(SLUG, error="Small letters and digits, joined by single hyphens.")
    return fields.String(validate=[validate.Length(1, 64), pattern], **options)


def _digest(**options: Any) -> fields.String:
    pattern = validate.Regexp(r"[0-9a-f]{64}\Z", error="This is no picture's digest.")
    return fields.String(validate=pattern, **options)


def must_be_slug(slug: str) -> None:
    """Make sure that an address names a category that may be.

    Raises:
        ValidationError: it is no slug.
    """
    if len(slug) > 64 or not re.match(SLUG, slug):
        raise ValidationError({"slug": ["Small letters and digits, joined by single hyphens."]})


def number_in(cursor: tuple[str | int, ...] | None) -> int | None:
    """The version a cursor of a history holds.

    Raises:
        ValidationError: it is another list's.
    """
    match cursor:
        case None:
            return None
        case (int(version),) if 0 <= version < 2**31:
            return version
    raise ValidationError({"cursor": ["This is no cursor of this list."]})


Titles: Final = Body.from_dict({"zh-CN": _text(200), "en": _text(200)}, name="Titles")
Descriptions: Final = Body.from_dict(
    {"zh-CN": _text(10_000), "en": _text(10_000)}, name="Descriptions"
)


class Price(MoneyField):
    """What a SKU costs."""

    def __init__(self, **options: Any) -> None:
        super().__init__(validate=_must_be_a_price, **options)


class SkuBody(Body):
    """A SKU. ``sku_code`` is the merchant's own word; the id people buy by is given by the shop."""

    sku_code = fields.String(
        required=True, validate=validate.Regexp(CODE, error="This is no code.")
    )
    options = _pairs(values=100, at_most=5)
    price = Price()
    weight_g = StrictInteger(validate=validate.Range(0, HEAVIEST_G))
    volume_cm3 = StrictInteger(validate=validate.Range(0, LARGEST_CM3))
    barcode = fields.String(validate=validate.Length(1, 32))
    image = _digest()
    active = StrictBoolean()


def _codes_must_differ(skus: list[dict[str, Any]]) -> None:
    codes = [sku["sku_code"] for sku in skus]
    if len(set(codes)) < len(codes):
        raise ValidationError("A code stands twice.")


class EditProduct(Body):
    """Body of ``PATCH /catalog/products/{id}``: what is not named stays as it is.

    ``skus`` are all of them; one that is not named is sold no more.
    """

    titles = fields.Nested(Titles)
    descriptions = fields.Nested(Descriptions)
    brand = fields.String(validate=validate.Length(max=100))
    category = _slug()
    attributes = _pairs(values=500, at_most=40)
    images = fields.List(_digest(), validate=validate.Length(max=20))
    skus = fields.List(
        fields.Nested(SkuBody), validate=[validate.Length(max=MOST_SKUS), _codes_must_differ]
    )


class WriteProduct(EditProduct):
    """Body of ``POST /catalog/products``; ``external_id`` is the merchant's own, for imports."""

    external_id = fields.String(validate=validate.Regexp(CODE, error="This is no id."))


class DevSkuBody(SkuBody):
    """As `SkuBody`; a development shop is filled with ids that are known before."""

    sku_id = Id()


class DevWriteProduct(WriteProduct):
    """Body of ``POST /dev/products``; with ``publish`` it is for sale at once."""

    skus = fields.List(
        fields.Nested(DevSkuBody), validate=[validate.Length(max=MOST_SKUS), _codes_must_differ]
    )
    publish = StrictBoolean(load_default=False)


class Publish(Body):
    """Body of ``POST /catalog/products/{id}/publish``; without ``at``: now."""

    at = Instant(load_default=None)


class BulkPrice(Body):
    """The new price of one SKU."""

    sku_id = Id(required=True)
    price = Price(required=True)


class BulkChange(Body):
    """What one product becomes."""

    product_id = Id(required=True)
    status = fields.Enum(
        Status,
        by_value=True,
        load_default=None,
        validate=validate.OneOf(
            [Status.PUBLISHED, Status.WITHDRAWN],
            error="A merchant puts a product up for sale, or takes it out of the shop.",
        ),
    )
    prices = fields.List(
        fields.Nested(BulkPrice), load_default=list, validate=validate.Length(max=MOST_SKUS)
    )


class BulkEdit(Body):
    """Body of ``POST /merchant/products/bulk``: all of it is done, or nothing."""

    changes = fields.List(
        fields.Nested(BulkChange), required=True, validate=validate.Length(1, 200)
    )


class OwnQuery(PageQuery):
    """What may stand behind ``GET /merchant/products?``."""

    status = fields.Enum(Status, by_value=True, load_default=None)


class PutCategory(Body):
    """Body of ``PUT /catalog/categories/{slug}``; without ``parent`` it is a root."""

    parent = _slug(load_default=None, allow_none=True)
    titles = fields.Nested(Titles, required=True)
    position = StrictInteger(load_default=0, validate=validate.Range(0, 100_000))
    slug = _slug(load_default=None)


class ImportQuery(Query):
    """What may stand behind ``POST /catalog/imports?``."""

    dry_run = fields.Boolean(load_default=False)
    create_categories = fields.Boolean(load_default=False)
