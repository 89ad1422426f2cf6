"""A refresh and the end of its session at once: no access token outlives it (SECURITY.md part 2).

Other services refuse what was issued to a session until the instant that account says. So no token
may be of a later one, however the two come through.
"""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, text

from account_service.http.views import token_pair
from account_service.service import service
from account_service.testing import People, cheap
from account_service.usecases.end_sessions import (
    end_all_sessions,
    end_one_session,
    end_sessions_for,
    sign_out,
)
from account_service.usecases.limit_tries import forgive_try, limit_tries
from account_service.usecases.manage_accounts import disable_account
from account_service.usecases.refresh_session import refresh_session
from chassis.testing import Bench, bench_fixture
from shop_events import Tx
from shop_events.contracts.account import AccountDisabled, AccountSessionsRevoked
from shop_events.testing.waiting import eventually

ON_POSTGRES = (pytest.param("postgresql", marks=pytest.mark.servers),)
locking_bench = bench_fixture(service, kinds=ON_POSTGRES, **cheap())
ENDS = (AccountSessionsRevoked, AccountDisabled)


class Clerk:
    """A merchant's clerk who is signed in, and the ways in which that ends."""

    def __init__(self, bench: Bench) -> None:
        self.people = People(bench)
        self.account_id = self.people.joins(
            role="merchant", merchant_id="m-mei", merchant_name="Mei's Mugs"
        )
        pair = self.people.signs_in()
        self.token = pair["refresh_token"]
        self.session_id = self.people.identity(pair).session_id

    def signs_out(self, tx: Tx) -> None:
        sign_out(tx, self.token)

    def loses_a_device(self, tx: Tx) -> None:
        end_one_session(tx, self.account_id, self.session_id)

    def has_a_new_password(self, tx: Tx) -> None:
        end_all_sessions(tx, self.account_id)

    def works_for_a_suspended_merchant(self, tx: Tx) -> None:
        end_sessions_for(tx, "m-mei")

    def is_disabled(self, tx: Tx) -> None:
        disable_account(tx, self.account_id, by="ada")


@pytest.fixture
def clerk(locking_bench: Bench) -> Clerk:
    return Clerk(locking_bench)


@pytest.mark.parametrize(
    "ending",
    [
        Clerk.signs_out,
        Clerk.loses_a_device,
        Clerk.has_a_new_password,
        Clerk.works_for_a_suspended_merchant,
        Clerk.is_disabled,
    ],
)
def test_what_a_refresh_gave_while_the_end_of_the_session_waited_for_it_is_refused(
    clerk: Clerk, ending: Callable[[Clerk, Tx], None]
) -> None:
    bench, began, may_go_on = clerk.people.bench, threading.Event(), threading.Event()

    def end() -> None:
        with bench.database.begin(publishes=ENDS) as tx:
            began.set()
            assert may_go_on.wait(timeout=10)
            ending(clerk, tx)

    ends = threading.Thread(target=end)
    ends.start()
    assert began.wait(timeout=10)
    bench.clock.advance(timedelta(seconds=5))
    with bench.database.begin(publishes=ENDS) as tx:
        signed_in = refresh_session(tx, clerk.token)
        may_go_on.set()
        eventually(lambda: is_waited_for(bench))
    ends.join(timeout=10)

    assert signed_in is not None
    with bench.app.app_context():
        pair = token_pair(signed_in)
    eventually(lambda: not clerk.people.comes_in(pair))


def test_a_token_that_is_written_after_its_session_ended_is_refused(clerk: Clerk) -> None:
    bench = clerk.people.bench
    with bench.database.begin(publishes=ENDS) as tx:
        signed_in = refresh_session(tx, clerk.token)
    assert signed_in is not None
    bench.clock.advance(timedelta(seconds=5))
    clerk.people.post("/auth/logout", {"refresh_token": clerk.token})
    bench.clock.advance(timedelta(seconds=5))

    with bench.app.app_context():
        pair = token_pair(signed_in)

    eventually(lambda: not clerk.people.comes_in(pair))


def test_the_second_of_two_tabs_does_not_date_the_session_back(clerk: Clerk) -> None:
    bench = clerk.people.bench
    with bench.database.begin(publishes=ENDS) as early:
        bench.clock.advance(timedelta(seconds=5))
        later = clerk.people.refreshes(clerk.token).get_json()
        assert refresh_session(early, clerk.token) is not None
    with bench.database.begin(publishes=ENDS) as tx:
        tx.now -= timedelta(seconds=3)  # a neighbour whose clock is behind
        clerk.signs_out(tx)

    eventually(lambda: not clerk.people.comes_in(later))


def test_a_try_is_counted_though_what_it_adds_to_is_forgiven_at_that_moment(
    locking_bench: Bench,
) -> None:
    database, trying = locking_bench.database, threading.get_ident()
    with database.begin() as tx:
        limit_tries(tx, network="home", of="ann")
    with ThreadPoolExecutor(1) as somebody, database.begin() as tx:

        def forgive() -> None:
            with database.begin() as other:
                forgive_try(other, "ann")

        def meanwhile(*statement: Any) -> None:
            """Somebody's password was right, just when the counter was found to be there."""
            if threading.get_ident() == trying and "INSERT" not in statement[2] and not forgiven:
                forgiven.append(somebody.submit(forgive))
                eventually(lambda: forgiven[0].done() or is_waited_for(locking_bench))

        forgiven: list[Future[None]] = []
        event.listen(database.engine, "before_cursor_execute", meanwhile)
        limit_tries(tx, network="home", of="ann")
        event.remove(database.engine, "before_cursor_execute", meanwhile)

    forgiven[0].result(timeout=10)


def is_waited_for(bench: Bench) -> bool:
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    with bench.database.read() as connection:
        return bool(connection.execute(waiting).scalar_one())
