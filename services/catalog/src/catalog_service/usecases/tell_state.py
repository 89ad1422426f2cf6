"""Every product as it is now, for a subscriber whose copy is new."""

from __future__ import annotations

from collections.abc import Sequence

from catalog_service.store import products, told
from catalog_service.usecases.messages import product_changed
from shop_events.contracts.catalog import ProductChanged
from shop_events.sql import Connection


def present_products(connection: Connection, after: str, at_most: int) -> Sequence[ProductChanged]:
    """The products whose ids come after ``after``, as their last events told of them."""
    found = products.all_after(connection, after, at_most=at_most)
    suspended = told.suspended(connection, {one.merchant_id for one in found})
    return [product_changed(one, may_sell=one.merchant_id not in suspended) for one in found]
