"""Refunds that no provider can pay are paid by people, once, and written down (rows 63, 71)."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from chassis.testing import admin, merchant
from payment_service import testing
from payment_service.testing import KETTLE, MO, MUG, SHIPPING
from services.payment.tests.usecases.test_races import MANY, all_at_once
from shop_events.contracts.payment import PaymentRefunded, PaymentRefundFailed

BY_HAND = {"reference": "bank transfer 2026-117"}


def settles(till: Any, refund_id: str = "r-1", **body: Any) -> Any:
    path = f"/refunds/{refund_id}/settle-by-hand"
    return till.bench.client(admin()).post(path, BY_HAND | body)


def cash_was_taken(till: Any) -> None:
    """Cash on delivery: the courier has it, Ann has the goods, and then wants something back."""
    till.hears(testing.confirmed(on_delivery=True))
    till.hears(testing.cash("pa-1"))
    till.hears(testing.received("pa-1", [MUG, KETTLE, SHIPPING]))
    till.hears(testing.refund_requested("r-1", [MUG]))
    assert [failed.code for failed in till.said(PaymentRefundFailed)] == ["cash_collected"]


def test_what_was_paid_in_cash_is_paid_back_by_hand_and_told(till) -> None:
    cash_was_taken(till)

    answer = settles(till)

    assert (answer.status_code, answer.get_json()["status"]) == (200, "manual")
    assert [refunded.refund_id for refunded in till.said(PaymentRefunded)] == ["r-1"]
    assert till.balances() == {
        "cash_in_transit:swift": 3000,
        "platform_bank": -999,
        "platform_commission": -75,
        f"merchant_payable:{testing.KIM}": -1926,
    }
    assert till.ann.get("/refunds/r-1").get_json()["status"] == "manual"
    assert till.complaints() == []


def test_it_stays_written_who_paid_by_hand_and_under_which_reference(till) -> None:
    cash_was_taken(till)
    settles(till)

    with till.bench.database.read() as connection:
        row = connection.execute(text("SELECT * FROM hand_settlements")).one()
    assert (row.refund_id, row.reference, row.settled_by) == ("r-1", BY_HAND["reference"], "ada")
    with pytest.raises(DBAPIError, match="append-only"), till.bench.database.begin() as tx:
        tx.connection.execute(text("DELETE FROM hand_settlements"))


def test_twenty_admins_at_once_pay_by_hand_once(till) -> None:
    cash_was_taken(till)

    answers = all_at_once(lambda _: settles(till).status_code)

    assert sorted(answers) == [200] + [409] * (MANY - 1)
    assert len(till.said(PaymentRefunded)) == 1
    assert till.complaints() == []


def test_a_reversed_refund_is_paid_by_hand_from_what_came_back(till) -> None:
    till.ann_paid("pm_card_refundFail")
    till.hears(testing.refund_requested("r-1", [MUG]))
    till.asks_the_bank()
    till.stripe.let_time_pass()
    till.card_bank_tells()
    till.asks_the_bank()

    assert settles(till).get_json()["status"] == "manual"

    assert till.balances() == {
        "provider_receivable:stripe": 3000,
        "customer_prepaid": -2001,
        "platform_bank": -999,
    }
    assert till.complaints() == []


def test_a_refund_the_bank_refused_is_paid_by_hand_and_the_payment_shows_it(till) -> None:
    payment_id = till.ann_paid("tok_no_refund")
    till.hears(testing.refund_requested("r-1", [MUG, KETTLE, SHIPPING]))
    till.asks_the_bank()

    assert settles(till).status_code == 200

    assert till.status(payment_id) == "refunded"
    assert till.balances() == {"provider_receivable:pretend": 3000, "platform_bank": -3000}
    assert till.complaints() == []


def test_by_hand_as_little_as_otherwise_goes_back_more_than_was_paid(till) -> None:
    """P3 holds over all ways of paying back."""
    till.ann_paid()
    till.hears(testing.refund_requested("r-1", [MUG, KETTLE, SHIPPING]))
    till.hears(testing.refund_requested("r-2", [MUG]))
    till.asks_the_bank()

    answer = settles(till, "r-2")

    assert (answer.status_code, answer.get_json()["code"]) == (409, "exceeds_captured")
    assert "only 0.00 CNY can be paid back, not 9.99 CNY" in answer.get_json()["detail"]
    assert len(till.said(PaymentRefunded)) == 1


def test_what_the_provider_paid_back_is_not_paid_by_hand(small_till) -> None:
    small_till.ann_paid()
    small_till.hears(testing.refund_requested("r-1"))
    assert settles(small_till).status_code == 409  # on its way
    small_till.asks_the_bank()

    assert settles(small_till).get_json()["code"] == "illegal_transition"
    assert settles(small_till, "nobody").status_code == 404


def test_an_admin_refunds_what_was_paid_at_the_door(till) -> None:
    """Row 63: what is still owed is not owed any more; what was collected waits for people."""
    till.hears(testing.confirmed(on_delivery=True))
    till.hears(testing.cash("pa-1", MUG.amount))
    till.hears(testing.received("pa-1", [MUG]))

    kettle, mug = (_refunds(till, share) for share in (KETTLE, MUG))

    assert (kettle["status"], mug["status"], mug["code"]) == (
        "succeeded",
        "failed",
        "cash_collected",
    )
    assert settles(till, mug["id"]).status_code == 200
    assert till.complaints() == []


def test_failed_refunds_are_a_list_for_admins_alone(small_till) -> None:
    cash_was_taken(small_till)
    small_till.hears(testing.refund_requested("r-2", [KETTLE]))
    ada = small_till.bench.client(admin())

    first = ada.get("/refunds?status=failed&limit=1").get_json()
    second = ada.get(f"/refunds?status=failed&limit=1&cursor={first['next_cursor']}").get_json()

    assert [one["id"] for one in first["items"] + second["items"]] == ["r-1", "r-2"]
    assert second["next_cursor"] is None
    assert ada.get("/refunds?status=manual").get_json()["items"] == []
    assert ada.get("/refunds?status=lost").status_code == 422
    mo = small_till.bench.client(merchant("mo", of=MO))
    assert mo.get("/refunds").status_code == 403
    assert mo.post("/refunds/r-1/settle-by-hand", BY_HAND).status_code == 403
    assert small_till.ann.post("/refunds/r-1/settle-by-hand", BY_HAND).status_code == 403


@pytest.mark.parametrize("reference", ["", "x" * 129, "card 4111 1111 1111 1111", 7, None])
def test_a_reference_is_words_and_no_card_number(small_till, reference: object) -> None:
    answer = settles(small_till, reference=reference)

    assert (answer.status_code, list(answer.get_json()["errors"])) == (422, ["reference"])


def _refunds(till: Any, share: Any) -> dict[str, Any]:
    amount = {"amount": share.amount.amount, "currency": "CNY"}
    body = {
        "order_id": "o-1",
        "shares": [{"merchant_id": share.merchant_id, "line_id": share.line_id, "amount": amount}],
        "reason": "goodwill",
    }
    answer = till.bench.client(admin()).post("/refunds", body)
    assert answer.status_code == 201, answer.get_json()
    return dict(answer.get_json())
