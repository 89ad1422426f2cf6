"""Who gets an order is deleted when nobody needs to know it any more."""

from sqlalchemy import select

from logistics_service.store.tables import traces
from logistics_service.testing import AnOrder
from services.logistics.tests.town import Town
from shop_events.contracts.account import AccountErased

DAY = 24 * 3600.0
ERASED = AccountErased(account_id="ann")


def knows(town: Town, order_id: str = "o-1") -> bool:
    shipment = town.mo.get(f"/shipments/{town.fulfilment(order_id).id}").json
    return shipment["destination"] is not None


def arrives(town: Town, waybill: str) -> None:
    journey = {"waybill": waybill, "journey": "signed"}
    town.nobody.post("/dev/simulators/carriers/yunlu", journey)


def test_ninety_days_after_the_last_parcel_arrived_nobody_knows_whose_it_was(town: Town) -> None:
    town.stocks(1)
    town.confirmed(AnOrder())
    arrives(town, town.ships(carrier="yunlu"))

    town.bench.advance(89 * DAY)
    before = knows(town)
    town.bench.advance(DAY)

    assert (before, knows(town)) == (True, False)
    with town.bench.database.read() as connection:
        assert set(connection.execute(select(traces.c.signer, traces.c.proof))) == {(None, None)}


def test_what_is_under_way_still_needs_its_address(town: Town) -> None:
    town.stocks(1)
    town.confirmed(AnOrder())
    town.ships()

    town.bench.advance(365 * DAY)

    assert knows(town)


def test_an_erased_account_is_forgotten_at_once_where_nothing_is_under_way(town: Town) -> None:
    town.stocks(2)
    for order_id in ("o-1", "o-2"):
        town.confirmed(AnOrder(order_id))
    waybills = [town.ships(order_id, carrier="yunlu") for order_id in ("o-1", "o-2")]
    arrives(town, waybills[0])

    town.hears(ERASED)
    town.bench.advance(0)
    first = knows(town), knows(town, "o-2")
    arrives(town, waybills[1])
    town.bench.advance(0)

    assert first == (False, True)
    assert not knows(town, "o-2")


def test_what_was_forgotten_is_not_learnt_again(town: Town) -> None:
    town.stocks(1)
    order = AnOrder()
    town.confirmed(order)
    arrives(town, town.ships(carrier="yunlu"))
    town.hears(ERASED)
    town.bench.advance(0)

    town.hears(order.details())

    assert not knows(town)


def test_an_order_that_ended_before_its_details_came_forgets_them_too(town: Town) -> None:
    town.stocks(1)
    order = AnOrder()
    town.hears(order.placed(), order.confirmed(), order.cancelled(), order.details())

    before = knows(town)
    town.bench.advance(90 * DAY)

    assert (before, knows(town)) == (True, False)


def test_untracked_post_counts_from_the_day_it_left(town: Town) -> None:
    town.stocks(1)
    shipment = town.confirmed(AnOrder(delivery_method="post"))
    town.mo.post(f"/shipments/{shipment}/ship")

    town.bench.advance(90 * DAY)

    assert not knows(town)
