"""The card provider's callbacks: who sent them, what they may do, and how often (rows 65, 66)."""

from __future__ import annotations

import dataclasses
import json
import threading
from collections.abc import Callable
from typing import Any

import pytest

from chassis.settings import Secret
from payment_service import testing
from payment_service.asking import answer_calls
from payment_service.outside.pretend_stripe_post import How, Post, events_of
from payment_service.testing import MUG
from services.payment.tests.conftest import SECRET
from shop_events.contracts.payment import PaymentConfirmed, PaymentFailed

HUNDRED = 100
AT_ONCE = 10


def unheard_payment(till: Any) -> str:
    """The money was taken and the answer was lost: the callback is the first to tell."""
    till.hears(testing.payable())
    payment = till.pays("pm_pretend_silent")
    assert payment["status"] == "processing"
    return str(payment["id"])


def the_event(till: Any, kind: str = "payment_intent.succeeded") -> dict[str, Any]:
    return next(event for event in events_of(till.stripe) if event["type"] == kind)


def tells(till: Any, event: dict[str, Any], how: How = How.PLAIN) -> int:
    """The provider tells this, whatever is in its book."""
    return int(till.sends(*till.post.signed(json.dumps(event), how, till.bench.clock.now())))


def test_a_callback_has_the_provider_asked_at_once(till) -> None:
    payment_id = unheard_payment(till)

    assert till.card_bank_tells() == [200]
    till.asks_the_bank()

    assert till.status(payment_id) == "captured"
    assert len(till.said(PaymentConfirmed)) == 1
    assert till.complaints() == []


def test_row_66_callbacks_that_come_twice_late_or_in_another_order_end_the_same(till) -> None:
    """Row 66: only what the provider says when asked counts (P8)."""
    till.hears(testing.payable())
    till.pays("pm_card_chargeDeclined")
    paid = till.pays("pm_card_visa")
    till.hears(testing.confirmed())
    till.hears(testing.refund_requested("r-1", [MUG]))
    till.asks_the_bank()

    events = list(events_of(till.stripe))
    answers = till.card_bank_tells("reversed") + [tells(till, event) for event in events]
    till.asks_the_bank()

    assert set(answers) == {200}
    assert till.status(paid["id"]) == "partially_refunded"
    assert len(till.said(PaymentConfirmed)) == len(till.said(PaymentFailed)) == 1
    assert till.quarantined() == []
    assert till.complaints() == []


def test_row_66_one_callback_a_hundred_times_in_parallel_has_one_effect(till) -> None:
    payment_id = unheard_payment(till)
    event = the_event(till)
    answers: list[int] = []
    barrier = threading.Barrier(AT_ONCE)

    def replay() -> None:
        barrier.wait(30)
        for _ in range(HUNDRED // AT_ONCE):
            answers.append(tells(till, event))
            answer_calls(till.bench.database, till.outside)

    threads = [threading.Thread(target=replay) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert answers == [200] * HUNDRED
    assert till.status(payment_id) == "captured"
    assert len(till.said(PaymentConfirmed)) == 1
    assert till.complaints() == []


@pytest.mark.parametrize(
    "how", [How.STALE, How.FUTURE, How.FORGED, How.ALTERED, How.WRITTEN_ANEW, How.UNSIGNED]
)
def test_what_the_provider_did_not_sign_just_so_and_just_now_is_refused(
    small_till, how: How
) -> None:
    payment_id = unheard_payment(small_till)

    answers = small_till.card_bank_tells(how)
    small_till.asks_the_bank()

    assert answers == [401]
    assert small_till.status(payment_id) == "processing"


def test_another_providers_secret_does_not_count(small_till) -> None:
    unheard_payment(small_till)
    other = Post(small_till.stripe, SECRET)

    assert other.tell(small_till.sends, How.PLAIN, small_till.bench.clock.now()) == [401]


@pytest.mark.parametrize(
    "header", ["", "t=,v1=", "t=1", "v1=aa", "t=1,v1=é", "t=9" * 99, "t=1795334400,v0=aa", "\x00"]
)
def test_a_signature_that_is_none_is_refused(small_till, header: str) -> None:
    body = json.dumps({"id": "evt_1", "type": "payment_intent.succeeded"}).encode()
    headers = {"Content-Type": "application/json", "Stripe-Signature": header}

    assert small_till.sends(body, headers) == 401


def test_bytes_that_are_no_text_are_refused(small_till) -> None:
    _, headers = small_till.post.signed("{}", How.PLAIN, small_till.bench.clock.now())

    assert small_till.sends(b"\xff\xfe", headers) == 401


@pytest.mark.parametrize("body", ["{}", "[]", "1", '{"id": "", "type": "x"}', '{"id": 1}'])
def test_a_signed_body_that_names_nothing_is_bad_input(small_till, body: str) -> None:
    signed = small_till.post.signed(body, How.PLAIN, small_till.bench.clock.now())

    assert small_till.sends(*signed) == 422


def test_both_secrets_count_while_they_rotate(small_till) -> None:
    unheard_payment(small_till)
    runtime = small_till.bench.runtime
    runtime.settings = dataclasses.replace(
        runtime.settings,
        stripe_webhook_secret=Secret("whsec_new"),
        stripe_webhook_old_secret=runtime.settings.stripe_webhook_secret,
    )

    assert small_till.card_bank_tells() == [200]


def _set(path: str, value: object) -> Callable[[dict[str, Any]], None]:
    """Change what stands at ``path`` (a.b.c) of an event."""

    def change(event: dict[str, Any]) -> None:
        *way, last = path.split(".")
        for step in way:
            event = event[step]
        event[last] = value

    return change


MISMATCHES = {
    "another amount": _set("data.object.amount", 1),
    "another currency": _set("data.object.currency", "eur"),
    "a currency we do not sell in": _set("data.object.currency", "aud"),
    "an amount that is none": _set("data.object.amount", "3000"),
    "live mode": _set("livemode", True),
    "no mode": _set("livemode", None),
    "another account": _set("account", "acct_somebody"),
    "another intent": _set("data.object.id", "pi_other"),
    "no payment of ours": _set("data.object.metadata", {"payment_id": "nobody"}),
    "no payment at all": _set("data.object.metadata", {}),
    "nothing": _set("data", None),
}


@pytest.mark.parametrize("change", MISMATCHES.values(), ids=MISMATCHES.keys())
def test_row_65_what_does_not_match_in_every_part_is_quarantined_without_effect(
    small_till, change: Callable[[dict[str, Any]], None], caplog: pytest.LogCaptureFixture
) -> None:
    """Row 65, P5."""
    payment_id = unheard_payment(small_till)
    event = the_event(small_till)
    change(event)

    answers = [tells(small_till, event) for _ in range(2)]
    small_till.asks_the_bank()

    assert answers == [200, 200]
    assert small_till.status(payment_id) == "processing"
    assert len(small_till.quarantined()) == 1
    assert caplog.text.count("is in quarantine") == 1


def test_a_payment_of_another_provider_is_none_of_this_one(small_till) -> None:
    unheard_payment(small_till)
    event = the_event(small_till)
    small_till.hears(testing.payable("o-2"))
    theirs = small_till.pays("tok_silent", order_id="o-2")["id"]
    event["data"]["object"]["metadata"] = {"payment_id": theirs}

    tells(small_till, event)

    assert small_till.quarantined() == ["it is about nothing of ours"]


def test_amounts_in_quarantine_are_written_as_people_read_them(small_till) -> None:
    unheard_payment(small_till)
    event = the_event(small_till)
    event["data"]["object"]["amount"] = 100

    tells(small_till, event)

    assert small_till.quarantined() == ["it says 1.00 CNY, and we know of 30.00 CNY"]


def test_a_capture_of_a_payment_that_failed_here_is_an_alarm_and_changes_nothing(till) -> None:
    till.hears(testing.payable())
    refused = till.pays("pm_card_chargeDeclined")
    event = the_event(till, "payment_intent.payment_failed") | {"type": "payment_intent.succeeded"}

    assert tells(till, event) == 200

    assert till.status(refused["id"]) == "failed"
    assert [one for one in till.complaints() if "contradicts" in one]


def test_kinds_we_do_not_listen_to_are_answered_and_forgotten(small_till) -> None:
    event = {"id": "evt_1", "type": "customer.created", "livemode": False}

    assert tells(small_till, event) == 200
    assert small_till.quarantined() == []


# The simulator's controls, as a demo or a journey uses them


def test_the_simulator_tells_when_told_to_and_through_the_same_door(small_till) -> None:
    payment_id = unheard_payment(small_till)
    anyone = small_till.bench.client()
    path = "/dev/simulators/stripe/deliver"

    assert anyone.post(path, {"how": "forged"}).get_json() == {"answers": [401]}
    assert anyone.post(path, {"how": "twice"}).get_json() == {"answers": [200, 200]}
    assert anyone.post(path, {}).get_json() == {"answers": []}
    small_till.asks_the_bank()

    assert small_till.status(payment_id) == "captured"


def test_the_simulator_tells_by_itself_and_again_where_nobody_took_it(small_till) -> None:
    unheard_payment(small_till)
    now = small_till.bench.clock.now
    answers = iter([503, 200])
    told: list[int] = []

    def send(raw: bytes, headers: Any) -> int:
        told.append(next(answers))
        return told[-1]

    assert small_till.post.tell_due(send, now()) == 1
    assert small_till.post.tell_due(send, now()) == 0  # not due yet
    small_till.bench.advance(5)
    assert small_till.post.tell_due(send, now()) == 1
    assert small_till.post.tell_due(send, now()) == 0
    assert told == [503, 200]


def test_nobody_decides_about_a_payment_that_is_not_there(small_till) -> None:
    anyone = small_till.bench.client()
    page = "/dev/simulators/stripe/3ds/pi_none"

    assert anyone.get(page).status_code == 404
    assert anyone.post(page, {"outcome": "approve"}).status_code == 404
    assert anyone.post(page, {"outcome": "perhaps"}).status_code == 422
    assert anyone.post(page, {}).status_code == 422
    assert anyone.post("/dev/simulators/stripe/later").get_json() == {"ended": 0}
