"""What merchants and admins are answered."""

from __future__ import annotations

from marshmallow import fields

from chassis.http.fields import Answer, Id, Instant, MoneyField


class OwnSkuAnswer(Answer):
    """A SKU as its merchant sees it."""

    sku_id = Id()
    sku_code = fields.String()
    options = fields.Dict(keys=fields.String(), values=fields.String())
    price = MoneyField(allow_none=True)
    weight_g = fields.Integer()
    volume_cm3 = fields.Integer()
    barcode = fields.String(allow_none=True)
    image = fields.String(allow_none=True)
    active = fields.Boolean()


class OwnProductAnswer(Answer):
    """A product as its merchant sees it; ``problems`` keep it from being published.

    ``review_since``: since when it waits for an admin; ``sent_back``: why one did not approve it.
    """

    id = Id()
    external_id = fields.String(allow_none=True)
    status = fields.String()
    version = fields.Integer()
    titles = fields.Dict(keys=fields.String(), values=fields.String())
    descriptions = fields.Dict(keys=fields.String(), values=fields.String())
    brand = fields.String()
    category_path = fields.List(fields.String())
    attributes = fields.Dict(keys=fields.String(), values=fields.String())
    images = fields.List(fields.String())
    skus = fields.List(fields.Nested(OwnSkuAnswer))
    sales = fields.Integer()
    created_at = Instant()
    changed_at = Instant()
    published_at = Instant(allow_none=True)
    publish_at = Instant(allow_none=True)
    review_since = Instant(allow_none=True)
    sent_back = fields.String(allow_none=True)
    problems = fields.Dict(keys=fields.String(), values=fields.List(fields.String()))


class OwnProductPage(Answer):
    """A page of a merchant's products, the oldest first."""

    items = fields.List(fields.Nested(OwnProductAnswer))
    next_cursor = fields.String(allow_none=True)


class BulkAnswer(Answer):
    """The products as they are now, in the order they were named."""

    items = fields.List(fields.Nested(OwnProductAnswer))


class VersionAnswer(Answer):
    """A product as it was."""

    version = fields.Integer()
    at = Instant()
    by = fields.String()
    why = fields.String()
    product = fields.Raw()


class VersionPage(Answer):
    """A product's history, the newest first."""

    items = fields.List(fields.Nested(VersionAnswer))
    next_cursor = fields.String(allow_none=True)


class PutCategoryAnswer(Answer):
    """A category as it is now."""

    id = fields.String()
    slug = fields.String()
    path = fields.List(fields.String())
    position = fields.Integer()
    titles = fields.Dict(keys=fields.String(), values=fields.String())


class MediaAnswer(Answer):
    """A picture: the digest names it in products, the address shows it."""

    digest = fields.String()
    media_type = fields.String()
    size = fields.Integer()
    url = fields.String()


class MediaPage(Answer):
    """A page of a merchant's pictures, by digest."""

    items = fields.List(fields.Nested(MediaAnswer))
    next_cursor = fields.String(allow_none=True)


class ImportErrorAnswer(Answer):
    """What is wrong in one row; the first row, with the column names, is number 1."""

    row = fields.Integer()
    column = fields.String()
    message = fields.String()


class ImportAnswer(Answer):
    """How far an import is. The first thousand errors are kept, all are counted."""

    id = Id()
    state = fields.String()
    dry_run = fields.Boolean()
    encoding = fields.String()
    percent = fields.Integer()
    rows_read = fields.Integer()
    rows_failed = fields.Integer()
    created = fields.Integer()
    changed = fields.Integer()
    unchanged = fields.Integer()
    errors_count = fields.Integer()
    errors = fields.List(fields.Nested(ImportErrorAnswer))
    started_at = Instant()
    ended_at = Instant(allow_none=True)
