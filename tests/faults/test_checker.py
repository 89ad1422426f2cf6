"""The checker itself can fail: whatever is spoilt in a town's books, it has a sentence for it."""

from __future__ import annotations

import re
import shutil
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from shop_events import ManualClock
from shop_events.broker import Failure
from shop_events.contracts.order import CancelReason, OrderCancelled
from shop_events.local_broker import LocalBroker
from shop_events.testing.harness import envelop
from shop_events.topology import events_queue
from shop_suite.audit.quiet import wait_until_quiet
from shop_suite.demo import Town
from shop_suite.purchases import Fate, read_purchases
from shop_suite.replay import Replay
from tests.faults.spoiling import looked_through, one, spoil

pytestmark = pytest.mark.faults


PLACED = one("outbox", "type = 'order.placed'")
CANCELLED = one("orders", "track = 'cancelled'")
COMPLETED = one("orders", "track = 'completed'")
CAPTURED = one("payments", "state = 'captured'")
REFUNDED = one("refunds", "state = 'succeeded'")
RECEIVED = one("order_lines", "received = 1 AND quantity = 1")
COLLECTED = "account = 'cod_receivable' AND amount < 0"
OF_A_CAPTURE = one("postings", "cause LIKE 'captured:%'")
SHIPPED = one("movements", "type = 'shipped'")

# One of its rows is spoilt: in which database, how, and words of the sentence that must come.
SPOILT = {
    "an event was never handled": (
        "payment",
        f"DELETE FROM inbox WHERE {one('inbox')}",
        "I1: .* never reached payment",
    ),
    "an event was handled that nobody said": (
        "order",
        "INSERT INTO inbox SELECT consumer, 'made-up', type, handled_at FROM inbox LIMIT 1",
        "I2: order heard made-up, which nobody said",
    ),
    "an event is gone from the outbox": (
        "order",
        f"DELETE FROM outbox WHERE {PLACED}",
        "I2: logistics heard .*, which nobody said",
    ),
    "a number is missing in an aggregate's events": (
        "order",
        f"UPDATE outbox SET sequence = 99 WHERE {one('outbox', 'sequence = 2')}",
        "I4: order has",
    ),
    "an event was never sent": (
        "logistics",
        f"UPDATE outbox SET sent_at = NULL WHERE {one('outbox')}",
        "of logistics was never sent",
    ),
    "an order forgot its payment": (
        "order",
        f"DELETE FROM order_payments WHERE {one('order_payments')}",
        "I3: for .* payment holds",
    ),
    "an order remembers another amount": (
        "order",
        f"UPDATE order_payments SET amount = amount + 1 WHERE {one('order_payments')}",
        "I3: for .* payment holds",
    ),
    "an order forgot its refund": (
        "order",
        f"DELETE FROM order_refunds WHERE {one('order_refunds')}",
        "I3: for .* payment holds",
    ),
    "a refund of an order is open for ever": (
        "order",
        f"UPDATE order_refunds SET state = 'requested' WHERE {one('order_refunds')}",
        "a refund of it is still open",
    ),
    "more units are received than were shipped": (
        "order",
        f"UPDATE order_lines SET received = 2, quantity = 2 WHERE {RECEIVED}",
        "I3: of .* are received and",
    ),
    "an order went back to an earlier state": (
        "order",
        f"UPDATE orders SET track = 'awaiting_payment' WHERE {CANCELLED}",
        "I5: the order .* is still awaiting_payment",
    ),
    "an order waits without a deadline": (
        "order",
        f"UPDATE orders SET track = 'cancelling' WHERE {COMPLETED}",
        "has no deadline",
    ),
    "an order is not there": (
        "order",
        f"DELETE FROM orders WHERE {COMPLETED}",
        "I2: money or goods are booked for .*, which is no order",
    ),
    "a payment's amount changed": (
        "payment",
        f"UPDATE payments SET amount = amount + 1 WHERE {CAPTURED}",
        "was booked with another amount",
    ),
    "a payment was never taken": (
        "payment",
        f"UPDATE payments SET state = 'failed' WHERE {CAPTURED}",
        "The bank took",
    ),
    "a refund is not there": (
        "payment",
        f"DELETE FROM refunds WHERE {REFUNDED}",
        "The bank gave",
    ),
    "an entry's amount changed": (
        "payment",
        f"UPDATE entries SET amount = amount + 1 WHERE {one('entries')}",
        "entries that sum to",
    ),
    "an entry is not there": (
        "payment",
        f"DELETE FROM entries WHERE {one('entries')}",
        "entries that sum to",
    ),
    "a receipt was booked twice": (
        "payment",
        """
        INSERT INTO postings SELECT 'again', 'again', order_id, at FROM postings
            WHERE cause LIKE 'captured:%' LIMIT 1;
        INSERT INTO entries (posting_id, account, amount, currency)
            SELECT 'again', account, amount, currency FROM entries WHERE posting_id = (
                SELECT id FROM postings WHERE cause LIKE 'captured:%' AND order_id = (
                    SELECT order_id FROM postings WHERE id = 'again'));
        """,
        "belong to nobody yet",
    ),
    "a posting is of a payment that is none": (
        "payment",
        f"UPDATE postings SET cause = 'captured:nobody' WHERE {OF_A_CAPTURE}",
        "captured:nobody is of a payment that was not captured",
    ),
    "cash is owed for ever": (
        "payment",
        f"DELETE FROM entries WHERE {one('entries', COLLECTED)}",
        "in cash are still owed",
    ),
    "a counter of the stock changed": (
        "logistics",
        f"UPDATE stock_levels SET on_hand = on_hand - 1 WHERE {one('stock_levels')}",
        "S[0-9]: ",
    ),
    "units are held for nobody": (
        "logistics",
        f"UPDATE stock_levels SET held = held + 1 WHERE {one('stock_levels')}",
        "S[0-9]: ",
    ),
    "a movement is not there": (
        "logistics",
        f"DELETE FROM movements WHERE {SHIPPED}",
        "left the stock",
    ),
    "a reservation never ended": (
        "logistics",
        f"UPDATE reservations SET consumed = 0 WHERE {one('reservations', 'consumed > 0')}",
        "units are still bound to",
    ),
    "a parcel holds more than was ordered": (
        "logistics",
        f"UPDATE parcel_lines SET quantity = quantity + 1 WHERE {one('parcel_lines')}",
        "I3: .* units of .* were shipped",
    ),
    "a parcel is not there": (
        "logistics",
        f"DELETE FROM parcel_lines WHERE {one('parcel_lines')}",
        "consumed",
    ),
    "a fulfilment is called something else": (
        "logistics",
        f"UPDATE fulfilments SET status = 'created' WHERE {one('fulfilments')}",
        "written as created",
    ),
}


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ManualClock]:
    """The folder of a town in which everything that can become of an order became of one."""
    town = Town(tmp_path_factory.mktemp("sound"))
    real = [each for each in read_purchases(100) if each.amount]
    purchases = [replace(each, fate=fate) for each, fate in zip(real, Fate, strict=False)]
    with town.open() as road:
        replay = Replay(road=road, clock=town.clock, people=2)
        replay.stock()
        replay.run(purchases, tell=str)
        replay.let_time_pass(lambda: wait_until_quiet(town.audit.events))
    return town.embedded.folder, town.clock


@pytest.fixture
def copy(sound: tuple[Path, ManualClock], tmp_path: Path) -> Path:
    """A copy of it, to be spoilt."""
    return shutil.copytree(sound[0], tmp_path / "copy")


def test_of_a_sound_town_the_checker_says_nothing(
    copy: Path, sound: tuple[Path, ManualClock]
) -> None:
    assert looked_through(copy, sound[1]) == []


@pytest.mark.parametrize(("service", "statements", "sentence"), SPOILT.values(), ids=SPOILT)
def test_the_checker_has_a_sentence_for_what_was_spoilt(
    copy: Path, sound: tuple[Path, ManualClock], service: str, statements: str, sentence: str
) -> None:
    assert spoil(copy / f"{service}.db", statements) > 0

    said = "\n".join(looked_through(copy, sound[1]))

    assert re.search(sentence, said), said


def test_the_checker_names_what_lies_dead(copy: Path, sound: tuple[Path, ManualClock]) -> None:
    _, clock = sound
    broker, home = LocalBroker(copy / "broker.db", clock=clock), events_queue("logistics")
    cancelled = OrderCancelled(
        order_id="o-1", account_id="ann", reason=CancelReason.BUYER, lines=()
    )
    message = envelop(cancelled, event_id="told-late", sequence=1, clock=clock)
    with closing(broker), closing(broker.intake(home)) as intake:
        assert broker.publisher().send([message]) == ["confirmed"]
        (delivery,) = intake.receive(1, timeout_s=5)
        failure = Failure(consumer="logistics", type="Oops", cause="it fell", at=clock.now())
        intake.bury(delivery, failure=failure)

    assert any(f"lies dead in {home}: it fell" in one for one in looked_through(copy, clock))
