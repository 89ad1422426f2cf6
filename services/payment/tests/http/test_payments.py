"""What clients may rely on (API.md), and what they may not do."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from chassis.testing import admin, merchant, shopper
from payment_service import testing
from payment_service.testing import KIM, MO, TOTAL
from services.payment.tests.conftest import SECRET
from shop_events.contracts.payment import PaymentConfirmed, PaymentRefunded

PAY = {"order_id": "o-1", "method": "card", "card_token": "tok_visa"}


def test_an_order_nobody_told_of_may_come_yet(small_till) -> None:
    answer = small_till.ann.post("/payments", PAY)

    assert (answer.status_code, answer.get_json()["code"]) == (409, "order_not_payable_yet")
    assert answer.headers["Retry-After"] == "1"


def test_asking_again_with_the_same_key_pays_once_the_order_was_told(small_till) -> None:
    small_till.ann.post("/payments", PAY, key="k")
    small_till.hears(testing.payable())

    assert small_till.ann.post("/payments", PAY, key="k").get_json()["status"] == "captured"


def test_who_prefers_to_wait_is_answered_as_soon_as_the_order_was_told(small_till) -> None:
    answers = []
    headers = {"Prefer": "wait=10"}
    ann = small_till.ann

    waiting = threading.Thread(
        target=lambda: answers.append(ann.post("/payments", PAY, headers=headers))
    )
    waiting.start()
    small_till.hears(testing.payable())
    waiting.join(30)

    assert answers[0].get_json()["status"] == "captured"
    assert answers[0].headers["Preference-Applied"] == "wait"


def test_a_repeat_with_the_same_key_tells_how_the_payment_stands(small_till) -> None:
    small_till.hears(testing.payable())

    first = small_till.ann.post("/payments", PAY, key="k")
    again = small_till.ann.post("/payments", PAY, key="k")

    assert again.get_json() == first.get_json()
    assert again.headers["Idempotency-Replayed"] == "true"
    assert len(small_till.bank.captures()) == 1
    other = small_till.ann.post("/payments", PAY | {"card_token": "tok_b"}, key="k")
    assert other.get_json()["code"] == "idempotency_key_reused"


@pytest.mark.parametrize("number", ["4111111111111111", "4111-1111-1111-1111"])
def test_row_60_a_card_number_is_refused_and_not_kept(small_till, number: str) -> None:
    small_till.hears(testing.payable())

    answer = small_till.ann.post("/payments", PAY | {"card_token": number})

    assert (answer.status_code, answer.get_json()["code"]) == (422, "validation_failed")
    assert number not in answer.get_data(as_text=True)


@pytest.mark.parametrize("field", ["amount", "status", "account_id"])
def test_nobody_names_amount_status_or_buyer_of_a_payment(small_till, field: str) -> None:
    small_till.hears(testing.payable())

    assert small_till.ann.post("/payments", PAY | {field: "1"}).status_code == 422


def test_a_way_to_pay_that_is_not_offered_is_refused(small_till) -> None:
    small_till.hears(testing.payable())

    answer = small_till.ann.post("/payments", {"order_id": "o-1", "method": "alipay"})

    assert answer.get_json()["code"] == "method_not_offered"


def test_a_payment_without_a_card_asks_for_one_and_takes_it_later(small_till) -> None:
    small_till.hears(testing.payable())
    created = small_till.ann.post("/payments", {"order_id": "o-1", "method": "card"}).get_json()
    assert (created["status"], created["action"]["type"]) == ("created", "card_token")

    path = f"/payments/{created['id']}/confirm"
    paid = small_till.ann.post(path, {"card_token": "tok_visa"}).get_json()

    assert (paid["status"], paid["action"]["type"]) == ("captured", "none")
    again = small_till.ann.post(path, {"card_token": "tok_visa"})
    assert (again.status_code, again.get_json()["code"]) == (409, "order_not_payable")


def test_a_second_payment_waits_for_the_first_ones_answer(small_till) -> None:
    small_till.hears(testing.payable())
    small_till.pays("tok_late")

    answer = small_till.ann.post("/payments", PAY)

    assert (answer.status_code, answer.get_json()["code"]) == (409, "payment_in_progress")


def test_nothing_is_paid_after_the_time_to_pay(small_till) -> None:
    small_till.hears(testing.payable())
    small_till.advance(30 * 60)

    assert small_till.ann.post("/payments", PAY).get_json()["code"] == "order_not_payable"


def test_what_is_somebody_elses_is_not_there(small_till) -> None:
    payment_id = small_till.ann_paid()
    bob = small_till.bench.client(shopper("bob"))

    for path in (f"/payments/{payment_id}", "/payments?order_id=o-1", "/payments/nobody"):
        assert bob.get(path).status_code == 404
    assert bob.post(f"/payments/{payment_id}/confirm", {"card_token": "tok_t"}).status_code == 404
    assert small_till.bench.client().get(f"/payments/{payment_id}").status_code == 401


@pytest.mark.parametrize("state", ["open", "paid", "void"])
def test_somebody_elses_order_is_paid_for_as_little_as_one_that_does_not_exist(
    small_till, state: str
) -> None:
    small_till.hears(testing.payable())
    if state == "paid":
        small_till.pays()
    if state == "void":
        small_till.hears(testing.cancelled())

    def bob_pays(order_id: str) -> Any:
        bob = small_till.bench.client(shopper("bob"))
        body = PAY | {"order_id": order_id}
        return bob.post("/payments", body, headers={"Prefer": "wait=1"})

    with ThreadPoolExecutor(2) as both:  # each waits its second, at the same time
        theirs, nobodys = both.map(bob_pays, ("o-1", "o-9"))

    assert theirs.status_code == nobodys.status_code == 409
    assert _told(theirs) == _told(nobodys)
    assert theirs.headers["Retry-After"] == nobodys.headers["Retry-After"]


def _told(refused: Any) -> dict[str, Any]:
    document = refused.get_json()
    del document["trace_id"]
    return document | {"detail": document["detail"].replace("o-9", "o-1")}


def test_the_buyer_sees_every_attempt(small_till) -> None:
    small_till.hears(testing.payable())
    small_till.pays("tok_declined")
    small_till.pays()

    items = small_till.ann.get("/payments?order_id=o-1").get_json()["items"]

    assert [item["status"] for item in items] == ["failed", "captured"]


# Refunds by hand


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


# Callbacks


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
