"""Paying through the card provider's SDK: 3-D Secure, refusals, lost answers (row 60)."""

from __future__ import annotations

from typing import Any

import pytest

from chassis.testing import shopper
from payment_service import testing
from payment_service.asking import capture
from payment_service.outside.pretend_stripe_post import events_of
from payment_service.store import payments
from payment_service.testing import GOOD_CARD, SEEN_CARD, TOTAL
from shop_events import faults
from shop_events.contracts.order import PaymentMethod
from shop_events.contracts.payment import PaymentConfirmed, PaymentFailed
from shop_events.faults import Injected


def at_the_page(till: Any, token: str = SEEN_CARD) -> dict[str, Any]:
    """Ann has to be seen by her bank."""
    till.hears(testing.payable())
    paid = till.pays(token)
    assert paid["status"] == "action_required"
    return dict(paid)


def decides(till: Any, payment: dict[str, Any], outcome: str) -> Any:
    return till.bench.client().post(testing.page_of(payment), {"outcome": outcome})


def comes_back(till: Any, payment: dict[str, Any]) -> dict[str, Any]:
    """Her browser is back; what the shop says now."""
    answer = till.ann.post(f"/payments/{payment['id']}/confirm", {})
    assert answer.status_code == 200, answer.get_json()
    return dict(answer.get_json())


def test_a_card_that_takes_the_money_confirms_the_payment(till) -> None:
    till.hears(testing.payable())

    paid = till.pays(GOOD_CARD)

    assert (paid["status"], paid["action"]) == ("captured", {"type": "none"})
    assert till.said(PaymentConfirmed) == [
        PaymentConfirmed(
            payment_id=paid["id"], order_id="o-1", method=PaymentMethod.CARD, amount=TOTAL
        )
    ]
    assert [(one.key, one.amount) for one in till.stripe.captures()] == [(paid["id"], TOTAL)]
    assert till.balances() == {"provider_receivable:stripe": 3000, "customer_prepaid": -3000}
    assert till.complaints() == []


@pytest.mark.parametrize(
    ("token", "code", "may_retry"),
    [
        ("pm_card_chargeDeclined", "card_declined", False),
        ("pm_card_chargeDeclinedInsufficientFunds", "insufficient_funds", True),
        ("pm_card_chargeDeclinedStolenCard", "card_declined", False),  # no word to the thief
        ("pm_card_chargeDeclinedIncorrectCvc", "incorrect_cvc", True),
        ("pm_nobody_knows", "token_unknown", False),
    ],
)
def test_a_refusal_is_told_in_our_words_and_another_card_may_pay(
    small_till, token: str, code: str, may_retry: bool
) -> None:
    small_till.hears(testing.payable())

    refused = small_till.pays(token)

    assert (refused["status"], refused["code"]) == ("failed", code)
    assert refused["may_retry"] is may_retry
    assert small_till.pays(GOOD_CARD)["status"] == "captured"
    assert [failed.code for failed in small_till.said(PaymentFailed)] == [code]
    assert small_till.complaints() == []


def test_a_refused_intent_can_never_be_paid_behind_our_back(small_till) -> None:
    small_till.hears(testing.payable())
    small_till.pays("pm_card_chargeDeclined")

    kinds = [event["type"] for event in events_of(small_till.stripe)]

    assert kinds == ["payment_intent.payment_failed", "payment_intent.canceled"]


def test_row_60_three_d_secure_sends_the_buyer_to_a_page_and_takes_the_money_once_she_approved(
    till,
) -> None:
    payment = at_the_page(till)
    assert payment["action"]["type"] == "redirect"
    page = till.bench.client().get(testing.page_of(payment))
    assert "30.00 CNY" in page.get_data(as_text=True)

    back = decides(till, payment, "approve")

    assert (back.status_code, "redirect_status=succeeded" in back.location) == (303, True)
    assert comes_back(till, payment)["status"] == "captured"
    assert len(till.said(PaymentConfirmed)) == 1
    assert till.complaints() == []


def test_row_68_a_buyer_who_comes_back_without_having_been_seen_has_paid_nothing(
    small_till,
) -> None:
    payment = at_the_page(small_till)

    back = comes_back(small_till, payment)

    assert (back["status"], back["action"]) == ("action_required", payment["action"])
    assert small_till.said(PaymentConfirmed) == []


def test_who_says_no_at_the_page_has_not_paid_and_may_try_again(small_till) -> None:
    payment = at_the_page(small_till)

    assert "redirect_status=failed" in decides(small_till, payment, "refuse").location
    refused = comes_back(small_till, payment)

    assert (refused["status"], refused["code"]) == ("failed", "authentication_failed")
    assert decides(small_till, payment, "approve").status_code == 303  # too late
    assert small_till.stripe.captures() == []
    assert small_till.pays(GOOD_CARD)["status"] == "captured"
    assert small_till.complaints() == []


def test_a_card_may_be_refused_after_the_buyer_was_seen(small_till) -> None:
    payment = at_the_page(
        small_till, "pm_card_authenticationRequiredChargeDeclinedInsufficientFunds"
    )
    decides(small_till, payment, "approve")

    assert comes_back(small_till, payment)["code"] == "insufficient_funds"


def test_another_card_gives_up_the_one_whose_page_was_left(till) -> None:
    payment = at_the_page(till)

    assert till.pays(GOOD_CARD)["status"] == "captured"

    assert till.status(payment["id"]) == "failed"
    decides(till, payment, "approve")
    assert len(till.stripe.captures()) == 1
    assert till.complaints() == []


def test_a_repeat_of_a_payment_that_waits_at_the_page_does_not_give_it_up(small_till) -> None:
    small_till.hears(testing.payable())
    body = {"order_id": "o-1", "method": "card", "card_token": SEEN_CARD}

    first = small_till.ann.post("/payments", body, key="k").get_json()
    again = small_till.ann.post("/payments", body, key="k").get_json()

    assert again == first


def test_a_page_nobody_visits_is_given_up_once_the_order_is_over(till) -> None:
    payment = at_the_page(till)

    till.hears(testing.cancelled())
    till.asks_the_bank()

    assert till.status(payment["id"]) == "failed"
    decides(till, payment, "approve")
    assert till.stripe.captures() == []
    assert till.complaints() == []


def test_money_taken_for_an_order_cancelled_meanwhile_goes_back_in_full(till) -> None:
    payment = at_the_page(till)
    decides(till, payment, "approve")
    till.hears(testing.cancelled())
    till.asks_the_bank()
    assert len(till.said(PaymentConfirmed)) == 1

    till.hears(testing.unexpected(payment["id"]))
    till.asks_the_bank()

    assert till.status(payment["id"]) == "refunded"
    assert [one.amount for one in till.stripe.refunds()] == [TOTAL]
    assert till.balances() == {}
    assert till.complaints() == []


def test_a_lost_answer_is_settled_by_the_ladder(till) -> None:
    till.hears(testing.payable())
    payment = till.pays("pm_pretend_silent")
    assert payment["status"] == "processing"

    till.waits(16)

    assert till.status(payment["id"]) == "captured"
    assert len(till.stripe.captures()) == len(till.said(PaymentConfirmed)) == 1
    assert till.complaints() == []


def test_a_lost_request_is_given_up_for_good(small_till) -> None:
    small_till.hears(testing.payable())
    payment = small_till.pays("pm_pretend_lost")

    small_till.waits(16)

    assert small_till.ann.get(f"/payments/{payment['id']}").get_json()["code"] == "given_up"
    assert small_till.said(PaymentFailed)[0].may_retry
    assert small_till.pays(GOOD_CARD)["status"] == "captured"
    assert small_till.complaints() == []


def test_a_slow_card_is_asked_about_until_it_ends(small_till) -> None:
    small_till.hears(testing.payable())
    payment = small_till.pays("pm_pretend_slow")
    small_till.waits(16)
    assert small_till.status(payment["id"]) == "processing"

    assert small_till.stripe.let_time_pass() == 1
    small_till.waits(31)

    assert small_till.status(payment["id"]) == "captured"


@pytest.mark.parametrize("hit", [1, 2])
@pytest.mark.parametrize("point", ["outside.before_call", "outside.after_call"])
def test_a_process_that_dies_around_either_call_takes_the_money_at_most_once(
    small_till, point: str, hit: int
) -> None:
    """The announcement is the first call, the confirmation the second (P4)."""
    small_till.hears(testing.payable())
    faults.arm(f"{point}:{hit}:raise")
    with pytest.raises(Injected):
        small_till.pays(GOOD_CARD)
    faults.arm("")

    small_till.waits(16)
    taken = [payment["status"] for payment in _attempts(small_till)] == ["captured"]
    assert taken is ((point, hit) == ("outside.after_call", 2))
    if not taken:
        assert small_till.pays(GOOD_CARD)["status"] == "captured"

    assert len(small_till.said(PaymentConfirmed)) == len(small_till.stripe.captures()) == 1
    assert small_till.complaints() == []


def test_a_confirmation_that_was_given_up_meanwhile_takes_nothing(small_till) -> None:
    """P4: the name is recorded under the lock that also gives up, and before money can move."""
    small_till.hears(testing.payable())
    lost = small_till.pays("pm_pretend_lost")["id"]
    small_till.waits(16)
    with small_till.bench.database.read() as connection:
        given_up = payments.get(connection, lost)

    late = capture(small_till.bench.database, small_till.outside, payment=given_up, token=GOOD_CARD)

    assert late.state == "failed"
    assert small_till.stripe.captures() == []


def test_what_a_provider_calls_a_payment_is_nobodys_business(small_till) -> None:
    payment = at_the_page(small_till)

    bob = small_till.bench.client(shopper("bob"))

    assert bob.post(f"/payments/{payment['id']}/confirm", {}).status_code == 404


def test_a_payment_without_a_card_wants_one_before_it_is_asked_about(small_till) -> None:
    small_till.hears(testing.payable())
    created = small_till.ann.post("/payments", {"order_id": "o-1", "method": "card"}).get_json()

    answer = small_till.ann.post(f"/payments/{created['id']}/confirm", {})

    assert (answer.status_code, list(answer.get_json()["errors"])) == (422, ["card_token"])


def test_a_token_of_no_provider_of_ours_is_refused(small_till) -> None:
    small_till.hears(testing.payable())
    body = {"order_id": "o-1", "method": "card", "card_token": "src_something"}

    answer = small_till.ann.post("/payments", body)

    assert (answer.status_code, list(answer.get_json()["errors"])) == (422, ["card_token"])


def test_the_buyer_goes_back_to_where_the_client_said(small_till) -> None:
    small_till.hears(testing.payable())
    body = {"order_id": "o-1", "method": "card", "card_token": SEEN_CARD}
    where = "https://shop.example/thanks?order=o-1"
    payment = small_till.ann.post("/payments", body | {"return_url": where}).get_json()

    assert decides(small_till, payment, "approve").location.startswith(f"{where}&payment_intent=")
    for bad in ("javascript:alert(1)", "//evil.example", "ftp://evil.example/", 1, "x" * 600):
        answer = small_till.ann.post("/payments", body | {"return_url": bad})
        assert (answer.status_code, list(answer.get_json()["errors"])) == (422, ["return_url"])


def _attempts(till: Any) -> list[dict[str, Any]]:
    return list(till.ann.get("/payments?order_id=o-1").get_json()["items"])
