"""The address book and one's profile (FEATURES row 7)."""

import json
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import select

from account_service.domain.address import AT_MOST
from account_service.testing import ANN, BOB, People, a_home
from chassis.idempotency_table import first_answers
from chassis.testing import Client
from shop_events.contracts.account import AccountContactChanged

BOOK = "/account/addresses"


def defaults(client: Client) -> list[str]:
    return [one["line1"] for one in listed(client) if one["is_default"]]


def listed(client: Client) -> list[dict[str, str]]:
    items: list[dict[str, str]] = client.get(BOOK).get_json()["items"]
    return items


def test_row_7_an_address_is_kept_with_the_names_its_division_stands_for(people: People) -> None:
    ann = people.client(people.signed_in())

    made = ann.post(BOOK, a_home(phone="138 0000 0000"))

    assert made.status_code == 201
    kept = made.get_json()
    assert (kept["province"], kept["city"], kept["district"]) == ("上海市", "上海市", "黄浦区")
    assert kept["phone"] == "+8613800000000"
    assert kept["is_default"] is True
    assert listed(ann) == [kept]


def test_an_address_that_is_sent_twice_with_one_key_is_written_down_once(quick: People) -> None:
    ann = quick.client(quick.signed_in())

    first, again = (ann.post(BOOK, a_home(), key="home") for _ in range(2))

    assert (again.status_code, again.get_json()) == (201, first.get_json())
    assert again.headers["Idempotency-Replayed"] == "true"
    assert listed(ann) == [first.get_json()]
    with quick.bench.database.read() as connection:
        (kept,) = connection.execute(select(first_answers.c.body)).scalars()
    assert json.loads(kept) == {"id": first.get_json()["id"]}, "Nobody's data is kept twice."


def test_an_address_that_was_taken_out_is_not_written_down_again_by_a_repeat(quick: People) -> None:
    ann = quick.client(quick.signed_in())
    first = ann.post(BOOK, a_home(), key="home").get_json()
    ann.delete(f"{BOOK}/{first['id']}")

    assert ann.post(BOOK, a_home(), key="home").status_code == 404
    assert listed(ann) == []


def test_row_7_the_default_moves_and_there_is_always_one(people: People) -> None:
    ann = people.client(people.signed_in())
    home = ann.post(BOOK, a_home()).get_json()
    work = ann.post(BOOK, a_home(line1="Work")).get_json()
    assert defaults(ann) == ["1 Lilac Road"]

    assert ann.patch(f"{BOOK}/{work['id']}", {"is_default": True}).status_code == 200
    assert defaults(ann) == ["Work"]
    refused = ann.patch(f"{BOOK}/{work['id']}", {"is_default": False})
    assert (refused.status_code, list(refused.get_json()["errors"])) == (422, ["is_default"])

    assert ann.delete(f"{BOOK}/{work['id']}").status_code == 204
    assert defaults(ann) == ["1 Lilac Road"]
    assert ann.delete(f"{BOOK}/{home['id']}").status_code == 204
    assert listed(ann) == []


def test_row_7_many_defaults_at_once_leave_one(people: People) -> None:
    ann = people.signed_in()
    streets = [f"{number} Lilac Road" for number in range(6)]

    def write(street: str) -> int:
        answer = people.client(ann).post(BOOK, a_home(line1=street, is_default=True))
        return answer.status_code

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(write, streets)) == [201] * 6

    assert len(listed(people.client(ann))) == 6
    assert len(defaults(people.client(ann))) == 1


def test_row_7_only_a_district_of_the_table_is_accepted(quick: People) -> None:
    ann = quick.client(quick.signed_in())
    for code in ("310000", "440100", "440106", "999999", "441900", "429004", "810000"):
        answer = ann.post(BOOK, a_home(division_code=code))

        if code in ("440106", "441900", "429004", "810000"):
            assert answer.status_code == 201, code
        else:
            assert list(answer.get_json()["errors"]) == ["division_code"], code


def test_row_7_an_address_book_holds_fifty(quick: People) -> None:
    ann = quick.client(quick.signed_in())
    for _ in range(AT_MOST):
        assert ann.post(BOOK, a_home()).status_code == 201

    assert ann.post(BOOK, a_home()).status_code == 409


BAD = {
    "recipient": "",
    "phone": "call me",
    "country": "FR",
    "division_code": "31010",
    "line1": "x" * 201,
    "postal_code": "ABC",
    "is_default": "yes",
    "account_id": "ann",
    "province": "上海市",
}


def test_what_is_no_address_is_refused_by_its_field(quick: People) -> None:
    ann = quick.client(quick.signed_in())
    kept = ann.post(BOOK, a_home()).get_json()
    for field, value in BAD.items():
        for answer in (
            ann.post(BOOK, a_home(**{field: value})),
            ann.patch(f"{BOOK}/{kept['id']}", {field: value}),
        ):
            assert answer.status_code == 422, field
            assert list(answer.get_json()["errors"]) == [field]
    nul = ann.post(BOOK, a_home(line1="1 Lilac\x00Road"))
    assert nul.status_code == 400
    assert listed(ann) == [kept]


def test_somebody_elses_address_is_answered_like_one_that_never_was(quick: People) -> None:
    ann, bob = quick.client(quick.signed_in()), quick.client(quick.signed_in(BOB))
    kept = ann.post(BOOK, a_home()).get_json()
    for method, body in (("PATCH", {"line1": "Bob's"}), ("DELETE", None)):
        foreign = bob.send(method, f"{BOOK}/{kept['id']}", body)
        missing = bob.send(method, f"{BOOK}/none", body)

        assert foreign.status_code == missing.status_code == 404
        told = missing.get_json()["detail"].replace("none", kept["id"])
        assert foreign.get_json()["detail"] == told
    assert listed(ann) == [kept]
    assert listed(bob) == []


def test_anybody_may_read_the_divisions_and_keep_them_for_a_day(quick: People) -> None:
    everybody = quick.bench.client()

    provinces = everybody.get("/divisions")
    below = everybody.get("/divisions", query_string={"parent": "310100"}).get_json()["items"]

    assert len(provinces.get_json()["items"]) == 34
    assert provinces.headers["Cache-Control"] == "public, max-age=86400"
    assert {"code": "310101", "name": "黄浦区", "leaf": True} in below
    assert everybody.get("/divisions?parent=000000").status_code == 404
    assert everybody.get("/divisions?parent=x").status_code == 422


def test_row_144_a_profile_is_changed_and_told_once(people: People) -> None:
    ann = people.client(people.signed_in())

    changed = ann.patch("/account/me", {"display_name": "Anna", "locale": "en"})
    ann.patch("/account/me", {"display_name": "Anna"})

    assert changed.get_json() == ann.get("/account/me").get_json()
    assert changed.get_json()["identifiers"] == [
        {"channel": "email", "value": ANN, "verified": True}
    ]
    told = people.bench.said(AccountContactChanged)
    assert [(one.display_name, one.locale, one.version) for one in told] == [
        ("Ann Marked", "zh-CN", 1),
        ("Anna", "en", 2),
    ]


def test_nobody_gives_themselves_a_role_or_another_address(quick: People) -> None:
    ann = quick.client(quick.signed_in())
    for field in ("roles", "merchant_id", "status", "id", "email", "identifiers"):
        refused = ann.patch("/account/me", {field: "admin"})

        assert (refused.status_code, list(refused.get_json()["errors"])) == (422, [field])
