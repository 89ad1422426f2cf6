"""What can go wrong with promotions and their coupons.

OrderError
├── PromotionNotFound            404
├── PromotionWrong               422
├── PromotionStarted             409
├── PromotionStale               412
├── NotClaimable                 409
├── CouponsGone                  409
├── ClaimLimit                   409
├── CouponsRefused               422
└── CouponTaken                  409
"""

from __future__ import annotations

from collections.abc import Mapping

from order_service.domain.errors import OrderError


class PromotionNotFound(OrderError):
    """There is no such promotion, or it is another merchant's."""

    code = "promotion_not_found"
    status = 404

    def __init__(self, promotion_id: str) -> None:
        super().__init__(f"There is no promotion {promotion_id}.")
        self.promotion_id = promotion_id


class PromotionWrong(OrderError):
    """Its parts do not fit together."""

    code = "promotion_wrong"
    status = 422

    def __init__(self, errors: Mapping[str, list[str]]) -> None:
        super().__init__("Some parts of the promotion do not fit together.")
        self.errors = errors


class PromotionStarted(OrderError):
    """Once coupons may be claimed a promotion is not changed, only ended (C8)."""

    code = "promotion_started"

    def __init__(self, promotion_id: str) -> None:
        super().__init__(f"The promotion {promotion_id} has begun; it can be ended, not changed.")
        self.promotion_id = promotion_id


class PromotionStale(OrderError):
    """Somebody else changed it meanwhile."""

    code = "promotion_stale"
    status = 412

    def __init__(self, promotion_id: str) -> None:
        super().__init__(f"The promotion {promotion_id} was changed since you read it.")
        self.promotion_id = promotion_id


class NotClaimable(OrderError):
    """Its coupons cannot be claimed now."""

    code = "not_claimable"

    def __init__(self, promotion_id: str) -> None:
        super().__init__(f"Coupons of the promotion {promotion_id} cannot be claimed now.")
        self.promotion_id = promotion_id


class CouponsGone(OrderError):
    """All of them have been claimed."""

    code = "coupons_gone"

    def __init__(self, promotion_id: str) -> None:
        super().__init__(f"All coupons of the promotion {promotion_id} are gone.")
        self.promotion_id = promotion_id


class ClaimLimit(OrderError):
    """Nobody gets more than so many."""

    code = "claim_limit"

    def __init__(self, promotion_id: str, per_user: int) -> None:
        super().__init__(
            f"You have {per_user} of the promotion {promotion_id}, as many as one may."
        )
        self.promotion_id = promotion_id


class CouponsRefused(OrderError):
    """Some of the codes are no coupons of this shopper, or cannot be used together."""

    code = "coupons_refused"
    status = 422

    def __init__(self, errors: Mapping[str, list[str]]) -> None:
        super().__init__("Some of these coupons cannot be used.")
        self.errors = errors


class CouponTaken(OrderError):
    """Another order has the coupon, or its time is over since the quote was made (C1)."""

    code = "coupon_taken"

    def __init__(self, coupon_id: str) -> None:
        super().__init__(f"The coupon {coupon_id} can no longer be used; ask for a new quote.")
        self.coupon_id = coupon_id
