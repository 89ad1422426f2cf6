"""A session that was revoked is refused by every service, while its token still lives."""

from datetime import timedelta

import pytest

from chassis import revocation
from chassis.testing import Bench, shopper
from shop_events.contracts.account import AccountDisabled, AccountSessionsRevoked
from tests.support import eventually

ANN = "ann"
PHONE = "session-of-ann"


def comes_in(kiosk: Bench, who: str = ANN) -> bool:
    return kiosk.client(shopper(who)).get("/sales").status_code == 200


def revoked(kiosk: Bench, *sessions: str) -> AccountSessionsRevoked:
    return AccountSessionsRevoked(account_id=ANN, session_ids=sessions, at=kiosk.clock.now())


def test_a_revoked_session_is_refused_within_a_second_or_two(bench: Bench) -> None:
    assert comes_in(bench)

    bench.hears(revoked(bench, PHONE))

    eventually(lambda: not comes_in(bench), within_s=3)
    assert comes_in(bench, "bob")


@pytest.mark.parametrize("sessions", [(), (PHONE,)], ids=["all sessions", "this session"])
def test_who_signs_in_again_afterwards_comes_in_again(
    kiosk: Bench, sessions: tuple[str, ...]
) -> None:
    kiosk.hears(revoked(kiosk, *sessions))
    eventually(lambda: not comes_in(kiosk), within_s=3)

    kiosk.advance(1)

    assert comes_in(kiosk)


def test_another_device_of_the_same_person_stays_signed_in(kiosk: Bench) -> None:
    kiosk.hears(revoked(kiosk, "a-lost-tablet"))

    assert comes_in(kiosk)


def test_a_disabled_account_is_refused_with_every_device(kiosk: Bench) -> None:
    kiosk.hears(AccountDisabled(account_id=ANN, at=kiosk.clock.now()))

    assert not comes_in(kiosk)


def test_a_revocation_that_arrives_late_takes_nothing_back(kiosk: Bench) -> None:
    early = revoked(kiosk, PHONE)
    kiosk.advance(60)
    kiosk.hears(revoked(kiosk, PHONE))

    kiosk.hears(early)

    assert not comes_in(kiosk)


def test_the_list_forgets_what_no_token_can_be_about_any_more(kiosk: Bench) -> None:
    kiosk.hears(revoked(kiosk, PHONE))
    kiosk.clock.advance(timedelta(minutes=9))
    assert revocation.prune(kiosk.database) == 0

    kiosk.clock.advance(timedelta(minutes=3))

    assert revocation.prune(kiosk.database) == 1
