"""What is kept is what was given, on both databases; and the tables are those of the code."""

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from chassis import migrate
from chassis.testing import Bench
from order_service.domain.order import Order
from order_service.domain.refund import Refund, RefundState
from order_service.domain.track import Track
from order_service.domain.units import Run
from order_service.store import orders, quotes, refunds
from order_service.store import tables as t
from order_service.testing import HOME, Shop, a_mug, a_teapot, ann, cny
from shop_events.tables import outbox


def lock(bench: Bench, order_id: str) -> Order:
    with bench.database.begin() as tx:
        return orders.lock(tx.connection, order_id)


def test_the_migrated_tables_are_those_of_the_code(bench: Bench) -> None:
    assert migrate.drift(bench.service, bench.database) == []


def test_o5_an_order_keeps_a_snapshot_of_its_quote(bench: Bench, shop: Shop) -> None:
    quote_id = shop.quotes(*[a_mug()] * 11, a_teapot(3), discount="7.77", shipping="12.34")
    with bench.database.begin() as tx:
        quote = quotes.lock(tx.connection, quote_id)
    body = {"quote_id": quote_id, "payment_method": "card"}
    order_id = bench.client(ann).post("/orders", body).get_json()["id"]

    order = lock(bench, order_id)

    assert order.lines == quote.order_lines()
    assert sorted(map(repr, order.freights)) == sorted(map(repr, quote.freights))
    assert quote.destination.recipient == HOME["recipient"]


def test_o6_saving_an_order_writes_what_became_of_it_and_nothing_else(
    bench: Bench, shop: Shop
) -> None:
    before = lock(bench, shop.confirms(a_mug(3), a_teapot(), shipping="5.00"))
    after, _ = before.to(Track.CANCELLING, reason="buyer").cancel_units({"1": (Run(3),)})
    after, _ = after.answer_units({"1": (Run(3),)}).receive_units({"2": (Run(1),)})

    with bench.database.begin() as tx:
        orders.save(tx.connection, before, after)

    assert lock(bench, before.id) == after


def test_many_orders_are_read_each_with_its_own_lines(bench: Bench, shop: Shop) -> None:
    placed = [shop.places(*[a_mug()] * count) for count in (1, 2, 3)]

    with bench.database.read() as connection:
        found = orders.all_after(connection, placed[0], at_most=10)

    assert [(one.id, len(one.lines)) for one in found] == [(placed[1], 2), (placed[2], 3)]


@pytest.mark.parametrize(
    "wrong",
    [
        {"cancelled": 2, "received": 2},
        {"answered": 4},
        {"quantity": 0},
        {"discount_share": 10**9},
    ],
    ids=str,
)
def test_the_database_itself_refuses_units_that_end_twice(
    bench: Bench, shop: Shop, wrong: dict[str, int]
) -> None:
    shop.confirms(a_mug(3))

    with pytest.raises(IntegrityError), bench.database.begin() as tx:
        tx.connection.execute(update(t.order_lines).values(**wrong))


def test_one_cause_has_one_refund_in_the_database_itself(bench: Bench, shop: Shop) -> None:
    order_id = shop.confirms(a_mug())

    def a_refund(name: str) -> Refund:
        return Refund(id=name, cause="c", amount=cny("1.00"), state=RefundState.REQUESTED)

    with bench.database.begin() as tx:
        assert refunds.add(tx.connection, order_id, a_refund("r-1"))
        assert not refunds.add(tx.connection, order_id, a_refund("r-2"))
        assert not refunds.add(tx.connection, order_id, a_refund("r-1"))


def test_one_quote_makes_one_order_in_the_database_itself(bench: Bench, shop: Shop) -> None:
    used, other = shop.quotes(a_mug()), shop.quotes(a_mug())

    with pytest.raises(IntegrityError), bench.database.begin() as tx:
        quotes.mark_used(tx.connection, used, "o-1")
        quotes.mark_used(tx.connection, other, "o-1")


def test_a_part_of_an_order_that_does_not_exist_is_refused(bench: Bench) -> None:
    row = {"payment_id": "p", "order_id": "none", "amount": 1, "currency": "CNY", "expected": True}

    with pytest.raises(IntegrityError), bench.database.begin() as tx:
        tx.connection.execute(insert(t.order_payments).values(row))


def test_events_of_an_order_are_numbered_without_a_gap(bench: Bench, shop: Shop) -> None:
    shop.confirms(a_mug())
    shop.cancels(shop.confirms(a_teapot()))

    with bench.database.read() as connection:
        query = select(outbox.c.aggregateid, outbox.c.sequence).order_by(outbox.c.position)
        numbered = connection.execute(query).all()

    for order_id in {row.aggregateid for row in numbered}:
        ours = [row.sequence for row in numbered if row.aggregateid == order_id]
        assert ours == list(range(1, len(ours) + 1))
