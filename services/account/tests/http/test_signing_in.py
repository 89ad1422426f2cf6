"""Signing in (FEATURES row 5, SECURITY.md parts 1 and 2)."""

import statistics
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from account_service.domain.throttle import LONGEST_DELAY_S
from account_service.testing import ANN, BOB, PASSWORD, People
from shop_events.contracts.account import CodePurpose

WRONG = "five mugs and no lilac"


def test_row_5_a_shopper_gets_a_short_access_token_and_a_refresh_token(people: People) -> None:
    account_id = people.joins()

    pair = people.signs_in()

    assert (pair["token_type"], pair["expires_in"]) == ("Bearer", 600)
    who = people.identity(pair)
    assert (who.subject, who.role, who.merchant_id) == (account_id, "shopper", None)
    assert people.comes_in(pair)


def test_a_clerk_is_signed_in_for_one_merchant_unless_they_come_to_buy(quick: People) -> None:
    quick.joins(role="merchant", merchant_id="m-mei", merchant_name="Mei's Mugs")

    clerk = quick.identity(quick.signs_in())
    buyer = quick.identity(quick.signs_in(role="shopper"))

    assert (clerk.role, clerk.merchant_id) == ("merchant", "m-mei")
    assert (buyer.role, buyer.merchant_id) == ("shopper", None)
    assert quick.tries(PASSWORD, role="admin").status_code == 403


def test_asvs_6_3_8_unknown_unverified_and_wrong_are_one_answer_in_one_time(
    quick: People,
) -> None:
    quick.joins()
    quick.tries(WRONG, who=BOB)
    took: dict[str, list[float]] = {ANN: [], BOB: []}
    bodies = set()
    for number in range(60):
        who = (ANN, BOB)[number % 2]
        quick.bench.advance(LONGEST_DELAY_S)
        began = time.thread_time()
        refused = quick.tries(WRONG, who=who)
        took[who].append(time.thread_time() - began)
        bodies.add((refused.status_code, str({**refused.get_json(), "trace_id": ""})))

    known, unknown = (statistics.median(took[who]) for who in (ANN, BOB))

    assert len(bodies) == 1
    assert abs(known - unknown) < 0.25 * max(known, unknown)


def test_6_3_1_of_guesses_from_many_networks_thirty_an_hour_are_looked_at(
    quick: People,
) -> None:
    quick.joins()
    looked_at = 0
    for second in range(0, 3600, 12):
        answer = quick.tries(WRONG, at=f"198.{second % 100}.{second % 250}.7")
        looked_at += answer.status_code == 401
        assert answer.status_code == 401 or int(answer.headers["Retry-After"]) <= LONGEST_DELAY_S
        quick.bench.advance(12)

    assert 10 <= looked_at <= 30


def test_6_3_1_guesses_at_the_same_moment_are_counted_before_they_are_looked_at(
    people: People,
) -> None:
    people.joins()

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: people.tries(WRONG).status_code, range(12)))

    assert answers.count(401) <= 4
    assert set(answers) == {401, 429}


def test_6_3_1_the_owner_comes_in_from_home_while_a_stranger_guesses(quick: People) -> None:
    quick.joins()
    quick.signs_in()
    for _ in range(8):
        quick.tries(WRONG, at="203.0.113.9")

    assert quick.tries(PASSWORD, at="203.0.113.9").status_code == 429
    assert quick.tries(PASSWORD).status_code == 200


def test_an_account_is_never_locked_for_longer_than_a_quarter_of_an_hour(quick: People) -> None:
    quick.joins()
    for _ in range(20):
        quick.tries(WRONG)
        quick.bench.advance(LONGEST_DELAY_S)

    assert quick.tries(PASSWORD).status_code == 200


def test_a_network_has_so_many_tries_whoever_it_asks_for(quick: People) -> None:
    settings = quick.bench.runtime.settings
    object.__setattr__(settings, "attempts_of_a_network", 5)

    answers = [
        quick.tries(WRONG, who=f"{number}@marked.example", at=f"203.0.113.{number}").status_code
        for number in range(7)
    ]

    assert answers == [401] * 5 + [429] * 2
    assert quick.tries(WRONG, at="198.51.100.1").status_code == 401


def test_6_3_5_the_owner_is_told_of_a_new_device_once(quick: People) -> None:
    quick.joins()
    phone = {"User-Agent": "A phone"}
    body = {"identifier": ANN, "password": PASSWORD}

    quick.signs_in()
    assert quick.messages(CodePurpose.NEW_DEVICE) == []

    quick.post("/auth/login", body, **phone)
    quick.post("/auth/login", body, **phone)

    assert [one.address for one in quick.messages(CodePurpose.NEW_DEVICE)] == [ANN]


def test_a_hash_made_with_less_is_made_anew_when_its_owner_signs_in(quick: People) -> None:
    quick.joins()
    settings = quick.bench.runtime.settings
    object.__setattr__(settings, "password_memory_kib", 128)
    object.__setattr__(settings, "attempts_of_all", 999_999)

    quick.signs_in()

    with quick.bench.database.read() as connection:
        hashed = connection.exec_driver_sql("SELECT password_hash FROM accounts").scalar_one()
    assert "$argon2id$v=19$m=128,t=1,p=1$" in hashed
    assert quick.signs_in()


def test_what_is_no_sign_in_is_refused_by_its_field_and_never_hashed(quick: People) -> None:
    for field, changed in {
        "password": {"password": "x" * 129},
        "identifier": {"identifier": "x" * 400},
        "role": {"role": "root"},
        "otp_code": {"otp_code": "1"},
    }.items():
        refused = quick.post("/auth/login", {"identifier": ANN, "password": PASSWORD, **changed})

        assert refused.status_code == 422
        assert list(refused.get_json()["errors"]) == [field]


def test_a_log_of_sign_ins_names_no_address(
    quick: People, caplog: pytest.LogCaptureFixture
) -> None:
    quick.joins()
    with caplog.at_level("INFO"):
        quick.tries(WRONG)
        quick.tries(WRONG, who=BOB)
        quick.signs_in()

    assert "was refused: nobody we know" in caplog.text
    assert not [word for word in (ANN, BOB, PASSWORD, WRONG) if word in caplog.text]
