"""Handing messages over: lasting and passing noes, retries within a budget, deaths in between."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from chassis.runtime import Runtime
from notification_service import testing
from notification_service.domain.delivery import LADDER, next_try
from notification_service.outside.post import Outside
from notification_service.sending import send_due
from notification_service.service import service
from notification_service.testing import MAIL, PHONE, START
from services.notification.tests.conftest import settings
from services.notification.tests.usecases.test_telling import at_once, everything_in
from shop_events import faults
from shop_events.contracts.account import AccountErased
from shop_events.local_broker import LocalBroker
from shop_events.topology import ground
from tests.support.waiting import eventually


def tries_of(office) -> list[tuple[str, str]]:
    """Outcome and code of every try, from the delivery log."""
    from sqlalchemy import select

    from notification_service.store.tables import tries

    with office.bench.database.read() as connection:
        rows = connection.execute(select(tries).order_by(tries.c.number))
        return [(row.outcome, row.code) for row in rows]


def test_what_is_refused_for_good_is_given_up_at_once_and_told(
    office, caplog: pytest.LogCaptureFixture
) -> None:
    office.hears(testing.contact(email="bounces@example.com"))
    office.hears(testing.confirmed())

    assert office.sends() == []

    assert tries_of(office) == [("refused", "550")]
    assert "was given up: 550" in caplog.text


def test_what_cannot_be_sent_now_is_tried_again_for_a_day_and_then_given_up(
    office, caplog: pytest.LogCaptureFixture
) -> None:
    office.hears(testing.contact(email="busy@example.com"))
    office.hears(testing.confirmed())
    office.sends()

    for step in (*LADDER, *LADDER[-1:] * 3):
        office.waits(step.total_seconds())

    assert set(tries_of(office)) == {("later", "451")}
    assert len(tries_of(office)) == 9  # the last after 22 h 21 min
    assert "was given up: 451, at try 9" in caplog.text


def test_the_ladder_ends_where_the_next_step_would_be_too_late() -> None:
    assert next_try(START, 1, START + LADDER[0] * 2) == START + LADDER[0]
    assert next_try(START, 1, START + LADDER[0]) is None


def test_a_code_is_not_sent_once_it_is_worth_nothing(office) -> None:
    office.hears(testing.code(minutes=5))

    office.waits(5 * 60)

    assert office.sends() == []
    assert tries_of(office) == [("refused", "too_late")]
    assert "token-marked" not in everything_in(office)


def test_a_mail_server_that_is_silent_ends_the_round_and_holds_up_nobody_for_long(office) -> None:
    office.hears(testing.contact(email="busy@example.com"))
    office.hears(testing.confirmed())
    office.hears(testing.code())  # more urgent, since it ends first

    assert office.subjects() == ["Confirm your address"]


def test_who_lost_their_address_meanwhile_is_not_written_to(office) -> None:
    office.hears(testing.contact())
    office.hears(testing.confirmed())
    office.hears(testing.contact(email=None, version=2))

    assert office.sends() == []
    assert tries_of(office) == [("refused", "no_address")]


def test_a_sender_that_dies_before_it_records_sends_again_with_the_same_id(
    office,
) -> None:
    office.hears(testing.contact())
    office.hears(testing.confirmed())

    faults.arm("outside.after_call@notification:1:raise")
    try:
        with pytest.raises(faults.Injected):
            office.sends()
    finally:
        faults.arm("")
    office.waits(4 * 60)
    assert len(office.mailbox.letters()) == 1  # whoever began it may still be at it

    office.waits(60)

    first, second = office.mailbox.letters()
    assert first.id == second.id
    assert tries_of(office) == [("sent", "250")]


def test_many_senders_at_once_send_every_message_once(office) -> None:
    office.hears(testing.contact(phone=PHONE))
    office.hears(testing.placed())
    for number in range(6):
        office.hears(testing.shipped(f"pa-{number}"))

    at_once(*[lambda: send_due(office.bench.runtime)] * 4)
    letters = office.sends()

    assert len({letter.id for letter in letters}) == len(letters) == 12


def test_whoever_is_forgotten_while_their_messages_go_out_is_forgotten_all_the_same(office) -> None:
    for number in range(6):
        office.hears(testing.contact(f"ann-{number}", email=f"ann{number}.marked@example.com"))
        office.hears(testing.code(f"c-{number}", to=f"ann{number}.marked@example.com"))

    forget = [
        lambda n=number: office.hears(AccountErased(account_id=f"ann-{n}")) for number in range(6)
    ]
    at_once(*[lambda: send_due(office.bench.runtime)] * 2, *forget)
    office.sends()

    assert "marked" not in everything_in(office)


def test_a_shop_without_an_sms_provider_says_so_quietly(
    small_office, caplog: pytest.LogCaptureFixture
) -> None:
    mail_alone = Outside(mail=small_office.mailbox, sms=None)
    runtime = Runtime(
        service,
        small_office.bench.runtime.settings,
        clock=small_office.bench.clock,
        outside=mail_alone,
    )
    small_office.hears(testing.contact(phone=PHONE))
    small_office.hears(testing.confirmed())

    send_due(runtime)
    runtime.close()

    assert [one.to for one in small_office.mailbox.letters()] == [MAIL]
    assert ("refused", "not_offered") in tries_of(small_office)
    assert "not_offered" not in caplog.text


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[LocalBroker]:
    broker = LocalBroker(tmp_path / "broker.db")
    broker.apply(ground() | service.topology())
    yield broker
    broker.close()


def test_a_running_worker_sends_without_being_told_to(
    small_office, broker: LocalBroker, tmp_path: Path
) -> None:
    url = small_office.bench.database.url.render_as_string(hide_password=False)
    given = settings(url, tmp_path)
    runtime = Runtime(service, given, clock=small_office.bench.clock, broker=broker)
    worker = service.worker(runtime)
    worker.start()
    try:
        small_office.hears(testing.code())
        eventually(lambda: small_office.mailbox.letters(MAIL))
        eventually(lambda: tries_of(small_office) == [("sent", "250")])
    finally:
        assert worker.stop()
        runtime.close()
