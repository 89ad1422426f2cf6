"""The auditor says nothing of accounts that are in order, and finds each thing that is not."""

import re

import pytest
from sqlalchemy import text

from account_service.audit import problems
from account_service.testing import BOB, People, a_home
from chassis.identity import Identity
from chassis.testing import Bench


def said_of(bench: Bench) -> list[str]:
    with bench.database.read() as connection:
        return list(problems(connection, now=bench.clock.now()))


def lived_in(people: People) -> Identity:
    """Ann has two homes and two sessions, one of them renewed; Mo sells, and Bob was shut out."""
    ann = people.signed_in()
    people.refreshes(people.signs_in()["refresh_token"])
    for line in ("1 Lilac Road", "2 Lilac Road"):
        assert people.client(ann).post("/account/addresses", a_home(line1=line)).status_code == 201
    people.signed_in("mo@marked.example", role="merchant", merchant_id="m-1", merchant_name="Mo")
    bob = people.signed_in(BOB)
    people.client(people.admin()).post(f"/admin/accounts/{bob.subject}/disable")
    return ann


def test_it_has_nothing_to_say_of_accounts_that_are_used(people: People) -> None:
    lived_in(people)

    assert said_of(people.bench) == []


@pytest.mark.parametrize(
    ("damage", "complaint"),
    [
        ("UPDATE accounts SET status = 'disabled'", "is open, and its account .* is disabled"),
        ("UPDATE sessions SET revoked_at = NULL", "is open, and its account .* is disabled"),
        (
            "UPDATE identifiers SET verified_at = NULL",
            "nothing of its account .* was ever verified",
        ),
        ("UPDATE merchants SET status = 'suspended'", "the merchant m-1 it works for is suspended"),
        ("UPDATE sessions SET part = 'admin'", "has the role admin, which its account"),
        ("DELETE FROM staff WHERE part = 'merchant'", "has the role merchant, which its account"),
        ("UPDATE refresh_tokens SET used_at = NULL, nonce = NULL", "tokens 2 may still be used"),
        ("DELETE FROM refresh_tokens WHERE used_at IS NULL", "tokens 0 may still be used"),
        ("UPDATE refresh_tokens SET nonce = NULL", "was used and is followed by none"),
        ("UPDATE addresses SET is_default = false", "2 pages, of which 0 are the default"),
        ("UPDATE accounts SET password_hash = NULL", "may sign in without a password"),
        ("UPDATE accounts SET version = 0", "Nobody was told how the account"),
        ("UPDATE staff SET merchant_id = NULL", "is staff as a merchant, with the merchant None"),
    ],
)
def test_it_finds_rows_that_contradict_each_other(
    quick: People, damage: str, complaint: str
) -> None:
    lived_in(quick)
    with quick.bench.database.engine.begin() as connection:
        connection.execute(text(damage))

    said = "\n".join(said_of(quick.bench))

    assert re.search(complaint, said), said
