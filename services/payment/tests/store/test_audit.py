"""The auditor finds what is wrong: each test makes something wrong behind the service's back."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from payment_service import testing
from payment_service.outside.provider import Wanted
from payment_service.testing import MUG, TOTAL

UNBALANCED = (
    "INSERT INTO entries (posting_id, account, amount, currency)"
    " SELECT id, 'customer_prepaid', 1, 'CNY' FROM postings"
)
FOREIGN = (
    "INSERT INTO postings (id, cause, order_id, at)"
    " SELECT 'x', 'captured:nobody', order_id, at FROM postings LIMIT 1"
)


def spoil(till, *statements: str) -> list[str]:
    with till.bench.database.begin() as tx:
        for statement in statements:
            tx.connection.execute(text(statement))
    return till.complaints()


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        (UNBALANCED, "sum to 1 CNY"),
        (FOREIGN, "has 0 entries"),
        ("UPDATE payments SET state = 'failed'", "is of a payment that was not captured"),
        ("UPDATE payments SET amount = 1", "was booked with another amount"),
        ("UPDATE payments SET state = 'processing'", "nobody will ask about it"),
        ("UPDATE refunds SET amount = 3001", "go back of the"),
        ("UPDATE refunds SET state = 'failed'", "its posting says otherwise"),
        ("UPDATE refunds SET state = 'requested'", "nobody will ask for it"),
        ("UPDATE refunds SET amount = 1", "for the refund r-1 over"),
    ],
)
def test_what_was_spoilt_is_found(small_till, statement: str, sentence: str) -> None:
    small_till.ann_paid()
    small_till.hears(testing.refund_requested("r-1", [MUG]))
    small_till.asks_the_bank()
    assert small_till.complaints() == []

    assert any(sentence in complaint for complaint in spoil(small_till, statement))


def test_money_the_bank_took_and_we_do_not_know_of_is_found(till) -> None:
    till.bank.capture(Wanted(key="p-unknown", amount=TOTAL), "tok_visa")

    assert till.complaints() == [
        "The bank took Money(30.00 CNY) for the payment p-unknown, which is unknown to us."
    ]


def test_money_the_bank_gave_back_and_we_do_not_know_of_is_found(till) -> None:
    payment_id = till.ann_paid()
    ref = till.bank.query(Wanted(key=payment_id, amount=TOTAL)).provider_ref
    till.bank.refund("r-unknown", ref, TOTAL)

    assert ["for the refund r-unknown, which is unknown to us." in one for one in till.complaints()]


def test_an_order_paid_twice_is_found(till) -> None:
    first = till.ann_paid()

    complaints = spoil(
        till,
        "DROP INDEX one_live_payment_an_order",
        "INSERT INTO payments (id, order_id, account_id, amount, currency, method, provider,"
        " state, may_retry, created_at) SELECT 'again', order_id, account_id, amount, currency,"
        f" method, provider, state, may_retry, created_at FROM payments WHERE id = '{first}'",
    )

    assert "The order o-1 was paid 2 times." in complaints


def test_an_order_that_gave_out_more_than_it_took_in_is_found(till) -> None:
    till.hears(testing.received("pa-1", [MUG]))

    assert till.complaints() == ["The order o-1 gave out Money(9.99 CNY) more than it took in."]
