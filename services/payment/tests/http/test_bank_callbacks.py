"""The pretend bank's callbacks settle a payment, if they are signed now and agree with it."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

import pytest

from payment_service import testing
from payment_service.testing import TOTAL
from services.payment.tests.conftest import SECRET
from shop_events.contracts.payment import PaymentConfirmed


def a_callback(payment_id: str, **changes: Any) -> dict[str, Any]:
    return {
        "event_id": "ev-1",
        "payment_id": payment_id,
        "outcome": "captured",
        "amount": {"amount": "30.00", "currency": "CNY"},
        "provider_ref": "bank-1",
    } | changes


def call_back(till, body: dict[str, Any], *, secret: str = SECRET, age_s: int = 0, **spoil: Any):
    """The pretend bank's callback; ``spoil`` changes it after it was signed."""
    raw = json.dumps(body).encode()
    timestamp = str(int(till.bench.clock.now().timestamp()) - age_s)
    signed = hmac.new(secret.encode(), timestamp.encode() + b"." + raw, hashlib.sha256)
    headers = {"Pretend-Timestamp": timestamp, "Pretend-Signature": signed.hexdigest()}
    headers |= spoil.get("headers", {})
    return till.bench.client().send(
        "POST",
        "/payments/webhooks/pretend",
        headers=headers,
        data=spoil.get("raw", raw),
        content_type="application/json",
    )


def test_a_callback_settles_a_payment_and_its_repeats_change_nothing(till) -> None:
    till.hears(testing.payable())
    payment_id = till.pays("tok_silent")["id"]

    answers = [call_back(till, a_callback(payment_id)).status_code for _ in range(3)]
    answers.append(call_back(till, a_callback(payment_id, event_id="ev-2")).status_code)
    till.waits(16)

    assert answers == [200] * 4
    assert till.status(payment_id) == "captured"
    assert len(till.said(PaymentConfirmed)) == 1
    assert till.complaints() == []


def test_a_callback_may_decline(till) -> None:
    till.hears(testing.payable())
    payment_id = till.pays("tok_lost")["id"]

    call_back(till, a_callback(payment_id, outcome="declined", code="do_not_honour"))

    assert till.ann.get(f"/payments/{payment_id}").get_json()["code"] == "do_not_honour"


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": {"amount": "29.99", "currency": "CNY"}},
        {"amount": {"amount": "30.00", "currency": "EUR"}},
    ],
)
def test_a_callback_about_another_amount_is_refused(small_till, changes: dict[str, Any]) -> None:
    small_till.hears(testing.payable())
    payment_id = small_till.pays("tok_late")["id"]

    answer = call_back(small_till, a_callback(payment_id, **changes))

    assert (answer.status_code, answer.get_json()["code"]) == (422, "callback_mismatch")
    assert f"over {TOTAL.amount} CNY" in answer.get_json()["detail"]
    assert small_till.status(payment_id) == "processing"


@pytest.mark.parametrize(
    "how",
    [
        {"secret": "another"},
        {"age_s": 301},
        {"age_s": -301},
        {"raw": b'{"event_id": "ev-1"}'},
        {"headers": {"Pretend-Signature": ""}},
        {"headers": {"Pretend-Timestamp": ""}},
        {"headers": {"Pretend-Timestamp": "soon"}},
        {"headers": {"Pretend-Signature": "\u00e9"}},
    ],
    ids=str,
)
def test_a_callback_that_is_not_signed_now_by_the_bank_is_refused(
    small_till, how: dict[str, Any]
) -> None:
    small_till.hears(testing.payable())
    payment_id = small_till.pays("tok_late")["id"]

    answer = call_back(small_till, a_callback(payment_id), **how)

    assert (answer.status_code, answer.get_json()["code"]) == (401, "signature_refused")
    assert small_till.status(payment_id) == "processing"


def test_json_written_anew_is_not_what_was_signed(small_till) -> None:
    body = a_callback("p")
    raw = json.dumps(body, indent=1).encode()

    assert call_back(small_till, body, raw=raw).status_code == 401


def test_one_of_several_signatures_is_enough_while_secrets_rotate(small_till) -> None:
    small_till.hears(testing.payable())
    payment_id = small_till.pays("tok_silent")["id"]
    body = a_callback(payment_id)
    timestamp = str(int(small_till.bench.clock.now().timestamp()))
    right = hmac.new(
        SECRET.encode(), timestamp.encode() + b"." + json.dumps(body).encode(), hashlib.sha256
    )
    headers = {"Pretend-Signature": f"{'0' * 64}, {right.hexdigest()}"}

    assert call_back(small_till, body, headers=headers).status_code == 200


def test_a_callback_about_nothing_of_ours_is_not_found(small_till) -> None:
    assert call_back(small_till, a_callback("nobody")).status_code == 404


def test_a_callback_that_contradicts_the_books_changes_nothing_and_is_reported(till) -> None:
    till.hears(testing.payable())
    payment_id = till.pays("tok_declined")["id"]

    assert call_back(till, a_callback(payment_id)).status_code == 200

    assert till.status(payment_id) == "failed"
    assert till.complaints() == [
        f"The callback ev-1 contradicts what is known of payment {payment_id}."
    ]
