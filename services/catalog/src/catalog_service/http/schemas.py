"""What people are shown: bodies of the public routes, and what may stand behind their ``?``."""

from __future__ import annotations

from typing import Any, Final

from flask import request
from marshmallow import ValidationError, fields, pre_load, validate

from catalog_service.domain.districts import is_district
from catalog_service.domain.money import CURRENCY
from catalog_service.domain.text import LOCALES
from catalog_service.store.search import Sort
from chassis.http.fields import Answer, Id, Instant, MoneyField, Query
from chassis.http.paging import PageQuery
from shop_events.values import Money, NotMoney

MOST_ATTRIBUTES: Final = 10
_PREFIX: Final = "attr."


class Amount(fields.String):
    """A price behind the question mark: ``19.90``, in the shop's currency."""

    def __init__(self, **kwargs: Any) -> None:
        pattern = validate.Regexp(r"[0-9]{1,10}(\.[0-9]{1,2})?\Z", error="Write it as 19.90.")
        super().__init__(validate=pattern, load_default=None, **kwargs)


def minor_of(amount: str | None) -> int | None:
    """The same in fen.

    Raises:
        ValidationError: no amount the shop knows.
    """
    try:
        return None if amount is None else Money.of(amount, CURRENCY).minor
    except NotMoney as error:
        raise ValidationError({"price_min": [str(error)]}) from error


class LocaleQuery(Query):
    """In which language texts are wanted; where there is none, the answer says which it is in."""

    locale = fields.String(load_default=LOCALES[0], validate=validate.OneOf(LOCALES))


def _there_is(division_code: str) -> None:
    if not is_district(division_code):
        raise ValidationError("This is no district of the division table (GB/T 2260).")


class ProductQuery(LocaleQuery):
    """What may stand behind ``GET /catalog/products/{id}?``.

    ``division_code``: a district's six digits, or more that begin with them; where it would go.
    """

    division_code = fields.String(
        load_default=None,
        validate=[
            validate.Regexp(r"[0-9]{6,12}\Z", error="A division code has 6 to 12 digits."),
            _there_is,
        ],
    )


class ProductsQuery(PageQuery, LocaleQuery):
    """What may stand behind ``GET /catalog/products?``, besides any ``attr.<name>=<value>``."""

    q = fields.String(load_default="", validate=validate.Length(max=100))
    category = fields.String(load_default=None, validate=validate.Length(1, 64))
    brand = fields.String(load_default=None, validate=validate.Length(1, 100))
    merchant_id = Id(load_default=None)
    price_min = Amount()
    price_max = Amount()
    in_stock = fields.Boolean(load_default=False)
    facets = fields.Boolean(load_default=True)
    sort = fields.Enum(Sort, by_value=True, load_default=None)

    @pre_load
    def leave_attributes_to_the_route(self, data: Any, **_options: Any) -> dict[str, Any]:
        """Their names are the merchants' own, so no schema can list them."""
        return {name: data[name] for name in data if not name.startswith(_PREFIX)}


def asked_attributes() -> dict[str, str]:
    """The attributes this request asks for: ``attr.colour=blue``.

    Raises:
        ValidationError: one has no name or value, or there are more than ten.
    """
    asked = {name: text for name, text in request.args.items() if name.startswith(_PREFIX)}
    for name, text in asked.items():
        if not 0 < len(name) - len(_PREFIX) <= 40 or not 0 < len(text) <= 100:
            raise ValidationError({name[:64]: ["A name of 1 to 40 and a value of 1 to 100."]})
    if len(asked) > MOST_ATTRIBUTES:
        raise ValidationError({"attr": [f"{MOST_ATTRIBUTES} attributes at most."]})
    return {name.removeprefix(_PREFIX): text for name, text in asked.items()}


class SuggestQuery(Query):
    """What may stand behind ``GET /catalog/suggest?``."""

    q = fields.String(required=True, validate=validate.Length(1, 50))


class CategoryAnswer(Answer):
    """A category; ``count`` is what is for sale in it and below."""

    id = fields.String()
    slug = fields.String()
    title = fields.String()
    title_locale = fields.String()
    count = fields.Integer()
    children = fields.List(fields.Nested("CategoryAnswer"))


class TreeAnswer(Answer):
    """All categories."""

    items = fields.List(fields.Nested(CategoryAnswer))


class CrumbAnswer(Answer):
    """One step on the way from the root to a product."""

    id = fields.String()
    slug = fields.String()
    title = fields.String()
    title_locale = fields.String()


class PartAnswer(Answer):
    """A piece of a text, to be shown as a text and not as markup; ``hit``: it was looked for."""

    text = fields.String()
    hit = fields.Boolean()


class HighlightsAnswer(Answer):
    """The title and the brand in pieces, none left out."""

    title = fields.List(fields.Nested(PartAnswer))
    brand = fields.List(fields.Nested(PartAnswer))


class CardAnswer(Answer):
    """A product in a list; ``highlights`` only where words were looked for."""

    id = Id()
    merchant_id = Id()
    title = fields.String()
    title_locale = fields.String()
    brand = fields.String()
    image = fields.String(allow_none=True)
    price_from = MoneyField()
    price_to = MoneyField()
    in_stock = fields.Boolean()
    sales = fields.Integer()
    rating = fields.Raw(allow_none=True)
    highlights = fields.Nested(HighlightsAnswer)


class CountAnswer(Answer):
    """How many products have this value; with ``at_least`` there may be more."""

    value = fields.String()
    title = fields.String()
    count = fields.Integer()
    at_least = fields.Boolean()


class PriceRangeAnswer(Answer):
    """How many products cost from ``price_min`` to ``price_max``, both in it, at their lowest.

    Both can be asked for as they are; without an end the range has none.
    """

    price_min = MoneyField()
    price_max = MoneyField(allow_none=True)
    count = fields.Integer()
    at_least = fields.Boolean()


class FacetsAnswer(Answer):
    """The counts beside each filter, its own choice left off.

    ``category`` goes down from the chosen category, ``category_up`` from the root to it,
    ``category_aside`` to those beside it. ``price`` has ten ranges at most, none empty.
    """

    category = fields.List(fields.Nested(CountAnswer))
    category_up = fields.List(fields.Nested(CountAnswer))
    category_aside = fields.List(fields.Nested(CountAnswer))
    price = fields.List(fields.Nested(PriceRangeAnswer))
    brand = fields.List(fields.Nested(CountAnswer))
    in_stock = fields.Nested(CountAnswer)
    attributes = fields.Dict(keys=fields.String(), values=fields.List(fields.Nested(CountAnswer)))


class ProductPage(Answer):
    """A page of what is for sale. Without ``facets`` none were asked for.

    ``corrected``: nothing holds the words of ``q``, and this was looked for instead.
    """

    items = fields.List(fields.Nested(CardAnswer))
    next_cursor = fields.String(allow_none=True)
    corrected = fields.String(allow_none=True)
    total = fields.Integer()
    total_at_least = fields.Boolean()
    facets = fields.Nested(FacetsAnswer)


class SkuAnswer(Answer):
    """One thing that can be bought. Stock is told as a band, never as a number (S9)."""

    sku_id = Id()
    options = fields.Dict(keys=fields.String(), values=fields.String())
    price = MoneyField()
    weight_g = fields.Integer()
    volume_cm3 = fields.Integer()
    barcode = fields.String(allow_none=True)
    image = fields.String(allow_none=True)
    stock = fields.String(validate=validate.OneOf(("none", "low", "plenty")))


class OptionAnswer(Answer):
    """A choice people have."""

    name = fields.String()
    values = fields.List(fields.String())


class WayAnswer(Answer):
    """A way for one unit to get there: from the SKU that costs least to send to the one most.

    A SKU that costs ``free_over`` or more is sent for nothing. ``days``: at most, from shipping.
    """

    code = fields.String()
    title = fields.String()
    price_from = MoneyField()
    price_to = MoneyField()
    free_over = MoneyField(allow_none=True)
    days = fields.Integer()
    traceable = fields.Boolean()
    cash_on_delivery = fields.Boolean()
    pick_up = fields.Boolean()


class DeliveryAnswer(Answer):
    """An estimate; the quote says what is paid. ``cheapest``: of what the buyer need not fetch."""

    methods = fields.List(fields.Nested(WayAnswer))
    cheapest = fields.String(allow_none=True)


class ProductAnswer(Answer):
    """A product as buyers see it. ``missing``: combinations of options that do not exist.

    ``delivery`` is null unless a ``division_code`` was asked for.
    """

    id = Id()
    merchant_id = Id()
    merchant_name = fields.String()
    title = fields.String()
    title_locale = fields.String()
    description = fields.String()
    description_locale = fields.String()
    brand = fields.String()
    breadcrumb = fields.List(fields.Nested(CrumbAnswer))
    attributes = fields.Dict(keys=fields.String(), values=fields.String())
    images = fields.List(fields.String())
    options = fields.List(fields.Nested(OptionAnswer))
    missing = fields.List(fields.Dict(keys=fields.String(), values=fields.String()))
    skus = fields.List(fields.Nested(SkuAnswer))
    in_stock = fields.Boolean()
    sales = fields.Integer()
    rating = fields.Raw(allow_none=True)
    published_at = Instant(allow_none=True)
    delivery = fields.Nested(DeliveryAnswer, allow_none=True)


class SuggestAnswer(Answer):
    """Titles that begin so."""

    items = fields.List(fields.String())
