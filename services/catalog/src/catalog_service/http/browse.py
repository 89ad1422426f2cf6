"""What everybody may look at."""

from __future__ import annotations

from typing import Any, cast

from flask import Response, redirect
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError

from catalog_service.http import schemas
from catalog_service.http.caching import category_tag, public
from catalog_service.http.views import (
    card_view,
    crumb_view,
    facets_view,
    highlights_view,
    product_view,
    shelf_view,
)
from catalog_service.usecases import browse
from catalog_service.usecases.browse import Sort, Wanted
from catalog_service.usecases.look_up import (
    category_at,
    note_found_nothing,
    read_picture,
    suggest,
)
from chassis.http import Blueprint
from chassis.http.app import PREFIX
from chassis.http.paging import page
from chassis.requests import begin, read
from chassis.routes import anyone

shop = Blueprint("shop", __name__, url_prefix="/catalog")


@shop.get("/categories")
@anyone
@shop.arguments(schemas.LocaleQuery, location="query")
@shop.response(200, schemas.TreeAnswer)
def get_categories(query: dict[str, Any]) -> ResponseReturnValue:
    """All categories as a tree, with how much is for sale in each."""
    with read() as connection:
        tree = browse.see_tree(connection)
    return public({"items": [shelf_view(one, query["locale"]) for one in tree]})


@shop.get("/categories/<slug>")
@anyone
@shop.arguments(schemas.LocaleQuery, location="query")
@shop.response(200, schemas.CrumbAnswer)
@shop.alt_response(308, description="The category has another slug by now.")
def get_category(query: dict[str, Any], slug: str) -> ResponseReturnValue:
    """One category; a slug it had once leads on to it. Its ``ETag`` is the one to change it by."""
    with read() as connection:
        found = category_at(connection, slug)
    if found.slug != slug:
        return redirect(f"{PREFIX}/catalog/categories/{found.slug}", 308)
    return public(crumb_view(found, query["locale"]), tag=category_tag(found))


@shop.get("/products")
@anyone
@shop.arguments(schemas.ProductsQuery, location="query")
@shop.response(200, schemas.ProductPage)
def get_products(query: dict[str, Any]) -> ResponseReturnValue:
    """What is for sale. Besides what is listed, ``attr.<name>=<value>`` filters by attribute.

    Without a ``sort`` the best match comes first where words are looked for, and else the newest.
    Nobody has rated anything yet: ``rating`` gives all the same place, so they come by their ids.
    """
    sort = query["sort"] or (Sort.RELEVANCE if query["q"] else Sort.NEWEST)
    with read() as connection:
        found = browse.find_products(
            connection,
            _wanted(connection, query),
            q=query["q"],
            sort=sort,
            after=_after(query["cursor"]),
            at_most=query["limit"] + 1,
            counted=query["facets"] and query["cursor"] is None,
        )
    if not found.listings and query["cursor"] is None and found.wanted.words:
        with begin() as tx:
            note_found_nothing(tx, found.wanted)
    locale = query["locale"]
    answer = page(
        found.listings,
        limit=query["limit"],
        key=lambda one: one.sort_key,
        show=lambda one: card_view(one, locale) | highlights_view(found, one, locale),
    )
    counts = facets_view(found, found.facets, locale) if found.facets else {}
    return public(answer | {"corrected": found.corrected} | counts)


@shop.get("/products/<product_id>")
@anyone
@shop.arguments(schemas.ProductQuery, location="query")
@shop.response(200, schemas.ProductAnswer)
def get_product(query: dict[str, Any], product_id: str) -> ResponseReturnValue:
    """One product with all its choices; with a ``division_code``, how it can get there."""
    with read() as connection:
        seen = browse.see_product(connection, product_id, division=query["division_code"])
    return public(product_view(seen, query["locale"]))


@shop.get("/suggest")
@anyone
@shop.arguments(schemas.SuggestQuery, location="query")
@shop.response(200, schemas.SuggestAnswer)
def get_suggestions(query: dict[str, Any]) -> ResponseReturnValue:
    """Titles that begin with what was typed."""
    with read() as connection:
        found = suggest(connection, query["q"])
    return public({"items": found})


@shop.get("/media/<digest>")
@anyone
@shop.response(200, content_type="image/*", schema={"type": "string", "format": "binary"})
def get_media(digest: str) -> Response:
    """A picture. What has this digest never changes; what it draws may do nothing."""
    with read() as connection:
        picture = read_picture(connection, digest)
    response = Response(picture.content, content_type=picture.media_type)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    policy = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    response.headers["Content-Security-Policy"] = policy
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _wanted(connection: Any, query: dict[str, Any]) -> Wanted:
    slug = query["category"]
    return Wanted(
        category=category_at(connection, slug).path if slug else (),
        brand=query["brand"],
        price_min=schemas.minor_of(query["price_min"]),
        price_max=schemas.minor_of(query["price_max"]),
        attributes=schemas.asked_attributes(),
        in_stock=query["in_stock"],
        merchant_id=query["merchant_id"],
    )


def _after(cursor: tuple[str | int, ...] | None) -> tuple[int, str] | None:
    if cursor is None:
        return None
    match cursor:
        case (int(key), str()) if abs(key) < 2**63:
            return cast("tuple[int, str]", cursor)
    raise ValidationError({"cursor": ["This is no cursor of this list."]})
