"""Somebody takes one of a promotion's coupons."""

from __future__ import annotations

from order_service.domain.coupon_errors import ClaimLimit, CouponsGone, NotClaimable
from order_service.domain.promotion import Coupon, CouponState
from order_service.store import promotions
from shop_events import Tx


def claim_coupon(tx: Tx, promotion_id: str, *, account_id: str) -> Coupon:
    """Claim one coupon; exact however many people come at once (FEATURES 45, C4).

    One conditional write takes it from the stock and keeps the promotion locked, so that somebody
    who comes twice at once is counted one after the other; the database refuses an n-th twice.

    Raises:
        PromotionNotFound: there is none.
        NotClaimable: not now.
        CouponsGone: the last was taken.
        ClaimLimit: this account has as many as one may have.
    """
    taken = promotions.count_claim(tx.connection, promotion_id, tx.now)
    promotion = promotions.get(tx.connection, promotion_id)
    if not promotion.claimable(tx.now):
        raise NotClaimable(promotion_id)
    if not taken:
        raise CouponsGone(promotion_id)
    n = promotions.claims_of(tx.connection, account_id, [promotion_id]).get(promotion_id, 0) + 1
    coupon = Coupon(
        id=tx.new_id(),
        promotion=promotion,
        account_id=account_id,
        state=CouponState.ISSUED,
        valid_from=max(tx.now, promotion.use_from),
        valid_until=promotion.good_until(tx.now),
    )
    if n > promotion.per_user or not promotions.issue(tx.connection, coupon, n):
        raise ClaimLimit(promotion_id, promotion.per_user)
    return coupon
