"""Promotions and their coupons: claimed, locked, used and given back by conditional statements."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    Connection,
    Row,
    Select,
    bindparam,
    case,
    func,
    insert,
    select,
    update,
)

from order_service.domain.coupon_errors import PromotionNotFound
from order_service.domain.promotion import Benefit, Coupon, CouponState, Promotion, Scope
from order_service.store import texts
from order_service.store.shop_tables import coupons, promotions
from shop_events.sql import insert_once
from shop_events.values import Money

TRIED_AT_MOST: Final = 100  # coupons of one shopper in one quote


def add(connection: Connection, promotion: Promotion) -> None:
    """Keep a new promotion."""
    connection.execute(insert(promotions), _row(promotion))


def lock(connection: Connection, promotion_id: str, merchant_id: str | None) -> Promotion:
    """The promotion, if it is this merchant's (None: the shop's), locked.

    Raises:
        PromotionNotFound: there is none, or it is somebody else's.
    """
    query = select(promotions).where(promotions.c.id == promotion_id)
    row = connection.execute(query.with_for_update()).first()
    if row is None or row.merchant_id != (merchant_id or ""):
        raise PromotionNotFound(promotion_id)
    return _promotion(row)


def get(connection: Connection, promotion_id: str) -> Promotion:
    """The promotion, whosever it is.

    Raises:
        PromotionNotFound: there is none.
    """
    query = select(promotions).where(promotions.c.id == promotion_id)
    row = connection.execute(query).first()
    if row is None:
        raise PromotionNotFound(promotion_id)
    return _promotion(row)


def save(connection: Connection, promotion: Promotion) -> None:
    """Write it back, and count its version on. What was claimed is left alone."""
    row = _row(promotion) | {"version": promotion.version}
    changed = {name: row[name] for name in row if name not in ("id", "claimed")}
    connection.execute(update(promotions).where(promotions.c.id == promotion.id).values(**changed))


def of_merchant(
    connection: Connection, merchant_id: str | None, *, before: str | None, at_most: int
) -> list[Promotion]:
    """A merchant's promotions (None: the shop's), the newest first."""
    query = select(promotions).where(promotions.c.merchant_id == (merchant_id or ""))
    return [_promotion(row) for row in connection.execute(_page(query, before, at_most))]


def claimable(
    connection: Connection, now: datetime, *, before: str | None, at_most: int
) -> list[Promotion]:
    """The promotions whose coupons can be claimed now, the newest first."""
    query = select(promotions).where(
        promotions.c.ended_at.is_(None),
        promotions.c.claim_from <= now,
        promotions.c.claim_until > now,
    )
    return [_promotion(row) for row in connection.execute(_page(query, before, at_most))]


def count_claim(connection: Connection, promotion_id: str, now: datetime) -> bool:
    """Take one of those that are left; one conditional write, exact whoever comes at once.

    The row stays locked until this transaction ends: claims of a promotion come one by one.
    """
    taken = connection.execute(
        update(promotions)
        .where(
            promotions.c.id == promotion_id,
            promotions.c.ended_at.is_(None),
            promotions.c.claim_from <= now,
            promotions.c.claim_until > now,
            promotions.c.claimed < promotions.c.total,
        )
        .values(claimed=promotions.c.claimed + 1)
    )
    return taken.rowcount == 1


def claims_of(
    connection: Connection, account_id: str, promotion_ids: Sequence[str]
) -> dict[str, int]:
    """How many of each promotion somebody has had."""
    query = (
        select(coupons.c.promotion_id, func.count())
        .where(coupons.c.account_id == account_id, coupons.c.promotion_id.in_(promotion_ids))
        .group_by(coupons.c.promotion_id)
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def issue(connection: Connection, coupon: Coupon, n: int) -> bool:
    """Give somebody their ``n``-th coupon of a promotion; False if they have it already."""
    row = {
        "id": coupon.id,
        "promotion_id": coupon.promotion.id,
        "account_id": coupon.account_id,
        "n": n,
        "state": coupon.state,
        "order_id": coupon.order_id,
        "valid_from": coupon.valid_from,
        "valid_until": coupon.valid_until,
    }
    return insert_once(connection, coupons, row)


def coupons_of(
    connection: Connection, account_id: str, *, before: str | None, at_most: int
) -> list[Coupon]:
    """Somebody's coupons, the newest first."""
    query = _WITH_PROMOTION.where(coupons.c.account_id == account_id)
    if before is not None:
        query = query.where(coupons.c.id < before)
    rows = connection.execute(query.order_by(coupons.c.id.desc()).limit(at_most))
    return [_coupon(row) for row in rows]


def to_try(connection: Connection, account_id: str, now: datetime) -> list[Coupon]:
    """The coupons somebody may use now or soon, those that end first."""
    query = _WITH_PROMOTION.where(
        coupons.c.account_id == account_id,
        coupons.c.state == CouponState.ISSUED,
        coupons.c.valid_until > now,
    )
    rows = connection.execute(query.order_by(coupons.c.valid_until).limit(TRIED_AT_MOST))
    return [_coupon(row) for row in rows]


def named(connection: Connection, account_id: str, coupon_ids: Iterable[str]) -> dict[str, Coupon]:
    """Those of these coupons that are somebody's, and in nobody's order."""
    query = _WITH_PROMOTION.where(
        coupons.c.account_id == account_id,
        coupons.c.state == CouponState.ISSUED,
        coupons.c.id.in_(list(coupon_ids)),
    )
    return {row.coupon_id: _coupon(row) for row in connection.execute(query)}


def take(connection: Connection, coupon_id: str, order_id: str, now: datetime) -> bool:
    """Lock a coupon for an order, if it is free and in time (C1); one conditional write."""
    taken = connection.execute(_TAKE, {"of_coupon": coupon_id, "now": now, "order_id": order_id})
    return taken.rowcount == 1


def use(connection: Connection, order_id: str) -> None:
    """The order is confirmed: its coupons are used."""
    connection.execute(_USE, {"of_order": order_id})


def give_back(connection: Connection, order_id: str, now: datetime, grace: timedelta) -> None:
    """The order is cancelled: its coupons are good again, for ``grace`` from now at least."""
    at_least = now + grace
    until = case((coupons.c.valid_until <= now, at_least), else_=coupons.c.valid_until)
    connection.execute(
        update(coupons)
        .where(coupons.c.order_id == order_id)
        .values(state=CouponState.ISSUED, order_id=None, valid_until=until)
    )


_PROMOTION: Final = [column.label(f"p_{column.name}") for column in promotions.columns]
_WITH_PROMOTION: Final = select(
    coupons.c.id.label("coupon_id"),
    coupons.c.account_id,
    coupons.c.state,
    coupons.c.order_id,
    coupons.c.valid_from,
    coupons.c.valid_until,
    *_PROMOTION,
).join_from(coupons, promotions)
_TAKE: Final = (
    update(coupons)
    .where(
        coupons.c.id == bindparam("of_coupon"),
        coupons.c.state == CouponState.ISSUED,
        coupons.c.valid_from <= bindparam("now"),
        coupons.c.valid_until > bindparam("now"),
    )
    .values(state=CouponState.LOCKED, order_id=bindparam("order_id"))
)
_USE: Final = (
    update(coupons)
    .where(coupons.c.order_id == bindparam("of_order"), coupons.c.state == CouponState.LOCKED)
    .values(state=CouponState.USED)
)


def _page(query: Select[Any], before: str | None, at_most: int) -> Select[Any]:
    if before is not None:
        query = query.where(promotions.c.id < before)
    return query.order_by(promotions.c.id.desc()).limit(at_most)


def _row(promotion: Promotion) -> dict[str, Any]:
    return {
        "id": promotion.id,
        "merchant_id": promotion.merchant_id or "",
        "title": promotion.title,
        "benefit": promotion.benefit,
        "currency": promotion.min_spend.currency,
        "amount": promotion.amount.minor,
        "percent": promotion.percent,
        "min_spend": promotion.min_spend.minor,
        "scope": promotion.scope,
        "product_ids": texts.written(promotion.product_ids),
        "total": promotion.total,
        "per_user": promotion.per_user,
        "claimed": promotion.claimed,
        "claim_from": promotion.claim_from,
        "claim_until": promotion.claim_until,
        "use_from": promotion.use_from,
        "use_until": promotion.use_until,
        "use_days": promotion.use_days,
        "ended_at": promotion.ended_at,
        "version": promotion.version,
    }


def _promotion(row: Row[Any], prefix: str = "") -> Promotion:
    def of(name: str) -> Any:
        return getattr(row, prefix + name)

    currency = of("currency")
    return Promotion(
        id=of("id"),
        merchant_id=of("merchant_id") or None,
        title=of("title"),
        benefit=Benefit(of("benefit")),
        amount=Money(of("amount"), currency),
        percent=of("percent"),
        min_spend=Money(of("min_spend"), currency),
        scope=Scope(of("scope")),
        product_ids=tuple(texts.plain(of("product_ids"))),
        total=of("total"),
        per_user=of("per_user"),
        claim_from=of("claim_from"),
        claim_until=of("claim_until"),
        use_from=of("use_from"),
        use_until=of("use_until"),
        use_days=of("use_days"),
        claimed=of("claimed"),
        ended_at=of("ended_at"),
        version=of("version"),
    )


def _coupon(row: Row[Any]) -> Coupon:
    return Coupon(
        id=row.coupon_id,
        promotion=_promotion(row, "p_"),
        account_id=row.account_id,
        state=CouponState(row.state),
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        order_id=row.order_id,
    )
