from hypothesis import given
from hypothesis import strategies as st

from logistics_service.domain.order import Order, OrderedLine, Terms
from shop_events.values import Money, total

units = st.integers(1, 40)


def a_line(quantity: int, payable: int, *, of: str = "m-mo", line_id: str = "1") -> OrderedLine:
    return OrderedLine(
        line_id=line_id,
        sku_id="sku-mug",
        merchant_id=of,
        quantity=quantity,
        unit_price=Money(1000, "CNY"),
        payable=Money(payable, "CNY"),
    )


@given(quantity=units, payable=st.integers(0, 10**7), parts=st.lists(units, max_size=20))
def test_m4_however_units_are_grouped_their_parts_sum_to_what_was_paid(
    quantity: int, payable: int, parts: list[int]
) -> None:
    line, costs = a_line(quantity, payable), []

    for count in [*parts, quantity]:
        line, cost = line.number(count)
        costs.append(cost)

    assert line.numbered == quantity
    assert total(costs, "CNY") == Money(payable, "CNY")
    assert min(cost.minor for cost in costs) >= 0


def test_the_odd_fen_lies_with_the_first_units() -> None:
    line = a_line(3, 2000)

    line, first = line.number(1)
    line, rest = line.number(2)

    assert (first.minor, rest.minor) == (667, 1333)


def test_freight_is_shared_by_the_price_of_the_goods() -> None:
    lines = (a_line(3, 3000), a_line(1, 1000, of="m-lin", line_id="2"))
    terms = Terms(on_delivery=True, shipping=Money(801, "CNY"))
    order = Order(id="o-1", lines=lines, terms=terms)

    parts = [order.freight_of("m-mo"), order.freight_of("m-lin")]

    assert [part.minor for part in parts] == [601, 200]
