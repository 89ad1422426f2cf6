"""Look at promotions and coupons without changing them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from order_service.domain.promotion import Coupon, Promotion
from order_service.store import promotions

if TYPE_CHECKING:
    from shop_events.sql import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class OnOffer:
    """A promotion in the claim centre. ``mine``: how many of it somebody has claimed."""

    promotion: Promotion
    mine: int

    @property
    def left(self) -> bool:
        """Whether there is one left for them."""
        some = self.promotion.claimed < self.promotion.total
        return some and self.mine < self.promotion.per_user


def on_offer(
    connection: Connection, now: datetime, *, account_id: str, before: str | None, at_most: int
) -> list[OnOffer]:
    """What can be claimed now, the newest first."""
    found = promotions.claimable(connection, now, before=before, at_most=at_most)
    mine = promotions.claims_of(connection, account_id, [one.id for one in found])
    return [OnOffer(promotion=one, mine=mine.get(one.id, 0)) for one in found]


def my_coupons(
    connection: Connection, *, account_id: str, before: str | None, at_most: int
) -> list[Coupon]:
    """Somebody's coupons, the newest first."""
    return promotions.coupons_of(connection, account_id, before=before, at_most=at_most)


def own_promotions(
    connection: Connection, *, merchant_id: str | None, before: str | None, at_most: int
) -> list[Promotion]:
    """A merchant's promotions (None: the shop's), the newest first."""
    return promotions.of_merchant(connection, merchant_id, before=before, at_most=at_most)
