"""The auditor finds what somebody, or a fault of ours, did to the books."""

import pytest
from sqlalchemy import text

from chassis.testing import Bench
from logistics_service.audit import counter_examples
from logistics_service.testing import AnOrder, a_line
from services.logistics.tests.town import Town


@pytest.fixture
def ledger(bench: Bench) -> Bench:
    """Nine mugs; one order held, one to be packed, one shipped. All in order."""
    town = Town(bench)
    town.stocks(9)
    for number in (1, 2, 3):
        order = AnOrder(f"o-{number}", a_line("1", quantity=2))
        town.hears(order.placed(), *([order.confirmed()] if number > 1 else []))
    town.ships("o-3")
    assert list(counter_examples(bench.database)) == []
    return bench


@pytest.mark.parametrize(
    ("tampering", "found"),
    [
        ("UPDATE stock_levels SET on_hand = on_hand + 1", "S2: sku-mug in main counts 8/2/2"),
        ("UPDATE stock_levels SET version = version + 1", "S2: sku-mug in main counts 7/2/2/0 v8"),
        ("UPDATE stock_levels SET held = 1", "S3: sku-mug in main has 1 held, reservations hold 2"),
        (
            "UPDATE stock_levels SET allocated = 1",
            "S3: sku-mug in main has 1 allocated, reservations claim 2",
        ),
        (
            "UPDATE reservations SET released = 1 WHERE order_id = 'o-1'",
            "S3: line 1 of the order o-1 is held with 1 units open",
        ),
        (
            "UPDATE reservations SET consumed = 1, state = 'released' WHERE order_id = 'o-3'",
            "F2: line 1 of the order o-3 consumed 1, parcels took 2",
        ),
        (
            "UPDATE parcel_lines SET quantity = 5",
            "F2: parcels took 5 of line 1 of the order o-3; ordered: 2",
        ),
        ("UPDATE parcels SET state = 'packed'", "and 1 of its SKUs left the stock, not 0"),
        ("UPDATE parcels SET waybill = NULL", "is shipped without carrier and waybill"),
        (
            "UPDATE parcels SET state = 'returned_to_sender'",
            "is returned_to_sender, and its goods came back to the stock 0 times",
        ),
        (
            "UPDATE orders SET placed = (1 = 0) WHERE id = 'o-2'",
            "S3: the order o-2 reserves line 1 without having been placed",
        ),
        (
            "UPDATE orders SET cancelled = (1 = 1) WHERE id = 'o-2'",
            "S3: the order o-2 is cancelled, and line 1 still claims 2 units",
        ),
        (
            "UPDATE orders SET confirmed = (1 = 1) WHERE id = 'o-1'",
            "S3: the order o-1 is confirmed, and line 1 is only held",
        ),
        ("UPDATE fulfilments SET status = 'cancelled'", "written as cancelled"),
    ],
)
def test_what_was_done_to_the_books_is_found(ledger: Bench, tampering: str, found: str) -> None:
    with ledger.database.begin() as tx:
        tx.connection.execute(text(tampering))

    assert any(found in one for one in counter_examples(ledger.database))


def test_m4_two_parcels_with_one_unit_number_are_found(ledger: Bench) -> None:
    town = Town(ledger)
    for _ in range(2):
        body = {"lines": [{"line_id": "1", "quantity": 1}]}
        town.mo.post(f"/shipments/{town.fulfilment('o-2').id}/pack", body)
    assert list(counter_examples(ledger.database)) == []

    with ledger.database.begin() as tx:
        tx.connection.execute(text("UPDATE parcel_lines SET first_unit = 0"))

    (found,) = counter_examples(ledger.database)
    assert found.startswith("M4: units of line 1 of the order o-2 have one number in ")
