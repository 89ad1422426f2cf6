"""No card number gets in."""

from __future__ import annotations

import pytest

from payment_service.domain.card import looks_like_card_number
from payment_service.domain.ladder import is_alarming, wait_after


@pytest.mark.parametrize(
    "number",
    [
        "4111111111111111",
        "4111 1111 1111 1111",
        "4111-1111-1111-1111",
        "tok_4111111111111111",
        "378282246310005",
        "6212345678901232",
    ],
)
def test_what_looks_like_a_card_number_is_seen(number: str) -> None:
    assert looks_like_card_number(number)


@pytest.mark.parametrize(
    "token",
    ["tok_visa", "4111111111111112", "01a203ea-bbed-74d4-b43a-860b00de90aa", "12345", ""],
)
def test_a_token_is_none(token: str) -> None:
    assert not looks_like_card_number(token)


def test_row_68_the_ladder_goes_from_seconds_to_a_day_and_then_calls_people() -> None:
    waits = [wait_after(attempts).total_seconds() for attempts in range(10)]

    assert waits == [15, 30, 60, 300, 900, 3600, 21600, 86400, 86400, 86400]
    assert [is_alarming(attempts) for attempts in (7, 8)] == [False, True]
