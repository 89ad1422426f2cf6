"""The file of a local broker: one process owns it, a kill loses nothing, the clock rules it."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest

from libs.events.tests.local_files import Files, broker, files
from shop_events.broker import (
    BrokerUnavailable,
)
from shop_events.clock import ManualClock
from shop_events.local.file import Forked
from shop_events.local_broker import LocalBroker
from shop_events.testing.conformance.parts import (
    LONGER,
    SHORT,
    VERY_LONG,
    assert_quiet,
    bodies,
    drain,
    failure,
    home,
    message,
    numbered,
    prepare,
    publish,
    take,
    take_one,
)
from shop_events.testing.waiting import PATIENCE_S, eventually
from shop_events.topology import (
    DEAD,
    LOG,
    LOG_KEEPS,
    PRIVATE,
    PRIVATE_DEAD_KEEPS,
    Binding,
    Queue,
    QueueKind,
    Topology,
    dead_queue,
)

__all__ = ["broker", "files"]  # fixtures


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


class TestOneProcess:
    """The file belongs to one process; what a killed one leaves is complete."""

    def test_a_kill_loses_nothing_that_was_held_or_waiting(self, tmp_path: Path) -> None:
        with started(HOLDER, tmp_path / "b.db") as holder:
            assert line_of(holder) == "holding 0 1 2 3 4"
            with pytest.raises(BrokerUnavailable, match=f"belongs to process {holder.pid}"):
                LocalBroker(tmp_path / "b.db")
            holder.kill()
            holder.wait(PATIENCE_S)
        with (
            closing(LocalBroker(tmp_path / "b.db")) as broker,
            closing(broker.intake("a")) as intake,
        ):
            left = take(intake, 20)
        assert bodies(left) == [str(number).encode() for number in range(20)]
        assert [one.redelivered for one in left] == [True] * 5 + [False] * 15

    def test_a_kill_amid_publishing_loses_nothing_confirmed_and_halves_no_batch(
        self, tmp_path: Path
    ) -> None:
        with started(PUBLISHER, tmp_path / "b.db") as sender:
            confirmed = [int(line_of(sender)) for _ in range(10)]
            sender.kill()
            sender.wait(PATIENCE_S)
            assert sender.stdout is not None
            confirmed += [int(line) for line in sender.stdout.read().splitlines(keepends=True)]
        with closing(LocalBroker(tmp_path / "b.db")) as broker:
            stored = broker.depth("a")
            assert drain(broker, "a", stored) == [str(n).encode() for n in range(stored)]
        assert stored >= confirmed[-1] >= 100
        assert stored % 10 == 0

    def test_a_second_broker_on_the_file_in_this_process_is_refused(self, files: Files) -> None:
        files.open()
        with pytest.raises(BrokerUnavailable, match="open in this process already"):
            files.open()

    def test_a_closed_file_can_be_opened_again(self, files: Files) -> None:
        prepare(files.open(), home("a", "#"))
        files.close()
        publish(files.open(), *numbered(1))

    def test_a_forked_child_is_refused_and_does_the_parent_no_harm(
        self, broker: LocalBroker
    ) -> None:
        prepare(broker, home("a", "#"))
        publish(broker, *numbered(5))
        child = os.fork()
        if child == 0:
            os._exit(_complaints_of_a_child(broker))
        assert eventually(lambda: os.waitpid(child, os.WNOHANG))[1] == 0
        publish(broker, *numbered(5, start=5))
        assert len(drain(broker, "a", 10)) == 10

    def test_a_file_that_is_no_broker_is_refused_in_a_sentence(self, tmp_path: Path) -> None:
        path = tmp_path / "b.db"
        path.write_text("Dear diary, " * 100)
        for _ in range(2):  # the first refusal leaves nothing claimed
            with pytest.raises(BrokerUnavailable, match=r"cannot be opened as a broker: .*\.$"):
                LocalBroker(path)

    def test_a_file_of_a_newer_release_is_refused(self, tmp_path: Path) -> None:
        with closing(sqlite3.connect(tmp_path / "b.db")) as newer:
            newer.execute("PRAGMA user_version=99")
        with pytest.raises(BrokerUnavailable, match="its form is 99"):
            LocalBroker(tmp_path / "b.db")

    def test_only_its_owner_may_read_the_file(self, broker: LocalBroker, tmp_path: Path) -> None:
        prepare(broker)
        modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()}
        assert set(modes.values()) == {0o600}, modes

    def test_a_full_disk_refuses_the_batch_whole_and_the_broker_goes_on_when_there_is_room(
        self, broker: LocalBroker
    ) -> None:
        prepare(broker, home("a", "#"))
        with broker._file.turn():
            broker._file.run("PRAGMA max_page_count=40")
        with pytest.raises(BrokerUnavailable, match="full"):
            broker.send([message(b"x" * 10_000) for _ in range(50)])
        assert broker.depth("a") == 0
        with broker._file.turn():
            broker._file.run("PRAGMA max_page_count=100000")
        publish(broker, message("room again"))
        assert drain(broker, "a", 1) == [b"room again"]

    def test_what_was_said_of_deliveries_while_the_file_took_nothing_is_written_down_afterwards(
        self, files: Files
    ) -> None:
        broker = files.open()
        prepare(broker, home("a", "#"))
        publish(broker, *numbered(4))
        with closing(broker.intake("a", prefetch=2)) as intake:
            done, back = take(intake, 2)
            with unwritable(broker):
                intake.ack([done])
                intake.release([back])
            again = take(intake, 2)
            intake.ack(again)
            assert bodies(again) == [b"1", b"2"]
        assert drain(files.crash(), "a", 1) == [b"3"]


@contextmanager
def unwritable(broker: LocalBroker) -> Iterator[None]:
    """The disk is full, or somebody else has locked the file for longer than anyone waits."""
    for switch in ("ON", "OFF"):
        with broker._file.turn():
            broker._file.run(f"PRAGMA query_only={switch}")
        if switch == "ON":
            yield


class TestTime:
    """Due instants and keeping times follow the clock the broker was given."""

    def test_moving_the_clock_fires_a_retry_and_wakes_who_waits_for_it(
        self, clock: ManualClock, files: Files
    ) -> None:
        broker = files.open(clock)
        prepare(broker, home("a", "#"))
        publish(broker, message("later"))
        with closing(broker.intake("a")) as intake, ThreadPoolExecutor(1) as thread:
            intake.retry(take_one(intake), after=VERY_LONG, failure=failure())
            clock.advance(VERY_LONG - timedelta(microseconds=1))
            assert_quiet(intake)
            assert broker.depth("a") == 0
            waiting = thread.submit(intake.receive, 1, timeout_s=4 * PATIENCE_S)
            clock.advance(timedelta(microseconds=1))
            assert bodies(waiting.result(PATIENCE_S)) == [b"later"]

    def test_retries_come_home_in_the_order_they_came_due(
        self, clock: ManualClock, files: Files
    ) -> None:
        broker = files.open(clock)
        prepare(broker, home("a", "#"))
        publish(broker, message("long"), message("short"))
        with closing(broker.intake("a")) as intake:
            for delivery, after in zip(take(intake, 2), (LONGER, SHORT), strict=True):
                intake.retry(delivery, after=after, failure=failure())
            publish(broker, message("fresh"))
            clock.advance(VERY_LONG)
            assert bodies(take(intake, 3)) == [b"fresh", b"short", b"long"]

    def test_the_log_forgets_what_is_older_than_it_keeps_and_reuses_no_offset(
        self, clock: ManualClock, files: Files
    ) -> None:
        broker = files.open(clock)
        prepare(broker)
        publish(broker, *numbered(3))
        last = [one.offset for one in broker.read_log()][-1]
        clock.advance(LOG_KEEPS)
        broker.tidy()
        assert len(list(broker.read_log())) == 3
        clock.advance(timedelta(seconds=1))
        broker.tidy()
        assert list(broker.read_log()) == []
        publish(files.reopen(clock), message("new"))
        (new,) = files.latest.read_log()
        assert new.offset > last

    def test_dead_letters_of_a_private_queue_are_kept_for_their_time_alone(
        self, clock: ManualClock, files: Files
    ) -> None:
        broker = files.open(clock)
        dead = dead_queue("closed")
        prepare(
            broker,
            home("open", "#"),
            Topology(
                queues=frozenset(
                    {
                        Queue("closed", QueueKind.WORK),
                        Queue(dead, QueueKind.DEAD, ttl=PRIVATE_DEAD_KEEPS),
                    }
                ),
                bindings=frozenset(
                    {Binding(PRIVATE, "#", "closed"), Binding(DEAD, "closed", dead)}
                ),
            ),
        )
        publish(broker, message("public"), message("private", exchange=PRIVATE))
        for queue in ("open", "closed"):
            with closing(broker.intake(queue)) as intake:
                intake.bury(take_one(intake), failure=failure())
        clock.advance(PRIVATE_DEAD_KEEPS + timedelta(seconds=1))
        broker.tidy()
        assert broker.dead_letters("closed") == []
        assert [one.body for one in broker.dead_letters("open")] == [b"public"]

    def test_a_long_log_is_swept_in_bounded_parts(self, clock: ManualClock, files: Files) -> None:
        broker = files.open(clock)
        prepare(broker)
        publish(broker, *numbered(1_500))
        clock.advance(LOG_KEEPS + timedelta(seconds=1))
        broker.tidy()
        assert broker.depth(LOG) == 500


# Takes five of twenty, says so and hangs.
HOLDER: Final = """
import sys, threading
from pathlib import Path
from shop_events.local_broker import LocalBroker
from shop_events.testing.conformance.parts import *

broker = LocalBroker(Path(sys.argv[1]))
prepare(broker, home("a", "#"))
publish(broker, *numbered(20))
held = take(broker.intake("a", prefetch=5), 5)
print("holding", *(one.body.decode() for one in held), flush=True)
threading.Event().wait(60)
"""

# Publishes batches of ten and says how many are confirmed.
PUBLISHER: Final = """
import sys
from pathlib import Path
from shop_events.local_broker import LocalBroker
from shop_events.testing.conformance.parts import *

broker = LocalBroker(Path(sys.argv[1]))
prepare(broker, home("a", "#"))
for start in range(0, 100_000, 10):
    publish(broker, *numbered(10, start=start))
    print(start + 10, flush=True)
"""


@contextmanager
def started(program: str, file: Path) -> Iterator[subprocess.Popen[bytes]]:
    child = subprocess.Popen([sys.executable, "-c", program, str(file)], stdout=subprocess.PIPE)
    try:
        with child:
            try:
                yield child
            finally:
                child.kill()
    finally:
        child.wait(PATIENCE_S)


def line_of(child: subprocess.Popen[bytes]) -> str:
    assert child.stdout is not None
    with ThreadPoolExecutor(1) as thread:
        try:
            return thread.submit(child.stdout.readline).result(2 * PATIENCE_S).decode().strip()
        except TimeoutError:
            child.kill()  # ends the reading too
            raise


def _complaints_of_a_child(broker: LocalBroker) -> int:
    """What a fork does that does not know better, up to letting go of the inherited connection."""
    try:
        broker.send(numbered(1))
    except Forked:
        connection = broker._file._connection
        assert connection is not None
        connection.close()
        return 0
    return 1
