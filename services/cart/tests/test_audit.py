"""The auditor says nothing of carts that are in order, and finds each thing that is not."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, text, update

from cart_service.store import tables as t
from cart_service.testing import BLUE, RED, TEAPOT, Stall, a_sku, ann, cny
from chassis.testing import Bench


def test_it_has_nothing_to_say_of_carts_that_are_used(stall: Stall) -> None:
    shopper, guest = stall.of(ann), stall.guest()
    guest.adds(TEAPOT)
    shopper.removes(shopper.adds()["lines"][0]["id"])
    shopper.adds(BLUE)
    shopper.merges(guest.token)

    assert stall.problems() == []


@pytest.mark.parametrize(
    ("damage", "complaint"),
    [
        ("UPDATE cart_lines SET quantity = 100", "has 100 units"),
        ("UPDATE cart_lines SET sku_id = 'sku-nobodys'", "nobody told of"),
        ("UPDATE cart_lines SET cart_id = 'c-nobodys'", "belongs to no cart"),
        (
            "INSERT INTO removed_lines SELECT id, cart_id, '2026-11-22' FROM cart_lines",
            "was removed, and is there",
        ),
    ],
)
def test_it_finds_rows_that_contradict_each_other(
    quick_bench: Bench, quick_stall: Stall, damage: str, complaint: str
) -> None:
    quick_stall.of(ann).adds()
    with quick_bench.database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA ignore_check_constraints = ON")
        connection.commit()
        connection.connection.driver_connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute(text(damage))
        connection.commit()
        connection.invalidate()

    assert any(complaint in problem for problem in quick_stall.problems())


def test_it_finds_a_cart_that_is_too_full(quick_bench: Bench, quick_stall: Stall) -> None:
    many = [a_sku(f"sku-{number}", cny("1.00")) for number in range(100)]
    quick_stall.sells("p-many", *many)
    cart = quick_stall.of(ann).adds()
    rows = [
        {
            "id": f"l-{sku.sku_id}",
            "cart_id": cart["id"],
            "sku_id": sku.sku_id,
            "quantity": 1,
            "selected": True,
            "price_seen": 100,
            "currency_seen": "CNY",
        }
        for sku in many
    ]
    with quick_bench.database.begin() as tx:
        tx.connection.execute(insert(t.cart_lines), rows)

    assert quick_stall.problems() == [f"The cart {cart['id']} has 101 lines."]


def test_it_finds_a_guests_cart_that_was_left(bench: Bench, stall: Stall) -> None:
    stall.guest().adds(RED)
    with bench.database.begin() as tx:
        tx.connection.execute(update(t.carts).values(used_at=tx.now - timedelta(days=32)))

    (problem,) = stall.problems()

    assert "was last used" in problem
