"""Rules that need nothing but themselves."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from account_service.domain.caller import caller_of, network_of
from account_service.domain.divisions import below, place_of
from account_service.domain.errors import TooManyTries
from account_service.domain.session import new_nonce, new_token, successor
from account_service.domain.throttle import LONGEST_DELAY_S, Delay, Quota, Tally

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)


def test_6_3_1_the_delay_doubles_from_a_second_to_a_quarter_of_an_hour() -> None:
    tally, now, delays = None, NOW, []
    for _ in range(15):
        tally = Delay().counted(tally, now)
        delays.append(int((tally.until - now).total_seconds()))
        now = tally.until

    assert delays == [0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]


@settings(max_examples=50)
@given(st.lists(st.integers(0, 2_000), max_size=60))
def test_6_3_1_whenever_somebody_tries_an_hour_holds_sixteen_tries_at_most(
    pauses: list[int],
) -> None:
    tally, now, counted = None, NOW, []
    for pause in pauses:
        now += timedelta(seconds=pause)
        if tally is not None and now < tally.until:
            with pytest.raises(TooManyTries) as early:
                Delay().counted(tally, now)
            assert 1 <= early.value.retry_after_s <= LONGEST_DELAY_S
        else:
            tally = Delay().counted(tally, now)
            counted.append(now)

    for start in counted:
        assert sum(start <= one < start + timedelta(hours=1) for one in counted) <= 16


def test_a_quota_begins_anew_after_its_stretch_of_time() -> None:
    rule = Quota(2, timedelta(minutes=1))
    tally = rule.counted(rule.counted(None, NOW), NOW)

    with pytest.raises(TooManyTries) as early:
        rule.counted(tally, NOW + timedelta(seconds=20.5))

    assert early.value.retry_after_s == 40
    assert rule.counted(tally, NOW + timedelta(minutes=1)) == Tally(1, NOW + timedelta(minutes=2))


def test_a_person_may_move_about_in_a_network_and_no_further() -> None:
    assert network_of("203.0.113.9") == network_of("203.0.113.77") == "203.0.113.0/24"
    assert network_of("::ffff:203.0.113.9") == "203.0.113.0/24"
    assert network_of("2001:db8:1:2ff::1") == network_of("2001:db8:1:200::9")
    assert network_of("2001:db8:1:300::1") != network_of("2001:db8:1:200::1")
    assert network_of("somewhere") == "unknown"


def test_a_device_says_what_it_is_in_one_line() -> None:
    assert caller_of(user_agent="A\x1b[2J phone\r\n", address="::1").device == "A[2J phone"
    assert caller_of(user_agent="", address="::1").device == "unknown"
    assert len(caller_of(user_agent="x" * 999, address="::1").device) == 200


def test_the_next_refresh_token_needs_both_the_one_before_and_its_nonce() -> None:
    token, nonce = new_token(), new_nonce()

    assert successor(token, nonce) == successor(token, nonce)
    assert successor(token, new_nonce()) != successor(token, nonce)
    assert successor(new_token(), nonce) != successor(token, nonce)


def test_row_7_every_way_down_the_table_ends_at_a_place() -> None:
    provinces = below(None) or ()
    open_, leaves = list(provinces), 0
    while open_:
        one = open_.pop()
        assert (place_of(one.code) is not None) is one.leaf
        leaves += one.leaf
        open_ += below(one.code) or ()

    assert len(provinces) == 34
    assert leaves > 2_800


def test_row_7_a_place_is_named_as_it_is_written_on_a_parcel() -> None:
    def named(code: str) -> tuple[str, str, str]:
        place = place_of(code)
        assert place is not None
        return place.province, place.city, place.district

    assert named("440106") == ("广东省", "广州市", "天河区")
    assert named("500233") == ("重庆市", "重庆市", "忠县")
    assert named("429004") == ("湖北省", "仙桃市", "仙桃市")
    assert named("441900") == ("广东省", "东莞市", "东莞市")
    assert place_of("310100") is None
    assert below("1") is None
