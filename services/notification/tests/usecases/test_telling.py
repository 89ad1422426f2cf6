"""Row 74: people are told what happened, once, in their language, by the ways they want."""

from __future__ import annotations

import itertools
import random
import threading
from dataclasses import replace

import pytest

from chassis.testing import shopper
from notification_service import testing
from notification_service.domain.notice import Channel, Code, Kind
from notification_service.testing import MAIL, PHONE
from notification_service.usecases.tell import send_code
from shop_events.contracts.account import AccountErased, ChangeStep, CodePurpose
from shop_events.contracts.order import CancelReason

ALL_OF_AN_ORDER = (
    testing.confirmed(),
    testing.shipped(),
    testing.delivered(),
    testing.refunded(),
    testing.unexpected(),
    testing.cancelled(),
)
CONFIRMED = "Your order 261122MUG is confirmed"


def test_row_74_a_confirmed_order_is_mailed_with_its_lines_and_amounts(office) -> None:
    office.hears(testing.mug())
    office.hears(testing.contact())

    office.hears(testing.confirmed())

    (mail,) = office.sends()
    assert (mail.to, mail.subject) == (MAIL, CONFIRMED)
    for words in ("Ann Marked,", "2 × A mug (blue)  CN¥39.80", "Shipping  CN¥5.00", "CN¥44.80"):
        assert words in mail.text
    assert mail.links == ("https://shop.example/orders/o-1",)
    assert "A mug (blue)" in mail.html


def test_somebody_who_reads_chinese_is_written_to_in_chinese(office) -> None:
    office.hears(testing.mug())
    office.hears(testing.contact(locale="zh-CN"))

    office.hears(testing.confirmed())

    (mail,) = office.sends()
    assert mail.subject == "订单 261122MUG 已确认"
    assert "2 × 杯子 (blue)  ¥39.80" in mail.text


def test_every_event_of_an_order_is_told_once_however_often_it_comes(office) -> None:
    office.hears(testing.contact(phone=PHONE))
    for event in ALL_OF_AN_ORDER * 2:  # each time with an id of its own: the inbox is no help
        office.hears(event)

    letters = office.sends()

    assert len(letters) == 2 * len(ALL_OF_AN_ORDER)
    assert len({letter.id for letter in letters}) == len(letters)
    assert len(office.inbox()) == len(ALL_OF_AN_ORDER)


def test_an_sms_is_one_short_line(office) -> None:
    office.hears(testing.contact(email=None, phone=PHONE, locale="zh-CN"))

    office.hears(testing.confirmed())

    (sms,) = office.sends()
    assert (sms.to, sms.subject, sms.html) == (PHONE, "", "")
    assert sms.text == "【集市】订单 261122MUG 已确认 https://shop.example/orders/o-1"


def test_a_message_waits_for_the_contact_and_goes_when_it_comes(office) -> None:
    office.hears(testing.confirmed())
    assert office.sends() == []

    office.bench.advance(23 * 3600)
    office.hears(testing.contact())

    assert office.subjects() == [CONFIRMED]


def test_a_message_waits_to_hear_whose_order_it_is(office) -> None:
    office.hears(testing.contact())
    office.hears(testing.shipped())
    assert office.sends() == []

    office.hears(testing.placed())

    assert office.subjects() == ["A parcel of your order 261122MUG is on its way"]


def test_a_message_for_somebody_nobody_names_is_given_up_after_a_day_and_told(
    office, caplog: pytest.LogCaptureFixture
) -> None:
    office.hears(testing.confirmed())

    office.waits(24 * 3600 + 1)
    office.hears(testing.contact())

    assert office.sends() == []
    assert "nobody said whom it is for" in caplog.text


def test_what_happens_is_told_in_whatever_order_it_arrives(small_office) -> None:
    events = [testing.contact(), testing.mug(), testing.placed(), *ALL_OF_AN_ORDER]
    random.Random(7).shuffle(events)
    for event in events:
        small_office.hears(event)

    assert len(small_office.sends()) == len(ALL_OF_AN_ORDER)


def test_an_older_contact_and_an_older_title_change_nothing(office) -> None:
    office.hears(testing.contact(version=2))
    office.hears(testing.contact(email="old@example.com", version=1))
    office.hears(testing.mug(2, title="A new mug"))
    office.hears(testing.mug(1, title="An old mug"))

    office.hears(testing.confirmed())

    (mail,) = office.sends()
    assert mail.to == MAIL
    assert "A new mug" in mail.text


@pytest.mark.parametrize("reason", list(CancelReason))
def test_every_reason_for_a_cancellation_has_its_own_words(small_office, reason) -> None:
    small_office.hears(testing.contact())
    small_office.hears(testing.placed())

    small_office.hears(testing.cancelled(reason=reason))

    (mail,) = small_office.sends()
    words = {
        CancelReason.BUYER: "as you wished",
        CancelReason.MERCHANT: "the seller could not deliver",
        CancelReason.OUT_OF_STOCK: "sold out",
        CancelReason.EXPIRED: "not paid in time",
        CancelReason.RISK: "is cancelled.",
        CancelReason.REFUSED_AT_DOOR: "not accepted",
    }
    assert words[reason] in mail.text


def test_what_is_not_owed_any_more_at_the_door_is_not_called_a_refund(small_office) -> None:
    small_office.hears(testing.contact())
    small_office.hears(testing.placed())

    small_office.hears(testing.refunded(payment_id=testing.ORDER))

    assert small_office.subjects() == ["You owe less for your order 261122MUG"]


def test_a_code_goes_to_the_address_in_the_event_and_to_no_other(office) -> None:
    office.hears(testing.contact())

    office.hears(testing.code(to="new@example.com", purpose=CodePurpose.CHANGE_ADDRESS))
    office.hears(testing.code("c-2", to=PHONE))

    mail, sms = office.sends()
    assert mail.to == "new@example.com"
    assert mail.links == ("https://shop.example/account/identifiers/confirm?token=token-marked",)
    assert (sms.to, sms.code, sms.links) == (PHONE, "483920", ())
    assert sms.text == "Jishi: Confirm your address: 483920"
    assert office.inbox() == []


def test_a_code_is_sent_once_however_often_account_issues_it(office) -> None:
    office.hears(testing.code())
    office.hears(testing.code())

    assert len(office.sends()) == 1


def test_nothing_is_left_of_a_code_that_was_sent(office) -> None:
    office.hears(testing.code())
    office.sends()

    assert "token-marked" not in everything_in(office)
    assert MAIL not in everything_in(office)


def test_every_purpose_of_account_has_words(small_office) -> None:
    for number, purpose in enumerate(CodePurpose):
        small_office.hears(testing.code(f"c-{number}", purpose=purpose))

    assert len(set(small_office.subjects())) == len(CodePurpose)


def test_row_2_each_message_of_a_change_of_address_has_words_of_its_own(small_office) -> None:
    for number, (step, locale) in enumerate(itertools.product(ChangeStep, ("en", "zh-CN"))):
        said = testing.code(f"c-{number}", purpose=CodePurpose.CHANGE_ADDRESS, locale=locale)
        link = None if step is ChangeStep.DONE else said.link_token
        small_office.hears(replace(said, step=step, link_token=link))

    letters = small_office.sends()

    assert len({letter.subject for letter in letters}) == 6
    asking = "https://shop.example/account/identifiers/confirm?token=token-marked"
    forgot = "https://shop.example/account/forgot"
    assert [one.links[0] for one in letters] == [asking] * 4 + [forgot] * 2


def test_an_erased_person_is_forgotten_and_stays_so(office) -> None:
    office.hears(testing.contact(phone=PHONE))
    office.hears(testing.confirmed())
    office.hears(testing.code())
    office.ann.put("/notifications/preferences", {"items": [{"kind": "refunded", "sms": False}]})

    office.hears(AccountErased(account_id="ann"))
    office.hears(testing.contact(version=9))
    office.hears(testing.shipped())

    assert office.sends() == []
    assert office.inbox() == []
    for mark in ("marked", "Marked", MAIL, PHONE):
        assert mark not in everything_in(office)


def test_nobody_is_named_in_the_log_whatever_happens(
    small_office, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    small_office.hears(testing.contact(email="bounces@marked.example", phone=PHONE))
    small_office.hears(testing.code(to="busy@marked.example", minutes=10))
    for event in ALL_OF_AN_ORDER:
        small_office.hears(event)
    for _ in range(3):
        small_office.waits(3600)
    small_office.hears(AccountErased(account_id="ann"))

    assert "was given up" in caplog.text
    for mark in ("marked", "Marked", "token-marked", PHONE, "483920"):
        assert mark not in caplog.text


def test_who_wants_no_mail_about_refunds_gets_none_and_codes_all_the_same(office) -> None:
    office.hears(testing.contact())
    office.hears(testing.placed())
    chosen = {"items": [{"kind": "refunded", "email": False, "inbox": False}]}
    assert office.ann.put("/notifications/preferences", chosen).status_code == 200

    office.hears(testing.refunded())
    office.hears(testing.shipped())
    office.hears(testing.code())

    assert [one.split()[0] for one in office.subjects()] == ["Confirm", "A"]
    assert [one["kind"] for one in office.inbox()] == ["parcel_shipped"]


def test_contact_and_event_that_come_at_once_never_miss_each_other(office) -> None:
    rounds = 8
    for number in range(rounds):
        account_id, order_id = f"ann-{number}", f"o-{number}"
        at_once(
            lambda a=account_id: office.hears(testing.contact(a)),
            lambda o=order_id, a=account_id: office.hears(testing.placed(o, account_id=a)),
            lambda o=order_id, n=number: office.hears(testing.shipped(f"pa-{n}", order_id=o)),
        )

    assert len(office.sends()) == rounds


def test_one_code_issued_many_times_at_once_is_one_message(office) -> None:
    def issue() -> None:
        with office.bench.database.begin() as tx:
            code = Code(
                channel=Channel.EMAIL,
                address=MAIL,
                locale="en",
                expires_at=testing.START.replace(hour=9),
            )
            send_code(tx, Kind.VERIFY, code, cause="account.code_issued:c-1")

    at_once(*itertools.repeat(issue, 6))

    assert len(office.sends()) == 1


def at_once(*acts) -> None:
    """Each in a thread of its own, begun together; what one raises is raised here."""
    barrier = threading.Barrier(len(acts))
    errors: list[Exception] = []

    def run(act) -> None:
        barrier.wait(30)
        try:
            act()
        except Exception as error:  # noqa: BLE001 - raised again below
            errors.append(error)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert errors == []


def everything_in(office) -> str:
    """All rows of all of notification's own tables, in one text."""
    from sqlalchemy import select

    from notification_service.store.tables import metadata

    with office.bench.database.read() as connection:
        return "\n".join(
            str(row)
            for table in metadata.sorted_tables
            for row in connection.execute(select(table)).all()
        )


def test_a_foreign_shopper_sees_nothing_of_it(office) -> None:
    office.hears(testing.contact())
    office.hears(testing.confirmed())

    bob = office.bench.client(shopper("bob"))

    assert bob.get("/notifications").get_json() == {"items": [], "next_cursor": None}
