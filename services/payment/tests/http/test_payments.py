"""What clients may rely on (API.md), and what they may not do."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from chassis.testing import shopper
from payment_service import testing

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
