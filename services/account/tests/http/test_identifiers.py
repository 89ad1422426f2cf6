"""Further and changed mail addresses and numbers (FEATURES rows 2 and 144)."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from account_service.testing import ANN, ANNS_PHONE, BOB, NEW_PASSWORD, PASSWORD, People
from account_service.testing_moves import (
    CONFIRM,
    LATER,
    NOBODYS,
    asks,
    confirms,
    known_by,
    link,
    removes,
    sent,
    told,
)
from shop_events.contracts.account import (
    AccountContactChanged,
    AccountSessionsRevoked,
    AccountVerified,
    ChangeStep,
    Channel,
    CodePurpose,
)
from shop_events.testing.waiting import eventually


@pytest.mark.parametrize(
    "order", [(ChangeStep.NEW, ChangeStep.OLD), (ChangeStep.OLD, ChangeStep.NEW)]
)
def test_row_2_a_change_counts_once_both_addresses_confirmed_it_and_neither_alone(
    people: People, order: tuple[ChangeStep, ChangeStep]
) -> None:
    me, elsewhere = people.signed_in(), people.signs_in()
    other = people.identity(elsewhere).session_id
    assert asks(people, me, email=LATER, replaces=ANN).status_code == 202
    letters = {step: sent(people, step)[0].address for step in order}
    assert letters == {ChangeStep.NEW: LATER, ChangeStep.OLD: ANN}

    first = confirms(people, me, link(people, order[0]))

    assert (first.status_code, first.get_json()) == (200, {"status": "waiting"})
    assert known_by(people, me) == [ANN]
    assert len(people.bench.said(AccountContactChanged)) == 1
    assert people.tries(PASSWORD, who=LATER).status_code == 401

    second = confirms(people, me, link(people, order[1]))

    assert second.get_json() == {"status": "done"}
    assert known_by(people, me) == [LATER]
    assert people.bench.said(AccountContactChanged)[-1].email == LATER
    assert [one.address for one in sent(people, ChangeStep.DONE)] == [ANN]
    assert people.bench.said(AccountSessionsRevoked)[0].session_ids == (other,)
    eventually(lambda: not people.comes_in(elsewhere))
    assert people.tries(PASSWORD, who=ANN).status_code == 401
    assert people.signs_in(LATER)


def test_row_144_a_further_number_counts_once_its_code_is_typed_and_the_owner_is_told(
    people: People,
) -> None:
    me = people.signed_in()
    assert asks(people, me, phone=ANNS_PHONE).status_code == 202
    assert people.tries(PASSWORD, who=ANNS_PHONE).status_code == 401

    typed = {"identifier": ANNS_PHONE, "code": str(sent(people, ChangeStep.NEW)[0].code)}
    done = people.client(me).post(CONFIRM, typed)

    assert done.get_json() == {"status": "done"}
    verified = AccountVerified(account_id=me.subject, channel=Channel.PHONE)
    assert people.bench.said(AccountVerified)[-1] == verified
    contact = people.bench.said(AccountContactChanged)[-1]
    assert (contact.email, contact.phone, contact.version) == (ANN, ANNS_PHONE, 2)
    assert [one.address for one in sent(people, ChangeStep.DONE)] == [ANN]
    assert people.bench.said(AccountSessionsRevoked) == []
    assert people.signs_in(ANNS_PHONE)


def test_row_144_others_reach_somebody_by_the_first_address_or_what_took_its_place(
    quick: People,
) -> None:
    me = quick.signed_in()
    asks(quick, me, email="a@marked.example")
    confirms(quick, me, link(quick))
    assert quick.bench.said(AccountContactChanged)[-1].email == ANN

    asks(quick, me, email="z@marked.example", replaces=ANN)
    confirms(quick, me, link(quick))
    confirms(quick, me, link(quick, ChangeStep.OLD))

    assert known_by(quick, me) == ["z@marked.example", "a@marked.example"]
    assert quick.bench.said(AccountContactChanged)[-1].email == "z@marked.example"


def test_row_1_nothing_tells_whether_a_wanted_address_is_taken(people: People) -> None:
    people.joins(BOB)
    me = people.signed_in()

    free = asks(people, me, email=LATER, replaces=ANN)
    people.bench.advance(61)
    taken = asks(people, me, email=BOB, replaces=ANN)

    assert (taken.status_code, taken.data) == (free.status_code, free.data)
    assert len(sent(people, ChangeStep.OLD)) == 2
    assert [one.address for one in sent(people, ChangeStep.NEW)] == [LATER]
    (notice,) = people.messages(CodePurpose.ALREADY_REGISTERED)
    assert (notice.address, notice.link_token) == (BOB, None)
    agreed = confirms(people, me, link(people, ChangeStep.OLD))
    assert agreed.get_json() == {"status": "waiting"}
    assert known_by(people, me) == [ANN]


def test_an_address_that_somebody_only_registered_with_is_free_to_its_owner(
    people: People,
) -> None:
    people.registers(email=LATER, password="the thief was here before")
    thiefs_link = people.link()
    me = people.signed_in()
    asks(people, me, email=LATER)

    assert confirms(people, me, link(people)).get_json() == {"status": "done"}

    assert people.verifies(token=thiefs_link).status_code == 409
    assert people.tries("the thief was here before", who=LATER).status_code == 401
    assert people.signs_in(LATER)
    people.bench.advance(61)
    people.post("/auth/verify/resend", {"identifier": LATER})
    people.bench.advance(0)
    assert len(people.messages(CodePurpose.VERIFY)) == 1


def test_row_2_of_two_who_confirm_one_new_address_at_once_one_gets_it(people: People) -> None:
    both = [people.signed_in(who) for who in (ANN, BOB)]
    tokens = []
    for me in both:
        asks(people, me, email=LATER)
        tokens.append(link(people))
        people.bench.advance(61)

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda one: confirms(people, *one), zip(both, tokens, strict=True)))

    assert sorted(one.status_code for one in answers) == [200, 422]
    (lost,) = [one for one in answers if one.status_code == 422]
    assert told(lost) == told(confirms(people, both[0], "no such token"))
    assert [LATER in known_by(people, me) for me in both].count(True) == 1
    assert len(people.bench.said(AccountContactChanged)) == 3


def test_row_2_a_link_opened_in_many_places_at_once_counts_once(people: People) -> None:
    me = people.signed_in()
    asks(people, me, email=LATER, replaces=ANN)
    tokens = [link(people, step) for step in (ChangeStep.NEW, ChangeStep.OLD)]

    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(lambda one: confirms(people, me, one), tokens * 3))

    assert [one.status_code for one in answers] == [200] * 6
    assert confirms(people, me, tokens[0]).get_json() == {"status": "done"}
    assert len(people.bench.said(AccountContactChanged)) == 2
    assert len(sent(people, ChangeStep.DONE)) == 1


def test_somebody_elses_change_is_answered_like_none_at_all(people: People) -> None:
    ann, bob = people.signed_in(), people.signed_in(BOB)
    asks(people, ann, email=LATER)
    people.bench.advance(61)
    asks(people, ann, phone=ANNS_PHONE)
    code = str(sent(people, ChangeStep.NEW)[-1].code)

    foreign = confirms(people, bob, str(sent(people, ChangeStep.NEW)[0].link_token))
    typed = people.client(bob).post(CONFIRM, {"identifier": ANNS_PHONE, "code": code})

    assert told(foreign) == told(confirms(people, bob, "no such token"))
    missing = people.client(bob).post(CONFIRM, {"identifier": "+8613900000000", "code": code})
    assert told(typed) == told(missing)
    assert people.bench.client().post(CONFIRM, {"token": link(people)}).status_code == 401
    assert people.verifies(token=str(sent(people, ChangeStep.NEW)[0].link_token)).status_code == 422
    assert known_by(people, bob) == [BOB]


def test_an_address_of_somebody_else_is_answered_like_one_that_nobody_has(quick: People) -> None:
    """And the right password is no guess, however often it is told."""
    quick.joins(BOB)
    me = quick.signed_in()

    for act in (
        lambda who: asks(quick, me, email=LATER, replaces=who),
        lambda who: removes(quick, me, email=who),
    ):
        foreign, missing = act(BOB), act(NOBODYS)
        assert foreign.status_code == missing.status_code
        assert (
            foreign.text.replace("b***@", "n***@").partition("trace_id")[0]
            == (missing.text.partition("trace_id")[0])
        )
    assert quick.messages() == []


def test_row_3_a_code_for_a_new_number_may_be_typed_five_times(quick: People) -> None:
    me = quick.signed_in()
    asks(quick, me, phone=ANNS_PHONE)
    code = str(sent(quick, ChangeStep.NEW)[0].code)
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    guesses = [wrong] * 5 + [code]

    answers = [
        quick.client(me).post(CONFIRM, {"identifier": ANNS_PHONE, "code": guess}).status_code
        for guess in guesses
    ]

    assert answers == [422] * 6
    assert known_by(quick, me) == [ANN]


def test_row_2_it_is_sent_again_once_a_minute_and_what_was_confirmed_stays(quick: People) -> None:
    me = quick.signed_in()
    for _ in range(2):
        asks(quick, me, email=LATER, replaces=ANN)
    assert len(sent(quick, ChangeStep.NEW)) == 1
    confirms(quick, me, link(quick, ChangeStep.OLD))
    quick.bench.advance(61)

    asks(quick, me, email=LATER, replaces=ANN)

    assert [len(sent(quick, one)) for one in (ChangeStep.NEW, ChangeStep.OLD)] == [2, 1]
    first = str(sent(quick, ChangeStep.NEW)[0].link_token)
    assert confirms(quick, me, first).get_json() == {"status": "done"}


def test_row_2_another_wish_and_a_day_make_its_links_void(quick: People) -> None:
    me = quick.signed_in()
    asks(quick, me, email=LATER, replaces=ANN)
    first = [link(quick), link(quick, ChangeStep.OLD)]
    quick.bench.advance(61)

    asks(quick, me, email=NOBODYS, replaces=ANN)
    assert [confirms(quick, me, one).status_code for one in first] == [422, 422]

    late = [link(quick), link(quick, ChangeStep.OLD)]
    quick.bench.advance(24 * 3600)
    assert [confirms(quick, me, one).status_code for one in late] == [422, 422]
    assert known_by(quick, me) == [ANN]


def test_row_6_an_address_that_was_given_up_sets_no_password(people: People) -> None:
    me = people.signed_in()
    people.post("/auth/password/forgot", {"identifier": ANN})
    people.bench.advance(61)
    reset = people.link(CodePurpose.RESET_PASSWORD)
    asks(people, me, email=LATER, replaces=ANN)
    for step in (ChangeStep.NEW, ChangeStep.OLD):
        confirms(people, me, link(people, step))

    body = {"token": reset, "password": NEW_PASSWORD}
    assert people.post("/auth/password/reset", body).status_code == 422
    people.post("/auth/password/forgot", {"identifier": ANN})
    people.bench.advance(0)

    assert len(people.messages(CodePurpose.RESET_PASSWORD)) == 1
    assert people.signs_in(LATER)
