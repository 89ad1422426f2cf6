"""A merchant writes a product: a new one, or other words for one that is there."""

from __future__ import annotations

from catalog_service.domain.errors import CodeTaken, Stale, UnknownReference
from catalog_service.domain.product import UP_OR_WAITING, Product
from catalog_service.domain.said import Said, apply
from catalog_service.store import categories, media, products, told
from catalog_service.usecases.change_products import change_products, lock_own
from shop_events import Tx


def create_product(
    tx: Tx,
    said: Said,
    *,
    merchant_id: str,
    by: str,
    external_id: str | None = None,
) -> Product:
    """A new draft. Publishes ProductChanged.

    Raises:
        UnknownReference: it names a category, or a picture of the merchant's, that is not there.
        CodeTaken: another product of the merchant has the external id, or one of the codes.
    """
    told.may_sell(tx.connection, [merchant_id])
    if external_id and products.ids_by_external(tx.connection, merchant_id, [external_id]):
        raise CodeTaken("external id", external_id)
    product_id = tx.new_id()
    empty = Product(
        id=product_id,
        merchant_id=merchant_id,
        external_id=external_id or product_id,
        created_at=tx.now,
        changed_at=tx.now,
    )
    written = say(tx, empty, said)
    return change_products(tx, {}, [written], by=by, why="created")[0]


def edit_product(
    tx: Tx, product_id: str, said: Said, *, merchant_id: str, by: str, if_version: int | None
) -> Product:
    """Other words for a product; what is for sale stays fit for sale. Publishes ProductChanged.

    Raises:
        ProductNotFound: there is none, or it is somebody else's.
        Stale: it is not at ``if_version`` any more.
        NotPublishable: it is published or in review, and would lack something.
        UnknownReference, CodeTaken: as for a new one.
    """
    before = lock_own(tx, [product_id], merchant_id=merchant_id)
    must_be_at(before[product_id], if_version)
    after = say(tx, before[product_id], said)
    if after.status in UP_OR_WAITING:
        after.must_be_publishable()
    return change_products(tx, before, [after], by=by, why="edited")[0]


def must_be_at(one: Product, version: int | None) -> None:
    """Make sure that nobody changed it meanwhile; None: nobody asks.

    Raises:
        Stale: somebody did.
    """
    if version is not None and one.version != version:
        raise Stale(one.id, one.version)


def say(tx: Tx, before: Product, said: Said) -> Product:
    """The product with what was said, once all that it names is there.

    Raises:
        UnknownReference: a category or a picture is not there.
        CodeTaken: a code, or an id, is another product's.
    """
    path = None
    if said.category is not None:
        category = categories.hold(tx.connection, said.category)
        if category is None:
            raise UnknownReference("category", f"There is no category {said.category}.")
        path = category.path
    _pictures_must_be_theirs(tx, before, said)
    _codes_must_be_free(tx, before, said)
    return apply(before, said, category_path=path, new_id=tx.new_id)


def _pictures_must_be_theirs(tx: Tx, before: Product, said: Said) -> None:
    if not said.pictures:
        return
    unknown = said.pictures - media.owned(tx.connection, before.merchant_id, said.pictures)
    if unknown:
        words = f"You have no picture {min(unknown)}; put it in first."
        raise UnknownReference("images", words)


def _codes_must_be_free(tx: Tx, before: Product, said: Said) -> None:
    codes = [sku.code for sku in said.skus or ()]
    owners = products.owners_of_codes(tx.connection, before.merchant_id, codes) if codes else {}
    for code in codes:
        if owners.get(code, before.id) != before.id:
            raise CodeTaken("SKU code", code)
    known = {sku.id for sku in before.skus}
    ids = [sku.id for sku in said.skus or () if sku.id and sku.id not in known]
    for taken in products.ids_taken(tx.connection, ids) if ids else ():
        raise CodeTaken("SKU id", taken)
