"""Many at once: threads begin together at a barrier, on both kinds of database."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from chassis.testing import admin, shopper
from payment_service import testing
from payment_service.asking import answer_calls
from payment_service.testing import MUG, cny
from shop_events.contracts.order import RefundShare
from shop_events.contracts.payment import PaymentConfirmed

MANY = 20


def all_at_once(act: Callable[[int], Any]) -> list[Any]:
    """What each of twenty threads got, or the exception that it ended with."""
    barrier = threading.Barrier(MANY)
    results: list[Any] = [None] * MANY

    def run(number: int) -> None:
        barrier.wait(30)
        try:
            results[number] = act(number)
        except Exception as error:  # noqa: BLE001 - the test looks at it
            results[number] = error

    threads = [threading.Thread(target=run, args=(number,)) for number in range(MANY)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads)
    return results


def test_twenty_attempts_to_pay_at_once_take_the_money_once(till) -> None:
    till.hears(testing.payable())
    clients = [till.bench.client(shopper("ann")) for _ in range(MANY)]
    body = {"order_id": "o-1", "method": "card", "card_token": "tok_visa"}

    answers = all_at_once(lambda number: clients[number].post("/payments", body).status_code)

    assert sorted(answers) == [201] + [409] * (MANY - 1)
    assert len(till.bank.captures()) == 1
    assert len(till.said(PaymentConfirmed)) == 1
    assert till.complaints() == []


def test_one_key_sent_twenty_times_at_once_takes_the_money_once(till) -> None:
    till.hears(testing.payable())
    clients = [till.bench.client(shopper("ann")) for _ in range(MANY)]
    body = {"order_id": "o-1", "method": "card", "card_token": "tok_visa"}

    answers = all_at_once(
        lambda number: clients[number].post("/payments", body, key="once").status_code
    )

    assert set(answers) <= {201, 409}
    assert 201 in answers
    assert len(till.bank.captures()) == 1
    assert till.complaints() == []


def test_row_70_twenty_refunds_at_once_never_pay_back_more_than_was_captured(till) -> None:
    payment_id = till.ann_paid()
    clients = [till.bench.client(admin()) for _ in range(MANY)]
    share = {"merchant_id": testing.MO, "line_id": "1"}
    body = {
        "order_id": "o-1",
        "shares": [share | {"amount": {"amount": "3.00", "currency": "CNY"}}],
        "reason": "goodwill",
    }

    answers = all_at_once(lambda number: clients[number].post("/refunds", body).status_code)
    till.asks_the_bank()

    assert sorted(answers) == [201] * 3 + [409] * (MANY - 3)  # of the mug's 9.99
    assert sum(entry.amount.minor for entry in till.bank.refunds()) == 900
    assert till.status(payment_id) == "partially_refunded"
    assert till.complaints() == []


def test_twenty_refunds_the_order_asks_for_at_once_stay_within_what_was_captured(till) -> None:
    till.ann_paid()
    share = RefundShare(merchant_id=testing.KIM, line_id="2", amount=cny("4.00"))

    results = all_at_once(
        lambda number: till.hears(testing.refund_requested(f"r-{number}", [share]))
    )
    till.asks_the_bank()

    assert not [result for result in results if isinstance(result, Exception)]
    assert len(till.bank.refunds()) == 7  # 28 of 30 yuan
    assert till.complaints() == []


def test_many_workers_ask_the_bank_and_each_question_is_recorded_once(till) -> None:
    till.ann_paid()
    for number in range(3):
        till.hears(testing.refund_requested(f"r-{number}", [MUG]))

    results = all_at_once(lambda number: answer_calls(till.bench.database, till.outside))

    assert sum(results) == 3
    assert len(till.bank.refunds()) == 3
    assert till.complaints() == []


def test_capture_and_cancellation_at_once_end_with_the_money_told_of(till) -> None:
    till.hears(testing.payable())
    clients = [till.bench.client(shopper("ann")) for _ in range(MANY)]
    body = {"order_id": "o-1", "method": "card", "card_token": "tok_visa"}

    def act(number: int) -> Any:
        if number % 2:
            return till.hears(testing.cancelled())
        return clients[number].post("/payments", body).status_code

    results = all_at_once(act)

    assert not [result for result in results if isinstance(result, Exception)]
    assert len(till.said(PaymentConfirmed)) == len(till.bank.captures()) <= 1
    assert till.complaints() == []
