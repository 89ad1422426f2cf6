from datetime import UTC, datetime, timedelta

import pytest

from logistics_service.outside.signature import WINDOW_S, is_genuine, sign

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
OLD, NEW = b"the-secret-before", b"the-secret-of-now"
RAW = b'{"event_id": "e-1"}'


def judge(*, secret: bytes = NEW, raw: bytes = RAW, offset_s: int = 0) -> bool:
    timestamp = str(int((NOW + timedelta(seconds=offset_s)).timestamp()))
    signature = sign(secret, timestamp, RAW)
    return is_genuine((NEW, OLD), raw, timestamp=timestamp, signature=signature, now=NOW)


@pytest.mark.parametrize("secret", [NEW, OLD])
def test_both_secrets_are_good_while_one_replaces_the_other(secret: bytes) -> None:
    assert judge(secret=secret)


def test_a_secret_of_somebody_else_is_not() -> None:
    assert not judge(secret=b"the-secret-of-snail")


@pytest.mark.parametrize("place", range(len(RAW)))
def test_one_altered_byte_breaks_the_signature(place: int) -> None:
    altered = RAW[:place] + bytes([RAW[place] ^ 1]) + RAW[place + 1 :]

    assert not judge(raw=altered)


@pytest.mark.parametrize(
    ("offset_s", "believed"),
    [(-WINDOW_S - 1, False), (-WINDOW_S, True), (WINDOW_S, True), (WINDOW_S + 1, False)],
)
def test_a_push_is_believed_for_five_minutes_around_its_time(
    offset_s: int, *, believed: bool
) -> None:
    assert judge(offset_s=offset_s) is believed


@pytest.mark.parametrize("timestamp", ["", "-1", "1e9", " 1", "१२३", "9" * 400, "17.5"])
def test_a_timestamp_that_is_no_number_of_seconds_is_refused(timestamp: str) -> None:
    signature = sign(NEW, timestamp, RAW)

    assert not is_genuine((NEW,), RAW, timestamp=timestamp, signature=signature, now=NOW)


def test_a_signature_that_is_no_ascii_is_refused() -> None:
    timestamp = str(int(NOW.timestamp()))

    assert not is_genuine((NEW,), RAW, timestamp=timestamp, signature="é" * 64, now=NOW)
