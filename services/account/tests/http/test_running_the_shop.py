"""Admins, merchants and the first of them."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from account_service.domain.errors import AdminExists
from account_service.store import audit
from account_service.testing import ANN, BOB, NEW_PASSWORD, PASSWORD, People, a_dev_account
from account_service.usecases.make_first_admin import invite_first_admin
from chassis.tokens import KeySet, TokenCheck
from shop_events.contracts.account import (
    AccountDisabled,
    AccountEnabled,
    AccountSessionsRevoked,
    MerchantChanged,
    MerchantStatus,
)
from shop_events.testing.waiting import eventually


def invites(people: People) -> str:
    with people.bench.database.begin() as tx:
        return invite_first_admin(tx)


def redeems(people: People, token: str, email: str = "ada@marked.example") -> int:
    body = {
        "token": token,
        "email": email,
        "password": PASSWORD,
        "display_name": "Ada",
    }
    return people.post("/auth/first-admin", body).status_code


def test_6_3_2_the_first_admin_is_made_once_by_a_token_that_counts_once(people: People) -> None:
    token = invites(people)

    assert redeems(people, token) == 201

    pair = people.signs_in("ada@marked.example")
    assert people.identity(pair).role == "admin"
    assert redeems(people, token, BOB) == 401
    with pytest.raises(AdminExists):
        invites(people)


def test_6_3_2_of_two_who_come_with_the_token_at_once_one_is_the_admin(people: People) -> None:
    token = invites(people)

    with ThreadPoolExecutor(2) as pool:
        made = list(pool.map(lambda who: redeems(people, token, who), [ANN, BOB]))

    assert sorted(made) == [201, 401]


def test_6_3_2_an_admins_token_counts_for_an_hour_and_until_the_next_one(quick: People) -> None:
    old = invites(quick)
    token = invites(quick)
    assert redeems(quick, old) == 401
    assert redeems(quick, "guessed") == 401

    quick.bench.advance(3600)

    assert redeems(quick, token) == 401
    assert quick.registered() == []


def test_a_merchant_is_let_in_by_an_admin_and_its_owner_is_its_clerk(people: People) -> None:
    owner, ada = people.signed_in(), people.client(people.admin())

    made = ada.post("/admin/merchants", {"name": "Mei's Mugs", "owner_email": ANN})

    assert made.status_code == 201
    merchant_id = made.get_json()["id"]
    assert people.identity(people.signs_in()).merchant_id == merchant_id
    assert people.client(owner).get("/account/me").get_json()["roles"] == ["shopper", "merchant"]
    again = ada.post("/admin/merchants", {"name": "Mei's Mugs", "owner_email": ANN})
    assert again.status_code == 409
    card = people.bench.client().get(f"/merchants/{merchant_id}").get_json()
    assert card == {"id": merchant_id, "name": "Mei's Mugs"}
    assert len(people.bench.said(MerchantChanged)) == 1


def test_only_a_verified_owner_runs_a_merchant(quick: People) -> None:
    quick.registers()
    ada = quick.client(quick.admin())

    refused = ada.post("/admin/merchants", {"name": "Mei's Mugs", "owner_email": ANN})

    assert (refused.status_code, list(refused.get_json()["errors"])) == (422, ["owner_email"])
    assert ada.get("/admin/merchants").get_json()["items"] == []


def test_a_merchant_is_suspended_and_everybody_hears_the_newest_of_it(quick: People) -> None:
    ada = quick.client(quick.admin())
    quick.joins(role="merchant", merchant_id="m-mei", merchant_name="Mei's Mugs")

    ada.patch("/admin/merchants/m-mei", {"status": "suspended"})
    ada.patch("/admin/merchants/m-mei", {"status": "suspended"})

    told = quick.bench.said(MerchantChanged)
    assert [(one.status, one.version) for one in told] == [
        (MerchantStatus.ACTIVE, 1),
        (MerchantStatus.SUSPENDED, 2),
    ]
    assert ada.patch("/admin/merchants/none", {"name": "X"}).status_code == 404
    assert ada.patch("/admin/merchants/m-mei", {"status": "gone"}).status_code == 422


def test_of_two_admins_who_read_the_same_merchant_the_second_to_change_it_reads_again(
    quick: People,
) -> None:
    ada = quick.client(quick.admin())
    quick.joins(role="merchant", merchant_id="m-mei", merchant_name="Mei's Mugs")
    (seen,) = ada.get("/admin/merchants").get_json()["items"]
    as_read = {"If-Match": f'"{seen["version"]}"'}

    changed = ada.patch("/admin/merchants/m-mei", {"name": "Mei's"}, headers=as_read)
    stale = ada.patch("/admin/merchants/m-mei", {"status": "suspended"}, headers=as_read)

    assert (changed.status_code, changed.headers["ETag"]) == (200, '"2"')
    assert (stale.status_code, stale.get_json()["code"]) == (412, "precondition_failed")
    (now,) = ada.get("/admin/merchants").get_json()["items"]
    assert (now["name"], now["status"], now["version"]) == ("Mei's", "active", 2)


def test_who_works_for_a_suspended_merchant_is_out_until_it_is_reinstated(people: People) -> None:
    ada = people.client(people.admin())
    people.joins(role="merchant", merchant_id="m-mei", merchant_name="Mei's Mugs")
    people.joins(BOB, role="merchant", merchant_id="m-bo", merchant_name="Bo's Bowls")
    clerk, shopper, other = people.signs_in(), people.signs_in(role="shopper"), people.signs_in(BOB)
    session = people.identity(clerk).session_id

    ada.patch("/admin/merchants/m-mei", {"status": "suspended"})

    eventually(lambda: not people.comes_in(clerk))
    assert people.refreshes(clerk["refresh_token"]).status_code == 401
    assert people.tries(PASSWORD).get_json()["code"] == "merchant_suspended"
    assert people.comes_in(shopper)
    assert people.comes_in(people.signs_in(role="shopper"))
    assert people.comes_in(other)
    (told,) = people.bench.said(AccountSessionsRevoked)
    assert told.session_ids == (session,)

    ada.patch("/admin/merchants/m-mei", {"status": "active"})

    assert people.comes_in(people.signs_in())
    assert people.refreshes(clerk["refresh_token"]).status_code == 401


def test_who_is_disabled_is_out_everywhere_until_enabled(people: People) -> None:
    ann_id = people.joins()
    pair, admin = people.signs_in(), people.admin()
    ada = people.client(admin)

    assert ada.post(f"/admin/accounts/{ann_id}/disable").get_json()["status"] == "disabled"
    ada.post(f"/admin/accounts/{ann_id}/disable")

    eventually(lambda: not people.comes_in(pair))
    assert people.refreshes(pair["refresh_token"]).status_code == 401
    assert people.tries(PASSWORD).status_code == 403
    assert people.tries(NEW_PASSWORD).status_code == 401
    assert len(people.bench.said(AccountDisabled)) == 1

    people.bench.advance(2)
    ada.post(f"/admin/accounts/{ann_id}/enable")

    assert people.comes_in(people.signs_in())
    assert len(people.bench.said(AccountEnabled)) == 1
    with people.bench.database.read() as connection:
        done = audit.of_subject(connection, ann_id)
    assert done == [
        (admin.subject, "account_disabled"),
        (admin.subject, "account_enabled"),
    ]


def test_an_admin_unlocks_somebody_who_mistyped_too_often(quick: People) -> None:
    ann_id = quick.joins()
    while quick.tries("not this one").status_code == 401:
        pass
    assert quick.tries(PASSWORD).status_code == 429

    assert quick.client(quick.admin()).post(f"/admin/accounts/{ann_id}/unlock").status_code == 200

    assert quick.tries(PASSWORD).status_code == 200


def test_an_admin_finds_an_account_and_does_not_see_whose_it_is(quick: People) -> None:
    ann_id = quick.joins()
    ada = quick.client(quick.admin())

    found = ada.get("/admin/accounts", query_string={"q": ANN.upper()})
    first = ada.get("/admin/accounts", query_string={"limit": 1}).get_json()
    rest = ada.get("/admin/accounts", query_string={"cursor": first["next_cursor"]}).get_json()

    (row,) = found.get_json()["items"]
    assert (row["id"], row["identifiers"][0]["masked"]) == (ann_id, "a***@marked.example")
    assert ANN not in found.text
    assert "Marked" not in found.text
    assert [one["id"] for one in first["items"] + rest["items"]] == quick.registered()[::-1]
    assert ada.get("/admin/accounts?q=nobody").get_json()["items"] == []


def test_an_admin_does_not_lock_the_door_from_outside(quick: People) -> None:
    admin = quick.admin()

    refused = quick.client(admin).post(f"/admin/accounts/{admin.subject}/disable")

    assert refused.get_json()["code"] == "own_account"


def test_nobody_but_an_admin_does_what_admins_do(quick: People) -> None:
    shopper = quick.client(quick.signed_in())
    clerk = quick.client(
        quick.signed_in(BOB, role="merchant", merchant_id="m-mei", merchant_name="Mei")
    )
    for method, path in ADMINS:
        for who, answer in ((shopper, 403), (clerk, 403), (quick.bench.client(), 401)):
            assert who.send(method, path, {}).status_code == answer, path


ADMINS = [
    ("GET", "/admin/accounts"),
    ("POST", "/admin/accounts/x/disable"),
    ("POST", "/admin/accounts/x/enable"),
    ("POST", "/admin/accounts/x/unlock"),
    ("GET", "/admin/merchants"),
    ("POST", "/admin/merchants"),
    ("PATCH", "/admin/merchants/x"),
]


def test_8_rows_of_the_audit_are_neither_changed_nor_deleted(people: People) -> None:
    invites(people)
    for statement in ("UPDATE audit SET actor = 'nobody'", "DELETE FROM audit"):
        with (
            pytest.raises(DBAPIError, match="stay as they are"),
            people.bench.database.begin() as tx,
        ):
            tx.connection.execute(text(statement))

    with people.bench.database.read() as connection:
        assert audit.of_subject(connection, "shop") == [("shop", "first_admin_invited")]


def test_the_published_keys_are_all_one_needs_to_check_a_token(quick: People) -> None:
    quick.joins()
    answer = quick.bench.client().get("/.well-known/jwks.json")

    keys = KeySet.from_text(json.dumps(answer.get_json()))
    check = TokenCheck(
        keys=keys, issuer="jishi-account", audience="jishi-api", clock=quick.bench.clock
    )

    assert check.identity(quick.signs_in()["access_token"]).role == "shopper"
    assert '"d"' not in answer.text
    assert answer.headers["Cache-Control"] == "public, max-age=60"


def test_a_demo_account_is_made_once_and_stays_as_it_is(quick: People) -> None:
    clerk = a_dev_account(role="merchant", merchant_id="m-mei", merchant_name="Mei's Mugs")
    first = quick.post("/dev/accounts", clerk).get_json()
    again = quick.post("/dev/accounts", {**clerk, "password": NEW_PASSWORD}).get_json()

    assert first == again
    assert first["merchant_id"] == "m-mei"
    assert len(quick.bench.said(MerchantChanged)) == 1
    assert quick.tries(NEW_PASSWORD).status_code == 401
    for wrong in ({"merchant_name": "Mei"}, {"merchant_id": "m-1"}, {"role": "merchant"}):
        assert quick.post("/dev/accounts", a_dev_account(BOB, **wrong)).status_code == 422
