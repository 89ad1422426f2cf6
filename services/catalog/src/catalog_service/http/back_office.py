"""What merchants do with their products, and admins with the tree."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify
from flask.typing import ResponseReturnValue

from catalog_service.domain.category import Category
from catalog_service.domain.product import Product
from catalog_service.http import merchant_answers as answers
from catalog_service.http import merchant_schemas as schemas
from catalog_service.http.caching import category_tag, version_tag, wanted_version
from catalog_service.http.said import said_in
from catalog_service.http.views import own_view
from catalog_service.usecases.arrange_categories import CategoryEdit, put_category
from catalog_service.usecases.edit_many import Change, edit_many
from catalog_service.usecases.publish_product import publish_product, withdraw_product
from catalog_service.usecases.read_own import read_history, read_own, read_page
from catalog_service.usecases.write_product import create_product, edit_product
from chassis.http import Blueprint
from chassis.http.paging import PageQuery, page
from chassis.idempotency import Answer, once
from chassis.identity import Identity, Role
from chassis.requests import asked_with, begin, current_identity, has_seen, read
from chassis.routes import Header, heeds, publishes, who
from shop_events import Tx
from shop_events.contracts.catalog import ProductChanged

products = Blueprint("products", __name__, url_prefix="/catalog")
own_products = Blueprint("own_products", __name__, url_prefix="/merchant/products")


@products.put("/categories/<slug>")
@who(Role.ADMIN)
@heeds(Header.UNCHANGED)
@products.arguments(schemas.PutCategory)
@products.response(200, answers.PutCategoryAnswer)
@products.alt_response(201, schema=answers.PutCategoryAnswer, success=True)
def put_one_category(body: dict[str, Any], slug: str) -> ResponseReturnValue:
    """Make a category, or change it: its titles, its place in the tree, its slug.

    With ``If-Match`` only one that is there, and that nobody changed since.
    """
    schemas.must_be_slug(slug)
    with begin() as tx:
        one, is_new = put_category(
            tx,
            slug,
            CategoryEdit(
                parent=body["parent"],
                titles=body["titles"],
                position=body["position"],
                slug=body["slug"],
            ),
            has_seen=_has_seen,
        )
    shown = ("id", "slug", "position", "titles", "path")
    answer = jsonify({name: getattr(one, name) for name in shown})
    answer.set_etag(category_tag(one))
    return answer, 201 if is_new else 200


@products.post("/products")
@who(Role.MERCHANT)
@heeds(Header.KEY)
@publishes(ProductChanged)
@products.arguments(schemas.WriteProduct)
@products.response(201, answers.OwnProductAnswer)
def post_product(body: dict[str, Any]) -> Response:
    """A new draft."""
    merchant_id, me = _mine(), current_identity().subject

    def act(tx: Tx) -> Answer:
        made = create_product(
            tx,
            said_in(body),
            merchant_id=merchant_id,
            by=me,
            external_id=body.get("external_id"),
        )
        location = {"Location": f"/api/v1/merchant/products/{made.id}"}
        return own_view(made), 201, {"ETag": version_tag(made.version), **location}

    return once(act)


@products.patch("/products/<product_id>")
@who(Role.MERCHANT)
@heeds(Header.UNCHANGED)
@publishes(ProductChanged)
@products.arguments(schemas.EditProduct)
@products.response(200, answers.OwnProductAnswer)
def patch_product(body: dict[str, Any], product_id: str) -> Response:
    """Other words for a product; with ``If-Match`` only if nobody changed it since."""
    with begin() as tx:
        changed = edit_product(
            tx,
            product_id,
            said_in(body),
            merchant_id=_mine(),
            by=current_identity().subject,
            if_version=wanted_version(),
        )
    return _answer(changed)


@products.delete("/products/<product_id>")
@who(Role.MERCHANT)
@heeds(Header.UNCHANGED)
@publishes(ProductChanged)
@products.response(200, answers.OwnProductAnswer)
def delete_product(product_id: str) -> Response:
    """Take a product out of the shop. It can be published again."""
    with begin() as tx:
        gone = withdraw_product(
            tx,
            product_id,
            merchant_id=_mine(),
            by=current_identity().subject,
            if_version=wanted_version(),
        )
    return _answer(gone)


@products.post("/products/<product_id>/publish")
@who(Role.MERCHANT)
@heeds(Header.UNCHANGED)
@publishes(ProductChanged)
@products.arguments(schemas.Publish, required=False)
@products.response(200, answers.OwnProductAnswer)
def post_publish(body: dict[str, Any], product_id: str) -> Response:
    """Put a product up for sale, now or at an hour to come."""
    with begin() as tx:
        done = publish_product(
            tx,
            product_id,
            merchant_id=_mine(),
            by=current_identity().subject,
            at=body.get("at"),
            if_version=wanted_version(),
        )
    return _answer(done)


@products.get("/products/<product_id>/versions")
@who(Role.MERCHANT)
@products.arguments(PageQuery, location="query")
@products.response(200, answers.VersionPage)
def get_versions(query: dict[str, Any], product_id: str) -> ResponseReturnValue:
    """What a product was, the newest first, and who made it so."""
    before = schemas.number_in(query["cursor"])
    with read() as connection:
        found = read_history(
            connection, product_id, _mine(), before=before, at_most=query["limit"] + 1
        )
    return jsonify(
        page(found, limit=query["limit"], key=lambda one: (one["version"],), show=lambda one: one)
    )


@own_products.get("")
@who(Role.MERCHANT)
@own_products.arguments(schemas.OwnQuery, location="query")
@own_products.response(200, answers.OwnProductPage)
def get_own_products(query: dict[str, Any]) -> ResponseReturnValue:
    """All my products, the oldest first."""
    limit, cursor = query["limit"], query["cursor"]
    with read() as connection:
        found = read_page(
            connection,
            _mine(),
            status=query["status"],
            after=str(cursor[0]) if cursor else "",
            at_most=limit + 1,
        )
    return jsonify(page(found, limit=limit, key=lambda one: (one.id,), show=own_view))


@own_products.get("/<product_id>")
@who(Role.MERCHANT)
@own_products.response(200, answers.OwnProductAnswer)
def get_own_product(product_id: str) -> Response:
    """One of my products, with the tag to change it by and what keeps it from being published."""
    with read() as connection:
        one = read_own(connection, product_id, merchant_id=_mine())
    return _answer(one)


@own_products.post("/bulk")
@who(Role.MERCHANT)
@publishes(ProductChanged)
@own_products.arguments(schemas.BulkEdit)
@own_products.response(200, answers.BulkAnswer)
def post_bulk(body: dict[str, Any]) -> ResponseReturnValue:
    """Change prices and status of up to 200 products: all of it, or nothing."""
    changes = [
        Change(
            product_id=one["product_id"],
            status=one["status"],
            prices={price["sku_id"]: price["price"] for price in one["prices"]},
        )
        for one in body["changes"]
    ]
    with begin() as tx:
        done = edit_many(tx, changes, merchant_id=_mine(), by=current_identity().subject)
    return jsonify({"items": [own_view(one) for one in done]})


def merchant_of(identity: Identity) -> str:
    """The merchant somebody works for; a merchant's token always names one."""
    return identity.merchant_id or ""


def _has_seen(category: Category | None) -> bool:
    """Of one that is not there nobody can have seen a tag; ``*`` is any (RFC 9110 13.1.1)."""
    if category is None:
        return asked_with(Header.UNCHANGED) is None
    return has_seen(category_tag(category))


def _mine() -> str:
    return merchant_of(current_identity())


def _answer(one: Product) -> Response:
    response = jsonify(own_view(one))
    response.headers["ETag"] = version_tag(one.version)
    return response
