"""The auditor finds what is wrong: each test makes something wrong behind the service's back."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from notification_service import testing

ODD_NOTICE = (
    "INSERT INTO notices (id, cause, kind, facts, state, in_inbox, created_at)"
    " SELECT 'n-odd', 'odd', 'verify', '{}', 'told', in_inbox, created_at FROM notices LIMIT 1"
)

SENT_TWICE = (
    "INSERT INTO tries (notice_id, channel, at, outcome, code)"
    " SELECT notice_id, channel, at, outcome, code FROM tries"
)


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("UPDATE notices SET state = 'lost'", "neither waiting, told nor given up"),
        ("UPDATE notices SET state = 'waiting'", "waits although it is known"),
        ("UPDATE notices SET state = 'waiting', created_at = '2026-11-20 08:00:00+00:00'", "a day"),
        (ODD_NOTICE, "is on no way to anybody"),
        (ODD_NOTICE, "Something is left of the code n-odd"),
        ("UPDATE deliveries SET state = 'lost'", "neither due, sent nor given up"),
        (
            "UPDATE deliveries SET state = 'due', due_at = '2026-11-22 07:00:00+00:00'",
            "is due since 2026-11-22 07:00, and nobody sent it",
        ),
        (
            "UPDATE deliveries SET state = 'due', due_at = '2026-12-22 07:00:00+00:00'",
            "tried again when it is too late",
        ),
        ("DELETE FROM tries", "by the log it was sent 0 times"),
        (SENT_TWICE, "by the log it was sent 2 times"),
        ("UPDATE deliveries SET state = 'given_up'", "is given_up, and by the log it was sent 1"),
        ("UPDATE people SET erased = (1 = 1)", "which was erased"),
    ],
)
def test_what_was_spoilt_is_found(spoilt_office, statement: str, sentence: str) -> None:
    spoilt_office.hears(testing.contact())
    spoilt_office.hears(testing.confirmed())
    spoilt_office.hears(testing.code())
    spoilt_office.sends()
    assert spoilt_office.complaints() == []

    with spoilt_office.bench.database.begin() as tx:
        tx.connection.execute(text(statement))

    assert any(sentence in one for one in spoilt_office.complaints())


def test_what_was_given_up_without_a_word_is_found(spoilt_office) -> None:
    spoilt_office.hears(testing.contact())
    spoilt_office.hears(testing.confirmed())
    with spoilt_office.bench.database.begin() as tx:
        tx.connection.execute(text("UPDATE deliveries SET state = 'given_up'"))

    assert any("does not say why" in one for one in spoilt_office.complaints())
