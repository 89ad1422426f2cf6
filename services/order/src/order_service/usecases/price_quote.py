"""Work out what goods cost somebody, from this service's copies alone (FEATURES 40 to 43, 56)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from order_service.domain import pricing
from order_service.domain.catalogue import AT_HOME, Sku
from order_service.domain.coupon_errors import CouponsRefused
from order_service.domain.delivery import DEFAULT, Way
from order_service.domain.order import Freight
from order_service.domain.pricing import Discounted, Ways
from order_service.domain.promotion import Coupon, Priced
from order_service.domain.quote import (
    NOBODY,
    DeliveryOption,
    Destination,
    Discount,
    Offer,
    Quote,
    QuoteLine,
)
from order_service.domain.quote_errors import (
    DeliveryNotOffered,
    LinesRefused,
    NotDeliverable,
    NotPriced,
    TooManyUnits,
)
from order_service.store import copies, promotions, quotes
from order_service.usecases import times
from order_service.usecases.keep_copies import refuse_when_late
from shop_events import Tx
from shop_events.contracts.order import PaymentMethod
from shop_events.values import LARGEST_MINOR

UNITS_AT_MOST: Final = 99


@dataclass(frozen=True, slots=True, kw_only=True)
class Basket:
    """What somebody wants to know the price of. ``coupon_ids`` None: whichever is best."""

    lines: tuple[tuple[str, int], ...]  # SKU and quantity
    destination: Destination
    delivery_method: str | None = None
    coupon_ids: tuple[str, ...] | None = None


def price_quote(tx: Tx, basket: Basket, *, account_id: str = NOBODY) -> Quote:
    """Price the basket and keep the quote: ten minutes, for one order of this account.

    Coupons come first, delivery after them (C5). What an order costs later comes from this alone.

    Raises:
        PricesBehind: news of prices come late at present.
        LinesRefused: a SKU is unknown, or not for sale; TooManyUnits: over 99 of one.
        NotPriced: two currencies, or more than an order may cost.
        CouponsRefused: a coupon is not this account's, or two of one merchant.
        NotDeliverable, DeliveryNotOffered: not there, or not so.
    """
    refuse_when_late(tx)
    lines = _priced(tx, basket)
    coupons = _coupons(tx, basket, account_id)
    discounted = pricing.take_off(lines, coupons, tx.now)
    ways = _ways(tx, discounted, basket.destination.division_code)
    way = _chosen(basket, ways)
    quote = Quote(
        id=tx.new_id(),
        account_id=account_id,
        lines=tuple(map(_quote_line, discounted.lines)),
        freights=tuple(Freight(merchant_id=f.merchant_id, amount=f.amount) for f in way.fees),
        currency=lines[0].sku.price.currency,
        delivery_method=way.code,
        destination=basket.destination,
        expires_at=tx.now + times.QUOTE_GOOD_FOR,
        offer=_offer(discounted, ways, way),
    )
    quotes.add(tx.connection, quote)
    return quote


def _priced(tx: Tx, basket: Basket) -> tuple[Priced, ...]:
    """Each SKU once, however many lines name it (S5)."""
    wanted: dict[str, int] = {}
    for sku_id, quantity in basket.lines:
        wanted[sku_id] = wanted.get(sku_id, 0) + quantity
    known = copies.skus_of(tx.connection, wanted)
    _must_be_sold(basket, known)
    _must_be_few(basket, wanted)
    _must_have_a_price([(known[sku_id], quantity) for sku_id, quantity in wanted.items()])
    return tuple(
        Priced(sku=known[sku_id], quantity=quantity, discount=known[sku_id].price * 0)
        for sku_id, quantity in wanted.items()
    )


def _must_have_a_price(goods: Sequence[tuple[Sku, int]]) -> None:
    if len({sku.price.currency for sku, _ in goods}) > 1:
        raise NotPriced("their prices are in several currencies")
    if sum(sku.price.minor * quantity for sku, quantity in goods) > LARGEST_MINOR // 2:
        raise NotPriced("they cost more than an order may")


def _must_be_sold(basket: Basket, known: Mapping[str, Sku]) -> None:
    wrong = {}
    for place, (sku_id, _) in enumerate(basket.lines):
        sku = known.get(sku_id)
        if sku is None or not sku.sold:
            why = f"There is no SKU {sku_id}." if sku is None else f"{sku_id} is not for sale now."
            wrong[f"lines.{place}.sku_id"] = [why]
    if wrong:
        raise LinesRefused(wrong)


def _must_be_few(basket: Basket, wanted: Mapping[str, int]) -> None:
    wrong = {
        f"lines.{place}.quantity": [f"At most {UNITS_AT_MOST} of {sku_id} in one order."]
        for place, (sku_id, _) in enumerate(basket.lines)
        if wanted[sku_id] > UNITS_AT_MOST
    }
    if wrong:
        raise TooManyUnits(wrong)


def _coupons(tx: Tx, basket: Basket, account_id: str) -> Sequence[Coupon]:
    if basket.coupon_ids is None:
        return () if account_id == NOBODY else promotions.to_try(tx.connection, account_id, tx.now)
    known = promotions.named(tx.connection, account_id, basket.coupon_ids)
    wrong, whose = {}, set()
    for place, coupon_id in enumerate(basket.coupon_ids):
        coupon = known.get(coupon_id)
        if coupon is None:
            wrong[f"coupon_codes.{place}"] = [f"You have no free coupon {coupon_id}."]
        elif coupon.promotion.merchant_id in whose:
            wrong[f"coupon_codes.{place}"] = ["One coupon of a merchant is in an order, no more."]
        else:
            whose.add(coupon.promotion.merchant_id)
    if wrong:
        raise CouponsRefused(wrong)
    return list(known.values())


def _ways(tx: Tx, discounted: Discounted, division: str) -> Ways:
    loads = pricing.loads_of(discounted.lines)
    whose = [DEFAULT, *(load.merchant_id for load in loads)]
    rates = copies.rates_of(tx.connection, whose)
    ways = pricing.ways_for(loads, rates, division)
    if not ways.offered:
        refused = [f"{one.merchant_id} does not send there by {one.code}." for one in ways.refused]
        raise NotDeliverable(division, {"division_code": refused or ["Nobody delivers there."]})
    return ways


def _chosen(basket: Basket, ways: Ways) -> Way:
    way = ways.find(basket.delivery_method)
    if way is None:
        offered = [one.code for one in ways.offered]
        raise DeliveryNotOffered(basket.delivery_method or "", offered)
    return way


def _quote_line(line: Priced) -> QuoteLine:
    sku = line.sku
    return QuoteLine(
        sku_id=sku.sku_id,
        merchant_id=sku.merchant_id,
        name=sku.goods.title(AT_HOME),
        quantity=line.quantity,
        unit_price=sku.price,
        discount_share=line.discount,
        goods=sku.goods,
    )


def _offer(discounted: Discounted, ways: Ways, way: Way) -> Offer:
    cash = (PaymentMethod.CASH_ON_DELIVERY,) if way.cash_on_delivery else ()
    return Offer(
        options=tuple(map(_option, ways.offered)),
        payment_methods=(PaymentMethod.CARD, *cash),
        discounts=tuple(
            Discount(
                coupon_id=used.coupon.id,
                promotion_id=used.coupon.promotion.id,
                merchant_id=used.coupon.promotion.merchant_id,
                title=used.coupon.promotion.title,
                amount=used.amount,
            )
            for used in discounted.used
        ),
        rules=pricing.rules_of(discounted, ways, way),
    )


def _option(way: Way) -> DeliveryOption:
    return DeliveryOption(
        code=way.code,
        price=way.price,
        days=way.days,
        traceable=way.traceable,
        cash_on_delivery=way.cash_on_delivery,
        pick_up=way.pick_up,
    )
