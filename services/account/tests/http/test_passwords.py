"""Forgotten and changed passwords (FEATURES row 6, SECURITY.md part 1)."""

import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from account_service.testing import (
    ANN,
    ANNS_PHONE,
    BOB,
    NEW_PASSWORD,
    PASSWORD,
    People,
    ann_registers,
)
from shop_events.contracts.account import AccountSessionsRevoked, CodePurpose
from shop_events.testing.waiting import eventually

RESET = CodePurpose.RESET_PASSWORD


def forgets(people: People, who: str = ANN) -> None:
    asked = people.post("/auth/password/forgot", {"identifier": who})
    assert (asked.status_code, asked.get_json()) == (202, {"status": "accepted"})
    people.bench.advance(0)


def test_row_6_a_reset_sets_the_password_ends_every_session_and_signs_nobody_in(
    people: People,
) -> None:
    people.joins()
    phone, tablet = people.signs_in(), people.signs_in()
    ids = {people.identity(one).session_id for one in (phone, tablet)}
    forgets(people)

    done = people.post(
        "/auth/password/reset", {"token": people.link(RESET), "password": NEW_PASSWORD}
    )

    assert (done.status_code, done.data) == (204, b"")
    eventually(lambda: not people.comes_in(phone))
    assert people.refreshes(tablet["refresh_token"]).status_code == 401
    (revoked,) = people.bench.said(AccountSessionsRevoked)
    assert set(revoked.session_ids) == ids
    assert [one.address for one in people.messages(CodePurpose.PASSWORD_CHANGED)] == [ANN]
    assert people.tries(PASSWORD).status_code == 401
    assert people.signs_in(password=NEW_PASSWORD)


def test_row_6_an_address_that_nobody_has_is_answered_alike_and_gets_no_mail(
    quick: People,
) -> None:
    quick.joins()
    quick.registers(email=BOB)
    sent = len(quick.messages())

    for who in ("nobody@marked.example", BOB, "no address", "+8613900000000"):
        forgets(quick, who)

    assert len(quick.messages()) == sent


def test_6_3_8_asking_takes_as_long_for_an_address_nobody_has(quick: People) -> None:
    quick.joins()
    for path, body in (("/auth/password/forgot", named), ("/auth/register", registering)):
        took: dict[str, list[float]] = {ANN: [], BOB: []}
        for number in range(40):
            quick.bench.clock.advance(timedelta(hours=3))
            who = (ANN, BOB)[number % 2]
            began = time.thread_time()
            asked = quick.post(path, body(who))
            took[who].append(time.thread_time() - began)
            assert (asked.status_code, asked.get_json()) == (202, {"status": "accepted"})

        known, unknown = (statistics.median(took[who]) for who in (ANN, BOB))
        assert abs(known - unknown) < 0.25 * max(known, unknown), path


def test_row_6_a_link_sets_one_password_however_many_use_it_at_once(people: People) -> None:
    people.joins()
    forgets(people)
    body = {"token": people.link(RESET), "password": NEW_PASSWORD}

    with ThreadPoolExecutor(3) as pool:
        again = list(pool.map(lambda _: people.post("/auth/password/reset", body), range(3)))

    assert sorted(one.status_code for one in again) == [204, 422, 422]
    assert len(people.messages(CodePurpose.PASSWORD_CHANGED)) == 1


def test_row_6_a_link_counts_for_half_an_hour_and_for_nothing_else(quick: People) -> None:
    quick.joins()
    forgets(quick)
    token = quick.link(RESET)
    assert quick.verifies(token=token).status_code == 422

    quick.bench.advance(1801)

    late = quick.post("/auth/password/reset", {"token": token, "password": NEW_PASSWORD})
    assert late.status_code == 422
    assert quick.signs_in()


def test_row_6_a_reset_by_telephone_takes_a_code(quick: People) -> None:
    quick.registers(email=None, phone=ANNS_PHONE)
    quick.verifies(identifier=ANNS_PHONE, code=str(quick.messages()[0].code))
    forgets(quick, ANNS_PHONE)
    code = str(quick.messages(RESET)[-1].code)

    body = {"identifier": ANNS_PHONE, "code": code, "password": NEW_PASSWORD}

    assert quick.post("/auth/password/reset", body).status_code == 204
    assert quick.signs_in(ANNS_PHONE, NEW_PASSWORD)


def test_a_weak_new_password_does_not_use_the_link_up(quick: People) -> None:
    quick.joins()
    forgets(quick)
    token = quick.link(RESET)

    weak = quick.post("/auth/password/reset", {"token": token, "password": "password1"})

    assert (weak.status_code, list(weak.get_json()["errors"])) == (422, ["password"])
    good = {"token": token, "password": NEW_PASSWORD}
    assert quick.post("/auth/password/reset", good).status_code == 204


def test_6_2_3_a_password_is_changed_with_the_old_one_and_other_devices_are_signed_out(
    people: People,
) -> None:
    people.joins()
    here, elsewhere = people.signs_in(), people.signs_in()
    me = people.identity(here)
    other = people.identity(elsewhere).session_id

    wrong = people.client(me).post("/account/password", change(old="not this one"))
    assert (wrong.status_code, list(wrong.get_json()["errors"])) == (422, ["old_password"])
    assert people.client(me).post("/account/password", change()).status_code == 204

    assert people.comes_in(here)
    eventually(lambda: not people.comes_in(elsewhere))
    assert people.bench.said(AccountSessionsRevoked)[0].session_ids == (other,)
    assert [one.address for one in people.messages(CodePurpose.PASSWORD_CHANGED)] == [ANN]
    assert people.signs_in(password=NEW_PASSWORD)


def test_the_old_password_is_not_guessed_by_changing_it(quick: People) -> None:
    me = quick.signed_in()

    tried = [
        quick.client(me).post("/account/password", change(old=f"guess {number}")).status_code
        for number in range(6)
    ]

    assert tried == [422, 422, 422, 429, 429, 429]


def change(*, old: str = PASSWORD) -> dict[str, str]:
    return {"old_password": old, "new_password": NEW_PASSWORD}


def named(who: str) -> dict[str, str]:
    return {"identifier": who}


def registering(who: str) -> dict[str, str]:
    return ann_registers(email=who)
