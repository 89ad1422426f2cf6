"""Whatever people do, in whatever order, the books agree."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chassis.testing import Bench
from logistics_service.audit import counter_examples
from logistics_service.testing import MO, AnOrder, a_line
from services.logistics.tests.town import Town
from shop_events import new_id

ORDERS = 3
orders = st.integers(0, ORDERS - 1)
told = st.sampled_from(["placed", "confirmed", "cancelled", "cancellation_requested", "details"])
done = st.sampled_from(["pack", "pack one", "ship", "hold", "release", "signed", "refused", "back"])
counted = st.integers(-4, 4)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("told"), orders, told),
        st.tuples(st.just("done"), orders, done),
        st.tuples(st.just("counted"), st.just(0), counted),
    ),
    max_size=25,
)


class Day:
    """One day in a warehouse that begins with a few mugs."""

    def __init__(self, bench: Bench) -> None:
        self.town = Town(bench)
        self.sku_id = f"sku-{new_id()}"
        self.town.stocks(4, self.sku_id)
        self.orders = [
            AnOrder(new_id(), a_line("1", self.sku_id, of=MO, quantity=number + 1))
            for number in range(ORDERS)
        ]

    def told(self, number: int, fact: str) -> None:
        self.town.hears(getattr(self.orders[number], fact)())

    def done(self, number: int, what: str) -> None:
        try:
            shipment = self.town.fulfilment(self.orders[number].id)
        except StopIteration:
            return
        post, one = self.town.mo.post, {"lines": [{"line_id": "1", "quantity": 1}]}
        work: dict[str, Callable[[], object]] = {
            "pack": lambda: post(f"/shipments/{shipment.id}/pack"),
            "pack one": lambda: post(f"/shipments/{shipment.id}/pack", one),
            "ship": lambda: post(f"/shipments/{shipment.id}/ship", {"carrier": "swift"}),
            "hold": lambda: post(f"/merchant/fulfilments/{shipment.id}/hold"),
            "release": lambda: post(f"/merchant/fulfilments/{shipment.id}/release"),
        }
        if what in work:
            work[what]()
            return
        state = "returned_to_sender" if what == "back" else what
        for parcel in shipment.parcels:
            if parcel.waybill:
                self.town.sees(parcel.waybill, state)

    def counted(self, _: int, quantity: int) -> None:
        body = {"type": "adjusted", "quantity": quantity, "reason": "counted"}
        self.town.mo.post(f"/stock/{self.sku_id}/movements", body)


@pytest.mark.parametrize("bench", ["sqlite"], indirect=True)
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(day=steps)
def test_whatever_people_do_the_books_agree(bench: Bench, day: list[tuple]) -> None:
    warehouse = Day(bench)

    for kind, number, what in day:
        getattr(warehouse, kind)(number, what)

    assert list(counter_examples(bench.database)) == []
    level = warehouse.town.level(warehouse.sku_id)
    assert level.on_hand - level.promised >= 0
