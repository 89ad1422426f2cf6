"""How often somebody may call, and what happens when nobody can count."""

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from chassis.testing import shopper
from gateway.routes import Limit
from gateway.settings import Rate, Rates
from gateway.store import SWEEP_EVERY, Bucket, Buckets, StoreFailed
from tests.support import eventually
from tests.support.doors import Town

STRICT = Rates(
    {
        Limit.LOGIN: Rate(2, 2),
        Limit.CHECKOUT: Rate(2, 4),
        Limit.USUAL: Rate(3, 5),
    }
)


@pytest.fixture
def strict(tmp_path: Path) -> Town:
    return Town(tmp_path, limits=STRICT)


def test_who_calls_too_often_is_told_when_to_come_again(strict: Town) -> None:
    answers = [strict.ask("POST", "/login") for _ in range(3)]

    assert [one.status_code for one in answers] == [200, 200, 429]
    assert answers[2].get_json(force=True)["code"] == "too_many_requests"
    assert 1 <= int(answers[2].headers["Retry-After"]) <= 30
    assert len(strict.shelf.asked) == 2


def test_a_person_is_counted_wherever_they_are(strict: Town) -> None:
    def from_address(address: str) -> int:
        base = {"REMOTE_ADDR": address}
        return strict.ask("POST", "/mugs", shopper("ann"), environ_base=base).status_code

    assert [from_address(f"198.51.100.{n}") for n in range(3)] == [200, 200, 429]


def test_people_of_one_address_have_more_together_and_not_without_end(strict: Town) -> None:
    answers = [strict.ask("POST", "/mugs", shopper(f"p{n}")).status_code for n in range(6)]

    assert answers == [200, 200, 200, 200, 429, 429]


def test_a_network_of_one_customer_is_one_address(strict: Town) -> None:
    def login(address: str) -> int:
        return strict.ask("POST", "/login", environ_base={"REMOTE_ADDR": address}).status_code

    assert [login(f"2001:db8:1:2::{n}") for n in range(3)] == [200, 200, 429]
    assert login("2001:db8:1:3::1") == 200
    assert login("") == 200


def test_classes_are_counted_apart(strict: Town) -> None:
    for _ in range(3):
        strict.ask("POST", "/login")

    assert strict.ask("GET", "/mugs").status_code == 200


def test_guessing_at_tokens_is_counted(strict: Town) -> None:
    guess = {"Authorization": "Bearer nonsense"}
    answers = [strict.ask("GET", "/mugs", headers=guess).status_code for _ in range(6)]

    assert answers == [401] * 5 + [429]


def test_the_pages_of_the_api_are_counted_and_health_is_not(strict: Town) -> None:
    assert [strict.ask("GET", "/api/docs").status_code for _ in range(6)] == [200] * 5 + [429]
    assert [strict.ask("GET", "/health/live").status_code for _ in range(6)] == [200] * 6


def test_a_bucket_fills_again_with_time(tmp_path: Path) -> None:
    now = [1_000_000.0]
    buckets = Buckets(tmp_path / "counters.db", now=lambda: now[0])
    ten = [Bucket("ann", 10)]
    assert [buckets.take(ten) for _ in range(10)] == [0.0] * 10
    assert buckets.take(ten) == pytest.approx(6.0)
    now[0] += 6.0

    assert [buckets.take(ten), buckets.take(ten) > 5.9] == [0.0, True]
    buckets.close()


def test_a_call_that_one_bucket_refuses_takes_from_none(tmp_path: Path) -> None:
    buckets = Buckets(tmp_path / "counters.db", now=lambda: 1_000_000.0)
    wide, narrow = Bucket("address", 3), Bucket("ann", 1)
    assert buckets.take([wide, narrow]) == 0.0
    assert buckets.take([wide, narrow]) > 0

    assert [buckets.take([wide]) for _ in range(2)] == [0.0, 0.0]
    assert buckets.take([wide]) > 0
    buckets.close()


def test_of_many_who_come_at_once_no_more_get_through_than_may(tmp_path: Path) -> None:
    shared = tmp_path / "counters.db"
    gateways = [Buckets(shared, now=lambda: 1_000_000.0) for _ in range(2)]  # as two processes
    gateways[0].take([])
    together = threading.Barrier(4)

    def rush(which: int) -> int:
        together.wait(10)
        mine = gateways[which % 2]
        return sum(mine.take([Bucket("ann", 25)]) == 0.0 for _ in range(20))

    with ThreadPoolExecutor(4) as pool:
        let_through = sum(pool.map(rush, range(4)))
    for one in gateways:
        one.close()

    assert let_through == 25


def test_a_crowd_that_keeps_every_thread_busy_is_counted_and_not_turned_away(
    tmp_path: Path,
) -> None:
    buckets = Buckets(tmp_path / "counters.db", now=lambda: 1_000_000.0)
    address = Bucket("address", 700)

    def come(who: int) -> int:
        came = 0
        for _ in range(40):
            sum(range(40_000))  # keeps the interpreter from the others
            came += counted(buckets, [address, Bucket(f"person {who}", 700)])
        return came

    with ThreadPoolExecutor(16) as pool:
        came = sum(pool.map(come, range(16)))

    assert came >= 16 * 40 - 5, "the machine may have been away for a tenth of a second"
    assert [counted(buckets, [address]) for _ in range(700 - came)] == [True] * (700 - came)
    assert not counted(buckets, [address])
    buckets.close()


def test_a_sweep_that_finds_the_file_busy_turns_nobody_away(tmp_path: Path) -> None:
    path = tmp_path / "counters.db"
    buckets = Buckets(path, now=lambda: 1_000_000.0)
    for _ in range(SWEEP_EVERY - 1):
        buckets.take([])
    held = sqlite3.connect(path, isolation_level=None)
    held.execute("BEGIN IMMEDIATE")

    assert buckets.take([]) == 0.0
    held.close()
    buckets.close()


@pytest.mark.parametrize("harm", ["deleted", "damaged"])
def test_counters_that_are_lost_while_they_are_used_begin_anew(tmp_path: Path, harm: str) -> None:
    path, ann = tmp_path / "counters.db", [Bucket("ann", 1)]
    buckets = Buckets(path, now=lambda: 1_000_000.0)
    assert [buckets.take(ann) == 0.0 for _ in range(2)] == [True, False]

    if harm == "deleted":
        for file in tmp_path.iterdir():
            file.unlink()
    else:
        buckets.close()
        with path.open("r+b") as file:
            file.seek(4096)
            file.write(b"\xff" * 4096)
        buckets = Buckets(path, now=lambda: 1_000_000.0)

    eventually(lambda: counted(buckets, ann), within_s=5)
    assert buckets.take(ann) > 0
    assert Buckets(path, now=lambda: 1_000_000.0).take(ann) > 0
    buckets.close()


def counted(buckets: Buckets, wanted: list[Bucket]) -> bool:
    """Whether one was to be had."""
    try:
        return buckets.take(wanted) == 0.0
    except StoreFailed:
        return False


def test_buckets_that_are_full_again_are_swept(tmp_path: Path) -> None:
    now = [1_000_000.0]
    buckets = Buckets(tmp_path / "counters.db", now=lambda: now[0])
    for person in range(1_999):
        buckets.take([Bucket(f"person {person}", 600)])
    now[0] += 61
    buckets.take([Bucket("the last", 600)])

    with sqlite3.connect(tmp_path / "counters.db") as file:
        assert file.execute("SELECT name FROM buckets").fetchall() == [("the last",)]
    buckets.close()


def test_without_counters_reading_goes_on_and_logins_and_orders_do_not(tmp_path: Path) -> None:
    town = Town(tmp_path, counters=tmp_path)  # a folder is no file

    assert town.ask("GET", "/mugs").status_code == 200
    for refused in (town.ask("POST", "/login"), town.ask("POST", "/mugs", shopper("ann"))):
        assert (refused.status_code, refused.get_json(force=True)["code"]) == (503, "unavailable")
        assert refused.headers["Retry-After"] == "2"
    assert len(town.shelf.asked) == 1


def test_a_counter_that_was_out_of_order_counts_again_when_it_is_mended(tmp_path: Path) -> None:
    path = tmp_path / "counters.db"
    path.write_text("this is no database, and much longer than a header of one, " * 20)
    buckets = Buckets(path)
    with pytest.raises(StoreFailed):
        buckets.take([Bucket("ann", 1)])
    path.unlink()

    assert buckets.take([Bucket("ann", 1)]) == 0.0
    buckets.close()


def test_rates_are_read_from_a_setting() -> None:
    rates = Rates.from_text("login=5/50, usual=100/1000")

    assert (rates.of(Limit.LOGIN), rates.of(Limit.USUAL)) == (Rate(5, 50), Rate(100, 1000))
    assert rates.of(Limit.SEARCH) == Rate(120, 600)
    assert Rates.from_text(repr(rates)).of(Limit.LOGIN) == Rate(5, 50)


@pytest.mark.parametrize("text", ["login", "login=5", "login=0/5", "login=-1/5", "cake=1/1"])
def test_a_rate_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"rate|Limit"):
        Rates.from_text(text)
