"""M3 to M7: what a discount, a refund and a receipt come to, to the last fen."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from order_service.domain.line import Line
from order_service.domain.order import Freight, Order, amount_of
from order_service.domain.quote import Destination, Quote, QuoteLine, share_freight, share_out
from order_service.domain.track import Track
from order_service.domain.units import Run, count
from shop_events.values import Money, total

NOW = datetime(2026, 11, 22, tzinfo=UTC)
HOME = Destination(recipient="Ann", phone="+8613800000000", division_code="310101", address="1 Rd")

prices = st.integers(0, 10**7)
quantities = st.integers(1, 40)
baskets = st.lists(
    st.tuples(prices, quantities, st.sampled_from(["mei", "lan"])), min_size=1, max_size=8
)


def quote(basket: list[tuple[int, int, str]], discount: int = 0, shipping: int = 0) -> Quote:
    given = [
        QuoteLine(
            sku_id=f"sku-{number}",
            merchant_id=merchant,
            name="A mug",
            quantity=quantity,
            unit_price=Money(price, "CNY"),
            discount_share=Money.zero("CNY"),
        )
        for number, (price, quantity, merchant) in enumerate(basket)
    ]
    return Quote(
        id="q1",
        account_id="ann",
        lines=share_out(given, Money(discount, "CNY")),
        freights=share_freight(given, Money(shipping, "CNY")),
        currency="CNY",
        delivery_method="express",
        destination=HOME,
        expires_at=NOW,
    )


def order_of(quoted: Quote) -> Order:
    return Order(
        id="o1",
        number="1",
        account_id="ann",
        track=Track.CONFIRMED,
        lines=quoted.order_lines(),
        freights=quoted.freights,
        currency="CNY",
        payment_method="card",
        on_delivery=False,
        placed_at=NOW,
        pay_by=NOW,
    )


@given(baskets, st.integers(0, 10**9))
def test_m3_the_shares_of_a_discount_sum_to_it_and_no_line_goes_below_zero(
    basket: list[tuple[int, int, str]], discount: int
) -> None:
    quoted = quote(basket, discount)

    lines = quoted.order_lines()

    given_away = total((line.discount_share for line in lines), "CNY")
    assert given_away == min(Money(discount, "CNY"), quoted.goods)
    assert all(line.payable.minor >= 0 for line in lines)


def test_m5_a_discount_above_the_price_makes_it_nothing_and_leaves_the_shipping() -> None:
    order = order_of(quote([(10_000, 1, "mei")], discount=20_000, shipping=800))

    assert order.total == Money(800, "CNY")


@given(baskets, st.integers(0, 10**6), st.integers(0, 10**5), st.data())
def test_m4_m7_cancelled_and_received_units_sum_to_what_was_paid_in_any_order(
    basket: list[tuple[int, int, str]], discount: int, shipping: int, data: st.DataObject
) -> None:
    order = order_of(quote(basket, discount, shipping))
    paid, settled = order.total, Money.zero("CNY")

    while any(line.open for line in order.lines):
        units = {
            line.line_id: (Run(data.draw(st.integers(0, line.open))),)
            for line in order.lines
            if line.open
        }
        if not any(map(count, units.values())):
            units = {line.line_id: (Run(line.open),) for line in order.lines}
        step = data.draw(st.sampled_from([Order.cancel_units, Order.receive_units]))
        order, shares = step(order, units)
        settled = settled + amount_of(shares, "CNY")

    assert settled == paid


def test_m7_cancelling_one_line_leaves_the_discount_of_the_others_alone() -> None:
    order = order_of(quote([(3_000, 1, "mei"), (7_000, 1, "mei")], discount=1_000))

    after, shares = order.cancel_units({"1": (Run(1),)})

    assert amount_of(shares, "CNY") == Money(2_700, "CNY")
    assert after.lines[1].payable == Money(6_300, "CNY")


def test_m9_shipping_is_paid_back_when_nothing_of_a_merchant_is_delivered() -> None:
    order = order_of(quote([(100, 2, "mei"), (100, 1, "lan")], shipping=300))

    one_of_two, some = order.cancel_units({"1": (Run(1),)})
    _, rest = one_of_two.cancel_units({"1": (Run(1),)})

    assert amount_of(some, "CNY") == Money(100, "CNY")
    assert amount_of(rest, "CNY") == Money(300, "CNY")


def test_a_unit_that_was_received_is_not_paid_back() -> None:
    line = Line(
        line_id="1",
        sku_id="mug",
        merchant_id="mei",
        name="A mug",
        quantity=2,
        unit_price=Money(100, "CNY"),
        discount_share=Money(1, "CNY"),
    )

    received, _ = line.receive([Run(2)])
    _, back = received.cancel([Run(2)])

    assert back == Money.zero("CNY")


def test_m4_a_unit_costs_what_its_number_says_whenever_it_is_told() -> None:
    order = order_of(quote([(1_000, 3, "mei")], discount=1))

    later, last = order.receive_units({"1": (Run(1, first=2),)})
    _, rest = later.cancel_units({"1": (Run(1, first=1), Run(1, first=0))})

    assert amount_of(last, "CNY") == Money(999, "CNY")
    assert amount_of(rest, "CNY") == Money(2_000, "CNY")


def test_a_freight_is_settled_once() -> None:
    order = order_of(quote([(100, 2, "mei")], shipping=300))

    first, earned = order.receive_units({"1": (Run(1),)})
    _, more = first.receive_units({"1": (Run(1),)})

    assert amount_of(earned, "CNY") == Money(400, "CNY")
    assert amount_of(more, "CNY") == Money(100, "CNY")
    assert first.freights == (Freight(merchant_id="mei", amount=Money(300, "CNY"), done=True),)
