"""Put a product up for sale, now or at an hour the merchant names; or take it out of the shop."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime

from catalog_service.domain.product import Product, faults_of, published, withdrawn
from catalog_service.usecases import times
from catalog_service.usecases.change_products import change_products, lock_one, lock_own
from catalog_service.usecases.write_product import must_be_at
from shop_events import Tx

log = logging.getLogger(__name__)


def publish_product(
    tx: Tx,
    product_id: str,
    *,
    merchant_id: str,
    by: str,
    at: datetime | None = None,
    if_version: int | None = None,
) -> Product:
    """Put it up for sale now, or at ``at`` if that is still to come. Publishes ProductChanged.

    Where the shop reviews, it waits in review until an admin approved what it shows.

    Raises:
        ProductNotFound: there is none, or it is somebody else's.
        Stale: it is not at ``if_version`` any more.
        NotPublishable: something is missing; it is told what, a planned hour or not.
    """
    before = lock_own(tx, [product_id], merchant_id=merchant_id)
    must_be_at(before[product_id], if_version)
    before[product_id].must_be_publishable()
    if at is None or at <= tx.now:
        after = published(before[product_id], tx.now)
        tx.unschedule(times.PUBLISH, product_id)
        why = "published"
    else:
        after = replace(before[product_id], publish_at=at)
        tx.schedule(times.PUBLISH, product_id, at)
        why = "scheduled"
    return change_products(tx, before, [after], by=by, why=why)[0]


def publish_as_planned(tx: Tx, product_id: str) -> None:
    """The hour has come. Publishes ProductChanged.

    What was changed meanwhile so that it cannot be sold stays a draft, and is no longer planned:
    its merchant sees what is missing. What nobody approved yet goes on waiting in review.

    Raises:
        ProductNotFound: there is none; products are never removed.
    """
    before = lock_one(tx, product_id)
    one = before[product_id]
    if one.publish_at is None or one.publish_at > tx.now:
        return
    fit = not faults_of(one)
    if not fit:
        log.warning("The product %s was to be published, and cannot be.", product_id)
    after = published(one, tx.now) if fit else replace(one, publish_at=None)
    why = "published" if fit else "unscheduled"
    change_products(tx, before, [after], by="schedule", why=why)


def withdraw_product(
    tx: Tx, product_id: str, *, merchant_id: str, by: str, if_version: int | None = None
) -> Product:
    """Take it out of the shop; a repeat changes nothing. Publishes ProductChanged.

    Raises:
        ProductNotFound: there is none, or it is somebody else's.
        Stale: it is not at ``if_version`` any more.
    """
    before = lock_own(tx, [product_id], merchant_id=merchant_id)
    must_be_at(before[product_id], if_version)
    after = withdrawn(before[product_id])
    tx.unschedule(times.PUBLISH, product_id)
    return change_products(tx, before, [after], by=by, why="withdrawn")[0]
