"""Who may pay back what, and with which words (API.md, POST /refunds)."""

from __future__ import annotations

from typing import Any

import pytest

from chassis.testing import admin, merchant, shopper
from payment_service import testing
from payment_service.testing import KIM, MO
from shop_events.contracts.payment import PaymentRefunded


def a_refund(merchant_id: str, line_id: str | None, amount: str) -> dict[str, Any]:
    share = {"merchant_id": merchant_id, "amount": {"amount": amount, "currency": "CNY"}}
    return {
        "order_id": "o-1",
        "shares": [share | ({"line_id": line_id} if line_id else {})],
        "reason": "damaged",
    }


def test_a_merchant_pays_back_its_own_line_and_no_more(small_till) -> None:
    small_till.ann_paid()
    mo = small_till.bench.client(merchant("mo", of=MO))

    done = mo.post("/refunds", a_refund(MO, "1", "9.99"))
    small_till.asks_the_bank()

    assert done.status_code == 201
    path = f"/refunds/{done.get_json()['id']}"
    assert mo.get(path).get_json()["status"] == "succeeded"
    assert small_till.ann.get(path).get_json()["amount"]["amount"] == "9.99"
    assert len(small_till.said(PaymentRefunded)) == 1
    for body in (a_refund(MO, "1", "0.01"), a_refund(KIM, "2", "1.00"), a_refund(MO, None, "1.00")):
        assert mo.post("/refunds", body).get_json()["code"] == "exceeds_line"
    assert small_till.complaints() == []


def test_only_an_admin_pays_shipping_back(small_till) -> None:
    small_till.ann_paid()
    ada = small_till.bench.client(admin())

    assert ada.post("/refunds", a_refund(KIM, None, "5.01")).status_code == 409
    assert ada.post("/refunds", a_refund(KIM, None, "5.00")).status_code == 201


def test_a_merchant_without_a_line_in_the_order_does_not_find_it(small_till) -> None:
    small_till.ann_paid()
    other = small_till.bench.client(merchant("zoe", of="m-zoe"))
    refund_id = small_till.bench.client(admin()).post("/refunds", a_refund(MO, "1", "1.00"))

    assert other.post("/refunds", a_refund("m-zoe", "1", "1.00")).status_code == 404
    assert other.get(f"/refunds/{refund_id.get_json()['id']}").status_code == 404
    bob = small_till.bench.client(shopper("bob"))
    assert bob.get(f"/refunds/{refund_id.get_json()['id']}").status_code == 404
    assert bob.post("/refunds", a_refund(MO, "1", "1.00")).status_code == 403


def test_what_is_not_paid_is_not_paid_back(small_till) -> None:
    small_till.hears(testing.payable())

    answer = small_till.bench.client(admin()).post("/refunds", a_refund(MO, "1", "1.00"))

    assert answer.get_json()["code"] == "nothing_captured"


@pytest.mark.parametrize("amount", ["0.00", "-1.00"])
def test_a_refund_gives_something(small_till, amount: str) -> None:
    small_till.ann_paid()

    answer = small_till.bench.client(admin()).post("/refunds", a_refund(MO, "1", amount))

    assert answer.status_code == 422


@pytest.mark.parametrize("reason", ["4111 1111 1111 1111 was charged twice", "", "x" * 201])
def test_a_reason_is_words_and_keeps_no_card_number(small_till, reason: str) -> None:
    small_till.ann_paid()

    answer = small_till.bench.client(admin()).post(
        "/refunds", a_refund(MO, "1", "1.00") | {"reason": reason}
    )

    assert (answer.status_code, list(answer.get_json()["errors"])) == (422, ["reason"])
    assert "4111" not in answer.get_data(as_text=True)
