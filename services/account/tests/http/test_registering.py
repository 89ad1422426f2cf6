"""Registering and verifying (FEATURES rows 1 and 2, SECURITY.md part 1)."""

from concurrent.futures import ThreadPoolExecutor

from account_service.testing import ANN, ANNS_PHONE, NEW_PASSWORD, PASSWORD, People
from shop_events.contracts.account import (
    AccountContactChanged,
    AccountRegistered,
    AccountVerified,
    Channel,
    CodePurpose,
)


def test_row_1_whoever_opens_the_mailed_link_is_registered_verified_and_signed_in(
    people: People,
) -> None:
    assert people.registers(referral_code="MUG-1").status_code == 202
    (account_id,) = people.registered()
    assert people.bench.said(AccountRegistered)[0].referral_code == "MUG-1"

    pair = people.verifies().get_json()

    assert people.identity(pair).subject == account_id
    assert people.bench.said(AccountVerified) == [
        AccountVerified(account_id=account_id, channel=Channel.EMAIL)
    ]
    assert people.bench.said(AccountContactChanged) == [
        AccountContactChanged(
            account_id=account_id,
            email=ANN,
            phone=None,
            locale="zh-CN",
            display_name="Ann Marked",
            version=1,
        )
    ]
    assert people.signs_in()


def test_row_1_a_telephone_number_is_verified_by_a_code_that_is_typed(quick: People) -> None:
    quick.registers(email=None, phone="138 0000 0000")
    (sent,) = quick.messages()
    assert (sent.channel, sent.address, sent.link_token) == (Channel.PHONE, ANNS_PHONE, None)
    assert sent.code is not None

    assert quick.verifies(identifier=ANNS_PHONE, code=sent.code).status_code == 200
    assert quick.signs_in("+86 138-0000-0000")


def test_row_1_a_taken_address_is_answered_like_a_free_one_and_its_owner_is_told(
    people: People,
) -> None:
    people.joins()

    taken = people.registers(password="another long password")
    free = people.registers(email="carl@marked.example")

    assert (taken.status_code, taken.data) == (free.status_code, free.data)
    told, _ = people.messages()
    assert (told.address, told.purpose) == (ANN, CodePurpose.ALREADY_REGISTERED)
    assert (told.code, told.link_token) == (None, None)
    assert people.tries("another long password").status_code == 401


def test_an_address_counts_once_however_it_is_written(quick: People) -> None:
    quick.joins()

    quick.registers(email="  Ann@MARKED.example ")

    assert [one.purpose for one in quick.messages()] == [CodePurpose.ALREADY_REGISTERED]


def test_row_2_a_link_counts_once(people: People) -> None:
    people.registers()
    token = people.link()
    assert people.verifies(token=token).status_code == 200

    again = people.verifies(token=token)

    assert again.status_code == 422
    assert list(again.get_json()["errors"]) == ["token"]


def test_row_2_one_link_opened_in_many_places_at_once_counts_once(people: People) -> None:
    people.registers()
    token = people.link()

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: people.verifies(token=token).status_code, range(4)))

    assert sorted(answers) == [200, 422, 422, 422]
    assert len(people.bench.said(AccountVerified)) == 1


def test_row_2_a_link_counts_for_a_day(quick: People) -> None:
    quick.registers()

    quick.bench.advance(24 * 3600)

    assert quick.verifies().status_code == 422


def test_row_2_a_link_is_sent_again_once_a_minute_and_ten_times_a_day(quick: People) -> None:
    quick.registers()
    again = {"identifier": ANN}
    assert quick.post("/auth/verify/resend", again).status_code == 202
    assert len(quick.messages()) == 1

    for _ in range(12):
        quick.bench.advance(61)
        assert quick.post("/auth/verify/resend", again).status_code == 202
        quick.bench.advance(0)

    assert len(quick.messages()) == 10
    assert quick.verifies().status_code == 200


def test_row_2_nothing_is_sent_to_an_address_that_never_registered(quick: People) -> None:
    asked = quick.post("/auth/verify/resend", {"identifier": "nobody@marked.example"})
    quick.bench.advance(0)

    assert asked.status_code == 202
    assert quick.messages() == []


def test_row_3_a_code_may_be_typed_five_times(quick: People) -> None:
    quick.registers(email=None, phone=ANNS_PHONE)
    code = str(quick.messages()[0].code)
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"

    for _ in range(5):
        assert quick.verifies(identifier=ANNS_PHONE, code=wrong).status_code == 422

    assert quick.verifies(identifier=ANNS_PHONE, code=code).status_code == 422


def test_row_3_codes_that_are_tried_at_once_are_counted_one_by_one(people: People) -> None:
    people.registers(email=None, phone=ANNS_PHONE)
    code = str(people.messages()[0].code)
    guesses = [f"{(int(code) + step) % 1_000_000:06d}" for step in range(1, 9)]

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda one: people.verifies(identifier=ANNS_PHONE, code=one), guesses))

    assert people.verifies(identifier=ANNS_PHONE, code=code).status_code == 422


def test_nobody_chooses_a_password_for_somebody_elses_address_beforehand(quick: People) -> None:
    quick.registers(password="the thief was here before")
    quick.bench.advance(3600)
    quick.registers(password=PASSWORD)

    assert quick.verifies().status_code == 200

    assert quick.tries("the thief was here before").status_code == 401
    assert quick.signs_in(password=PASSWORD)
    assert quick.verifies(token=str(quick.messages()[0].link_token)).status_code == 422


def test_somebody_who_has_not_opened_the_link_cannot_tell_it_from_a_wrong_password(
    quick: People,
) -> None:
    quick.registers()

    right, wrong = quick.tries(PASSWORD), quick.tries(NEW_PASSWORD)

    assert right.status_code == 401
    assert {**right.get_json(), "trace_id": ""} == {**wrong.get_json(), "trace_id": ""}


def test_two_who_register_one_address_at_once_make_one_account(people: People) -> None:
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: people.registers().status_code, range(4)))

    assert answers == [202] * 4
    assert len(people.registered()) == 1
    assert len(people.messages()) == 1


BAD = [
    ("password", {"password": "1234567"}),
    ("password", {"password": "password1"}),
    ("password", {"password": "Jishi-2026"}),
    ("password", {"password": "annmarked1"}),
    ("password", {"password": "x" * 129}),
    ("password", {"password": 12345678}),
    ("email", {"email": "not an address"}),
    ("email", {"email": f"ann@{'x' * 400}.example"}),
    ("email", {"phone": ANNS_PHONE}),
    ("phone", {"email": None, "phone": "12"}),
    ("display_name", {"display_name": "Ann\nMarked"}),
    ("display_name", {"display_name": " "}),
    ("locale", {"locale": "tlh"}),
    ("referral_code", {"referral_code": "'; --"}),
    ("role", {"role": "admin"}),
    ("verified", {"verified": True}),
]


def test_what_cannot_be_registered_is_refused_by_its_field(quick: People) -> None:
    for field, changed in BAD:
        refused = quick.registers(**changed)

        assert refused.status_code == 422, changed
        assert list(refused.get_json()["errors"]) == [field], changed
    assert quick.bench.events() == []


def test_a_password_of_any_characters_is_accepted_whole(quick: People) -> None:
    for number, password in enumerate(["长长的密码没有规则", "        8", "x" * 128, "aaaa bbbb"]):
        who = f"{number}@marked.example"
        quick.registers(email=who, password=password)
        quick.verifies()

        assert quick.tries(password, who=who).status_code == 200
        assert quick.tries(password[:-1], who=who).status_code == 401
