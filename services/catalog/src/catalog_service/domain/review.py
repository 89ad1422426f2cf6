"""What an admin approved of a product, and so what may be shown of it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from hashlib import sha256

from catalog_service.domain.product import UP_OR_WAITING, Product, Status, faults_of, published


def digest_of(one: Product) -> str:
    """All that buyers read and see of the product, in one word; prices and stock are none of it.

    Its category counts by its id, since admins move categories. All its SKUs count, for sale or
    not, so that taking one out of the shop and putting it back asks nobody.
    """
    skus = [
        [sku.id, dict(sku.options), sku.image, sku.barcode]
        for sku in sorted(one.skus, key=lambda sku: sku.id)
    ]
    words = [dict(one.titles), dict(one.descriptions), one.brand, dict(one.attributes)]
    seen = [*words, list(one.images), one.category_id, skus]
    return sha256(json.dumps(seen, sort_keys=True).encode()).hexdigest()


def is_approved(one: Product) -> bool:
    """Whether an admin approved what it shows now."""
    return one.approved is not None and one.approved == digest_of(one)


def reviewed(was: Product | None, one: Product, now: datetime) -> Product:
    """The product as it may be: in review where it is to be up and nobody approved what it shows.

    ``was`` is what it was before. What was up already before the shop reviewed stays up until what
    it shows changes. Idempotent.
    """
    if one.status is Status.IN_REVIEW and is_approved(one):
        return released(one, now)
    if not _is_to_be_up(one) or is_approved(one) or _showed_the_same(was, one):
        return one
    return replace(
        one,
        status=Status.IN_REVIEW,
        review_since=(was and was.review_since) or now,
        sent_back=None,
        published_at=was.published_at if was else None,
    )


def released(one: Product, now: datetime) -> Product:
    """An approved product out of review: for sale, or waiting for the hour its merchant named."""
    if one.publish_at is None or one.publish_at <= now:
        return published(one, now)
    back = Status.WITHDRAWN if one.published_at else Status.DRAFT
    return replace(one, status=back, review_since=None)


def sent_back(one: Product, reason: str) -> Product:
    """The product as a draft again, no longer planned, with what its merchant is told."""
    return replace(one, status=Status.DRAFT, publish_at=None, review_since=None, sent_back=reason)


def _is_to_be_up(one: Product) -> bool:
    planned = one.publish_at is not None and not faults_of(one)
    return one.status in UP_OR_WAITING or planned


def _showed_the_same(was: Product | None, one: Product) -> bool:
    if was is None or not was.status is one.status is Status.PUBLISHED:
        return False
    return digest_of(was) == digest_of(one)
