"""The ledger's own promises, and that tables and migrations agree."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from chassis import migrate
from payment_service.domain import ledger
from payment_service.service import service
from payment_service.store import books
from payment_service.testing import TOTAL


def test_the_migrations_make_the_tables_that_the_code_knows(till) -> None:
    assert migrate.drift(service, till.bench.database) == []
    assert migrate.pending(service, till.bench.database) == []


def test_one_cause_is_booked_once(till) -> None:
    posting = ledger.on_delivery("o-1", TOTAL)

    with till.bench.database.begin() as tx:
        first = books.add(tx.connection, posting, tx.now)
        second = books.add(tx.connection, posting, tx.now)

    assert (first, second) == (True, False)
    assert till.balances() == {"cod_receivable": 3000, "customer_prepaid": -3000}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entries SET amount = 1",
        "DELETE FROM entries",
        "UPDATE postings SET cause = 'another'",
        "DELETE FROM postings",
    ],
)
def test_what_is_booked_can_be_neither_changed_nor_deleted(till, statement: str) -> None:
    with till.bench.database.begin() as tx:
        books.add(tx.connection, ledger.on_delivery("o-1", TOTAL), tx.now)

    with pytest.raises(DBAPIError, match="append-only"), till.bench.database.begin() as tx:
        tx.connection.execute(text(statement))

    assert till.balances() == {"cod_receivable": 3000, "customer_prepaid": -3000}


def test_a_live_payment_leaves_no_room_for_another_of_its_order(till) -> None:
    till.ann_paid()

    with pytest.raises(DBAPIError), till.bench.database.begin() as tx:
        tx.connection.execute(
            text(
                "INSERT INTO payments (id, order_id, account_id, amount, currency, method,"
                " provider, state, may_retry, created_at) SELECT 'another', order_id, account_id,"
                " amount, currency, method, provider, state, may_retry, created_at FROM payments"
            )
        )
