from itertools import accumulate, pairwise

from hypothesis import given
from hypothesis import strategies as st

from logistics_service.domain.order import Order, OrderedLine, Terms
from logistics_service.domain.parcel import PackedLine
from shop_events.values import Money, total

counts = st.integers(1, 40)


def a_line(quantity: int, payable: int, *, of: str = "m-mo", line_id: str = "1") -> OrderedLine:
    return OrderedLine(
        line_id=line_id,
        sku_id="sku-mug",
        merchant_id=of,
        quantity=quantity,
        unit_price=Money(1000, "CNY"),
        payable=Money(payable, "CNY"),
    )


def an_order(*lines: OrderedLine) -> Order:
    terms = Terms(on_delivery=True, shipping=Money(801, "CNY"))
    return Order(id="o-1", lines=lines, terms=terms)


def units(start: int, end: int) -> PackedLine:
    return PackedLine(line_id="1", sku_id="sku-mug", quantity=end - start, first_unit=start)


@given(quantity=counts, payable=st.integers(0, 10**7), parts=st.lists(counts, max_size=20))
def test_m4_however_units_are_grouped_their_parts_sum_to_what_was_paid(
    quantity: int, payable: int, parts: list[int]
) -> None:
    order = an_order(a_line(quantity, payable))
    ends = [end for end in accumulate(parts) if end < quantity]
    runs = [units(start, end) for start, end in pairwise((0, *ends, quantity))]

    costs = [order.cost_of([run]) for run in runs]

    assert total(costs, "CNY") == order.cost_of(runs) == Money(payable, "CNY")
    assert min(cost.minor for cost in costs) >= 0


def test_the_odd_fen_lies_with_the_first_units() -> None:
    order = an_order(a_line(3, 2000))

    first, rest = order.cost_of([units(0, 1)]), order.cost_of([units(1, 3)])

    assert (first.minor, rest.minor) == (667, 1333)


def test_freight_is_shared_by_the_price_of_the_goods() -> None:
    lines = (a_line(3, 3000), a_line(1, 1000, of="m-lin", line_id="2"))
    order = an_order(*lines)

    parts = [order.freight_of("m-mo"), order.freight_of("m-lin")]

    assert [part.minor for part in parts] == [601, 200]
