"""Sessions: going on, ending, and refresh tokens that come again (SECURITY.md part 2)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from account_service.store import audit
from account_service.testing import BOB, PASSWORD, People
from shop_events.contracts.account import AccountSessionsRevoked
from shop_events.testing.waiting import eventually


def test_a_session_goes_on_with_a_new_token_each_time(people: People) -> None:
    people.joins()
    first = people.signs_in()

    second = people.refreshes(first["refresh_token"]).get_json()

    assert second["refresh_token"] != first["refresh_token"]
    assert people.identity(second).session_id == people.identity(first).session_id
    people.bench.advance(60)
    assert people.refreshes(second["refresh_token"]).status_code == 200


def test_10_4_5_a_refresh_token_that_comes_again_ends_the_session_everywhere(
    people: People,
) -> None:
    account_id = people.joins()
    first = people.signs_in()
    session_id = people.identity(first).session_id
    second = people.refreshes(first["refresh_token"]).get_json()
    people.bench.clock.advance(timedelta(seconds=11))

    assert people.refreshes(first["refresh_token"]).status_code == 401

    assert people.refreshes(second["refresh_token"]).status_code == 401
    assert people.bench.said(AccountSessionsRevoked) == [
        AccountSessionsRevoked(
            account_id=account_id, session_ids=(session_id,), at=people.bench.clock.now()
        )
    ]
    with people.bench.database.read() as connection:
        assert audit.of_subject(connection, session_id) == [("shop", "refresh_token_reused")]
    assert people.signs_in()


def test_two_tabs_that_refresh_within_ten_seconds_get_the_same_token(people: People) -> None:
    people.joins()
    token = people.signs_in()["refresh_token"]

    with ThreadPoolExecutor(4) as pool:
        tabs = [one.get_json() for one in pool.map(people.refreshes, [token] * 4)]
    people.bench.advance(9)
    late = people.refreshes(token).get_json()

    assert len({one["refresh_token"] for one in [*tabs, late]}) == 1
    assert people.bench.said(AccountSessionsRevoked) == []
    assert people.refreshes(late["refresh_token"]).status_code == 200


def test_a_session_that_nobody_used_for_a_week_is_over(quick: People) -> None:
    quick.joins()
    token = quick.signs_in()["refresh_token"]
    quick.bench.advance(6 * 86_400)
    token = quick.refreshes(token).get_json()["refresh_token"]

    quick.bench.advance(7 * 86_400)

    assert quick.refreshes(token).status_code == 401


def test_a_session_ends_after_thirty_days_however_much_it_is_used(quick: People) -> None:
    quick.joins()
    token = quick.signs_in()["refresh_token"]
    for _ in range(5):
        quick.bench.advance(5 * 86_400)
        token = quick.refreshes(token).get_json()["refresh_token"]

    quick.bench.advance(5 * 86_400)

    assert quick.refreshes(token).status_code == 401


def test_who_signs_out_is_out_within_seconds_and_may_come_back_in_the_same_second(
    people: People,
) -> None:
    people.joins()
    phone, tablet = people.signs_in(), people.signs_in()

    left = {"refresh_token": phone["refresh_token"]}
    assert people.post("/auth/logout", left).status_code == 204
    assert people.post("/auth/logout", left).status_code == 204

    back = people.signs_in()
    eventually(lambda: not people.comes_in(phone))
    assert [people.comes_in(one) for one in (tablet, back)] == [True, True]
    assert people.refreshes(phone["refresh_token"]).status_code == 401
    assert len(people.bench.said(AccountSessionsRevoked)) == 1


def test_a_lost_device_is_signed_out_from_another_one(quick: People) -> None:
    quick.joins()
    lost = quick.identity(quick.post("/auth/login", LOGIN, **{"User-Agent": "Tablet"}).get_json())
    me = quick.identity(quick.signs_in())
    listed = quick.client(me).get("/auth/sessions").get_json()["items"]
    assert [(one["id"], one["current"]) for one in listed] == [
        (me.session_id, True),
        (lost.session_id, False),
    ]
    assert listed[1]["device"] == "Tablet"

    assert quick.client(me).delete(f"/auth/sessions/{lost.session_id}").status_code == 204

    assert quick.bench.said(AccountSessionsRevoked)[0].session_ids == (lost.session_id,)
    assert len(quick.client(me).get("/auth/sessions").get_json()["items"]) == 1


def test_somebody_elses_session_is_answered_like_one_that_never_was(quick: People) -> None:
    ann, bob = quick.signed_in(), quick.signed_in(BOB)

    foreign = quick.client(bob).delete(f"/auth/sessions/{ann.session_id}").get_json()
    missing = quick.client(bob).delete("/auth/sessions/none").get_json()

    assert foreign["status"] == missing["status"] == 404
    assert foreign["code"] == missing["code"]
    assert foreign["detail"] == missing["detail"].replace("none", ann.session_id)
    assert quick.bench.said(AccountSessionsRevoked) == []


def test_what_is_over_is_forgotten_after_a_month_and_what_goes_on_is_not(people: People) -> None:
    people.joins()
    people.refreshes(people.signs_in()["refresh_token"])
    people.registers(email=BOB)
    people.bench.clock.advance(timedelta(days=61))
    going_on = people.signs_in()["refresh_token"]

    assert people.bench.do_chores() >= 5

    assert people.refreshes(going_on).status_code == 200
    assert people.verifies().status_code == 422
    with people.bench.database.read() as connection:
        left = connection.exec_driver_sql("SELECT count(*) FROM sessions").scalar_one()
    assert left == 1


def test_no_database_holds_a_token_that_opens_anything(quick: People) -> None:
    quick.joins()
    first = quick.signs_in()["refresh_token"]
    second = quick.refreshes(first).get_json()["refresh_token"]

    with quick.bench.database.read() as connection:
        kept = str(connection.exec_driver_sql("SELECT * FROM refresh_tokens").all())

    assert first not in kept
    assert second not in kept


LOGIN = {"identifier": "ann@marked.example", "password": PASSWORD}
