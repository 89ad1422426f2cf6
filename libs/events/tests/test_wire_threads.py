"""Several threads may read the first event of a kind at once, as those of a starting worker do."""

import subprocess
import sys

ROUNDS = 60

# In a process of its own: what is tried here once ended it, with nothing to catch.
PROGRAM = f"""
import sys
import threading
from dataclasses import dataclass

from shop_events import Event, event
from shop_events.contract import Contracts
from shop_events.wire import decode, from_plain

BODY = b'{{"mug_id": "m-1", "body": {{"clay": {{"name": "red"}}, "glaze": {{"name": "blue"}}}}}}'
PLAIN = {{"clay": {{"name": "red"}}, "glaze": {{"name": "blue"}}}}


def never_read_before():
    @dataclass(frozen=True)
    class Clay:
        name: str

    @dataclass(frozen=True)
    class Glaze:
        name: str

    @dataclass(frozen=True)
    class Body:
        clay: Clay
        glaze: Glaze

    @event("mug.made", version=1, by="potter", key="mug_id", known=Contracts())
    class MugMade(Event):
        mug_id: str
        body: Body

    return MugMade, Body


def read(gate, made, body):
    gate.wait()
    assert decode(made, 1, BODY).body.glaze.name == "blue"
    assert from_plain(body, PLAIN).clay.name == "red"


wrong = []
threading.excepthook = lambda raised: wrong.append(raised.exc_value)
sys.setswitchinterval(1e-6)
for _ in range({ROUNDS}):
    made, body = never_read_before()
    gate = threading.Barrier(6)
    threads = [threading.Thread(target=read, args=(gate, made, body)) for _ in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
print(wrong or "all were read")
"""


def test_the_first_event_of_a_kind_may_be_read_by_many_threads_at_once() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=60, check=False
    )

    assert (done.returncode, done.stdout.strip()) == (0, "all were read"), done.stderr[-2000:]
