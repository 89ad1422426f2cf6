"""Mail addresses and numbers that are removed, and how many there may be (FEATURES row 144)."""

from concurrent.futures import ThreadPoolExecutor

from account_service.domain import identifier
from account_service.domain.move import AT_MOST
from account_service.store import moves
from account_service.testing import ANN, ANNS_PHONE, BOB, NEW_PASSWORD, PASSWORD, People
from account_service.testing_moves import (
    LATER,
    adds_a_number,
    asks,
    confirms,
    known_by,
    link,
    removes,
    sent,
)
from shop_events.contracts.account import (
    AccountContactChanged,
    ChangeStep,
)
from shop_events.testing.waiting import eventually


def test_row_144_the_last_verified_address_cannot_be_removed(people: People) -> None:
    me = people.signed_in()
    asks(people, me, email=LATER)

    refused = removes(people, me, email=ANN)

    assert (refused.status_code, refused.get_json()["code"]) == (409, "last_identifier")
    assert refused.get_json()["detail"].startswith("a***@marked.example is the last one")
    assert known_by(people, me) == [ANN]


def test_row_144_of_two_that_are_removed_at_once_one_stays(people: People) -> None:
    me = people.signed_in()
    adds_a_number(people, me)
    people.bench.advance(24 * 3600)

    with ThreadPoolExecutor(2) as pool:
        both = [{"email": ANN}, {"phone": ANNS_PHONE}]
        answers = list(pool.map(lambda one: removes(people, me, **one).status_code, both))

    assert sorted(answers) == [204, 409]
    assert len(known_by(people, me)) == 1


def test_row_144_what_is_removed_opens_nothing_and_its_owner_is_told_there_and_elsewhere(
    people: People,
) -> None:
    me = people.signed_in()
    adds_a_number(people, me)
    elsewhere = people.signs_in(ANNS_PHONE)

    assert removes(people, me, phone=ANNS_PHONE).status_code == 204

    assert known_by(people, me) == [ANN]
    contact = people.bench.said(AccountContactChanged)[-1]
    assert (contact.email, contact.phone, contact.version) == (ANN, None, 3)
    assert [one.address for one in sent(people, ChangeStep.DONE)] == [ANN, ANN, ANNS_PHONE]
    eventually(lambda: not people.comes_in(elsewhere))
    assert people.tries(PASSWORD, who=ANNS_PHONE).status_code == 401
    assert removes(people, me, phone=ANNS_PHONE).status_code == 404


def test_row_2_adding_one_and_removing_the_old_one_is_no_way_round_its_owner(
    quick: People,
) -> None:
    me = quick.signed_in()
    quick.bench.advance(60)
    adds_a_number(quick, me)

    early = removes(quick, me, email=ANN)
    quick.bench.advance(24 * 3600)

    assert (early.status_code, early.get_json()["code"]) == (409, "others_too_new")
    assert removes(quick, me, email=ANN).status_code == 204
    assert known_by(quick, me) == [ANNS_PHONE]


def test_row_144_a_removed_address_is_not_replaced_any_more(quick: People) -> None:
    me = quick.signed_in()
    asks(quick, me, email=BOB)
    confirms(quick, me, link(quick))
    asks(quick, me, email=LATER, replaces=BOB)

    removes(quick, me, email=BOB)

    assert confirms(quick, me, link(quick)).status_code == 422
    assert known_by(quick, me) == [ANN]


def test_whoever_is_signed_in_tells_the_password_again_and_does_not_guess_it_there(
    quick: People,
) -> None:
    me = quick.signed_in()

    for act in (asks, removes, asks):
        wrong = act(quick, me, email=LATER, password="a guess")
        assert (wrong.status_code, list(wrong.get_json()["errors"])) == (422, ["password"])

    change = {"old_password": PASSWORD, "new_password": NEW_PASSWORD}
    assert quick.client(me).post("/account/password", change).status_code == 429
    assert quick.messages() == []


def test_an_account_has_five_addresses_at_most_and_may_change_them(quick: People) -> None:
    me = quick.signed_in()
    for number in range(1, AT_MOST):
        asks(quick, me, email=f"{number}@marked.example")
        confirms(quick, me, link(quick))

    one_more = asks(quick, me, email=LATER)

    assert (one_more.status_code, one_more.get_json()["code"]) == (409, "too_many_identifiers")
    assert asks(quick, me, email=LATER, replaces=ANN).status_code == 202


def test_an_address_replaces_one_s_own_other_address_alone(quick: People) -> None:
    me = quick.signed_in()

    for body in (
        {"email": ANN, "replaces": ANN},
        {"phone": ANNS_PHONE, "replaces": ANN},
        {"email": LATER, "replaces": "nonsense"},
    ):
        refused = asks(quick, me, **body)
        assert (refused.status_code, list(refused.get_json()["errors"])) == (422, ["replaces"])
    assert asks(quick, me, email=LATER, phone=ANNS_PHONE).status_code == 422
    assert quick.messages() == []


def test_what_nobody_can_confirm_any_more_is_forgotten(quick: People) -> None:
    me = quick.signed_in()
    asks(quick, me, email=LATER)
    quick.bench.advance(3 * 24 * 3600)

    quick.bench.do_chores()

    with quick.bench.database.read() as connection:
        assert moves.get(connection, me.subject, identifier.Channel.EMAIL) is None
