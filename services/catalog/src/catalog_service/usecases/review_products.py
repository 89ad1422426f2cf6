"""An admin looks at what merchants put up for sale, before buyers do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from catalog_service.domain.errors import NotInReview
from catalog_service.domain.product import Product, Status
from catalog_service.domain.review import digest_of, is_approved, released, sent_back
from catalog_service.store import products
from catalog_service.usecases import times
from catalog_service.usecases.change_products import change_products, lock_one
from catalog_service.usecases.write_product import must_be_at
from shop_events import Tx
from shop_events.sql import Connection


def read_waiting(
    connection: Connection, *, after: tuple[datetime, str] | None, at_most: int
) -> Sequence[Product]:
    """What waits for an admin, longest first; ``after``: since when the last one waits, its id."""
    return products.waiting(connection, after=after, at_most=at_most)


def approve_product(tx: Tx, product_id: str, *, by: str, if_version: int | None) -> Product:
    """Buyers may see what it shows: it is for sale, or will be at its hour. A repeat does nothing.

    Publishes ProductChanged.

    Raises:
        ProductNotFound: there is none.
        NotInReview: it does not wait, and shows something that nobody approved.
        Stale: it is not at ``if_version`` any more: it may show something else by now.
        NotPublishable: something is missing.
    """
    before = lock_one(tx, product_id)
    one = before[product_id]
    if one.status is not Status.IN_REVIEW and is_approved(one):
        return one
    _must_wait(one, if_version)
    one.must_be_publishable()
    after = released(replace(one, approved=digest_of(one)), tx.now)
    if after.publish_at is None:
        tx.unschedule(times.PUBLISH, product_id)
    return change_products(tx, before, [after], by=by, why="approved")[0]


def send_back_product(
    tx: Tx, product_id: str, reason: str, *, by: str, if_version: int | None
) -> Product:
    """It is a draft again, no longer planned, and its merchant reads why. A repeat does nothing.

    Publishes ProductChanged.

    Raises:
        ProductNotFound: there is none.
        NotInReview: it does not wait.
        Stale: it is not at ``if_version`` any more.
    """
    before = lock_one(tx, product_id)
    one = before[product_id]
    if one.status is Status.DRAFT and one.sent_back == reason:
        return one
    _must_wait(one, if_version)
    tx.unschedule(times.PUBLISH, product_id)
    after = sent_back(one, reason)
    return change_products(tx, before, [after], by=by, why="sent back")[0]


def _must_wait(one: Product, if_version: int | None) -> None:
    if one.status is not Status.IN_REVIEW:
        raise NotInReview(one.id)
    must_be_at(one, if_version)
