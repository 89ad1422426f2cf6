"""M3 to M7, C5, row 53: for every basket, coupon and order of refunds the fen add up."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

from hypothesis import given, settings
from hypothesis import strategies as st

from order_service.domain.catalogue import Goods, Sku
from order_service.domain.delivery import Load, Method, Rates, Way, Zone, ways_to
from order_service.domain.line import Line
from order_service.domain.order import Freight, Order, amount_of
from order_service.domain.pricing import loads_of, loads_of_quote, take_off, ways_for
from order_service.domain.promotion import (
    Benefit,
    Coupon,
    CouponState,
    Priced,
    Promotion,
    Scope,
    try_coupon,
)
from order_service.domain.quote import Destination, Quote, QuoteLine
from order_service.domain.track import Track
from order_service.domain.units import Run
from shop_events.values import Money, total

NOW = datetime(2026, 11, 22, tzinfo=UTC)
MERCHANTS = ("mei", "lan")


def fen(minor: int) -> Money:
    return Money(minor, "CNY")


def a_line(price: int, quantity: int, merchant: str = "mei", name: str = "mug") -> Priced:
    goods = Goods(
        product_id=f"p-{name}", titles=MappingProxyType({}), options=(), weight_g=400, version=1
    )
    sku = Sku(sku_id=f"sku-{name}", merchant_id=merchant, price=fen(price), sold=True, goods=goods)
    return Priced(sku=sku, quantity=quantity, discount=fen(0))


def a_coupon(
    name: str = "c",
    *,
    of: str | None = "mei",
    amount: int = 0,
    percent: int = 0,
    min_spend: int = 0,
) -> Coupon:
    promotion = Promotion(
        id=f"of-{name}",
        merchant_id=of,
        title=name,
        benefit=Benefit.PERCENT if percent else Benefit.AMOUNT,
        amount=fen(amount),
        percent=percent,
        min_spend=fen(min_spend),
        scope=Scope.MERCHANT if of else Scope.ALL,
        product_ids=(),
        total=1,
        per_user=1,
        claim_from=NOW,
        claim_until=NOW + timedelta(days=1),
        use_from=NOW,
        use_until=NOW + timedelta(days=1),
    )
    return Coupon(
        id=name,
        promotion=promotion,
        account_id="ann",
        state=CouponState.ISSUED,
        valid_from=NOW,
        valid_until=NOW + timedelta(days=1),
    )


baskets = st.lists(
    st.tuples(st.integers(0, 50_000), st.integers(1, 99), st.sampled_from(MERCHANTS)),
    min_size=1,
    max_size=6,
)
benefits = st.one_of(
    st.builds(dict, amount=st.integers(1, 10**6)), st.builds(dict, percent=st.integers(1, 100))
)
wallets = st.lists(
    st.tuples(st.sampled_from((*MERCHANTS, None)), benefits, st.integers(0, 20_000)), max_size=4
)


@settings(max_examples=60, deadline=None)
@given(baskets, wallets, st.data())
def test_row_53_lines_and_refunds_in_any_order_sum_to_what_the_order_cost(
    basket: list[tuple[int, int, str]],
    wallet: list[tuple[str | None, dict[str, int], int]],
    data: st.DataObject,
) -> None:
    lines = [a_line(*one, name=str(place)) for place, one in enumerate(basket)]
    coupons = [
        a_coupon(str(place), of=of, min_spend=spend, **benefit)
        for place, (of, benefit, spend) in enumerate(wallet)
    ]

    after = take_off(lines, coupons, NOW)

    gross = sum(line.sku.price.minor * line.quantity for line in lines)
    off = total((one.amount for one in after.used), "CNY")
    assert sum(line.payable.minor for line in after.lines) == gross - off.minor
    assert all(line.payable.minor >= 0 for line in after.lines), "M5"
    whose = [one.coupon.promotion.merchant_id for one in after.used]
    assert len(whose) == len(set(whose)), "one coupon of each merchant at most"
    _refunds_sum_up(_order(after.lines), data)


@settings(max_examples=60, deadline=None)
@given(baskets, wallets)
def test_c5_no_single_coupon_of_a_merchant_would_take_more_off(
    basket: list[tuple[int, int, str]], wallet: list[tuple[str | None, dict[str, int], int]]
) -> None:
    lines = [a_line(*one, name=str(place)) for place, one in enumerate(basket)]
    coupons = [
        a_coupon(str(place), of=of, min_spend=spend, **benefit)
        for place, (of, benefit, spend) in enumerate(wallet)
        if of is not None
    ]

    used = {one.coupon.promotion.merchant_id: one for one in take_off(lines, coupons, NOW).used}

    for coupon in coupons:
        alone = try_coupon(coupon, lines, NOW)
        taken = used.get(coupon.promotion.merchant_id)
        assert alone.amount <= (taken.amount if taken else fen(0))


def test_m6_percentages_are_rounded_for_each_unit_and_not_on_the_sum() -> None:
    (tried,) = take_off([a_line(103, 2)], [a_coupon(percent=50)], NOW).tried

    assert tried.amount == fen(104), "52 fen twice; 50 % of 2.06 would be 1.03"


def test_m6_after_another_coupon_units_of_a_line_still_round_one_by_one() -> None:
    line = a_line(100, 3).less(fen(1))  # 100, 100 and 99 fen

    tried = try_coupon(a_coupon(percent=50), [line], NOW)

    assert tried.amount == fen(150), "50 + 50 + 49.5, which rounds up"


def test_c6_a_percentage_of_the_shops_counts_on_what_merchants_left() -> None:
    coupons = [a_coupon("m", percent=40), a_coupon("s", of=None, percent=70)]

    (line,) = take_off([a_line(10_000, 1)], coupons, NOW).lines

    assert line.payable == fen(1_800)


def test_the_longest_prefix_decides_on_the_zone() -> None:
    zones = [_zone(1_000), _zone(1_800, "54"), _zone(9_900, "5423", "5425")]
    method = Method(
        code="express", zones=tuple(zones), days=3, traceable=True, cash_on_delivery=True
    )
    rates = {"default": Rates(rates_id="default", methods=(method,), version=1)}
    load = Load(merchant_id="mei", weight_g=1, pieces=1, goods=fen(1))

    prices = [ways_to(place, [load], rates)[0][0].price for place in ("310101", "540102", "542337")]

    assert prices == [fen(1_000), fen(1_800), fen(9_900)]


def _zone(first: int, *divisions: str) -> Zone:
    return Zone(divisions=divisions, first_g=1_000, first=fen(first), step_g=500, step=fen(200))


by_weight = st.builds(_zone, st.integers(0, 2_000))
by_piece = st.builds(
    lambda first, first_pieces, step_pieces: replace(
        _zone(first), first_g=0, step_g=0, first_pieces=first_pieces, step_pieces=step_pieces
    ),
    st.integers(0, 2_000),
    st.integers(1, 40),
    st.integers(1, 40),
)
free_from = st.one_of(st.none(), st.builds(fen, st.integers(0, 200_000)))


@settings(max_examples=60, deadline=None)
@given(baskets, st.lists(st.one_of(by_weight, by_piece), min_size=2, max_size=2), free_from)
def test_row_43_shipping_is_the_sum_of_what_each_merchants_weight_or_pieces_cost(
    basket: list[tuple[int, int, str]], zones: list[Zone], free_over: Money | None
) -> None:
    pairs = zip(MERCHANTS, zones, strict=True)
    rates = {of: _rates(of, replace(zone, free_over=free_over)) for of, zone in pairs}
    lines = tuple(a_line(*one, name=str(place)) for place, one in enumerate(basket))

    (way,) = ways_for(loads_of(lines), rates, "310101").offered

    quote = _quote(lines, way)
    assert way.price == quote.shipping
    assert quote.shipping.minor == sum(
        _by_hand([one for one in basket if one[2] == of], zone, free_over)
        for of, zone in zip(MERCHANTS, zones, strict=True)
    )
    (again,) = ways_for(loads_of_quote(quote), rates, "310101").offered
    assert again == way, "priced anew when it is ordered"


def _by_hand(basket: list[tuple[int, int, str]], zone: Zone, free_over: Money | None) -> int:
    """Step by step, as people would put one unit after the other on the scales."""
    goods, pieces = sum(price * count for price, count, _ in basket), sum(one[1] for one in basket)
    if not pieces or (free_over is not None and goods >= free_over.minor):
        return 0
    beyond, step = pieces * 400 - zone.first_g, zone.step_g
    if zone.first_pieces is not None and zone.step_pieces is not None:
        beyond, step = pieces - zone.first_pieces, zone.step_pieces
    cost = zone.first.minor
    while beyond > 0:
        beyond, cost = beyond - step, cost + zone.step.minor
    return cost


def _rates(of: str, zone: Zone) -> Rates:
    method = Method(code="express", zones=(zone,), days=3, traceable=True, cash_on_delivery=True)
    return Rates(rates_id=of, methods=(method,), version=1)


def _quote(lines: tuple[Priced, ...], way: Way) -> Quote:
    return Quote(
        id="q1",
        account_id="ann",
        lines=tuple(
            QuoteLine(
                sku_id=line.sku.sku_id,
                merchant_id=line.sku.merchant_id,
                name="",
                quantity=line.quantity,
                unit_price=line.sku.price,
                discount_share=line.discount,
                goods=line.sku.goods,
            )
            for line in lines
        ),
        freights=tuple(Freight(merchant_id=f.merchant_id, amount=f.amount) for f in way.fees),
        currency="CNY",
        delivery_method=way.code,
        destination=Destination(division_code="310101"),
        expires_at=NOW,
    )


def _order(lines: tuple[Priced, ...]) -> Order:
    return Order(
        id="o1",
        number="1",
        account_id="ann",
        track=Track.CONFIRMED,
        lines=tuple(
            Line(
                line_id=str(place),
                sku_id=line.sku.sku_id,
                merchant_id=line.sku.merchant_id,
                name="",
                quantity=line.quantity,
                unit_price=line.sku.price,
                discount_share=line.discount,
            )
            for place, line in enumerate(lines)
        ),
        freights=tuple(
            Freight(merchant_id=name, amount=fen(801))
            for name in sorted({line.sku.merchant_id for line in lines})
        ),
        currency="CNY",
        payment_method="card",
        on_delivery=False,
        placed_at=NOW,
        pay_by=NOW,
    )


def _refunds_sum_up(order: Order, data: st.DataObject) -> None:
    """M7: each step takes some of a line's units, and all of them together cost what was paid."""
    paid, settled = order.total, fen(0)
    while any(line.open for line in order.lines):
        line = next(one for one in order.lines if one.open)
        count = data.draw(st.integers(1, line.open))
        step = data.draw(st.sampled_from([Order.cancel_units, Order.receive_units]))
        order, shares = step(order, {line.line_id: (Run(count),)})
        settled = settled + amount_of(shares, "CNY")
    assert settled == paid
