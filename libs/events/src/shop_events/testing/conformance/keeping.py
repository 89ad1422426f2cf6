"""What is promised of the event log."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from itertools import pairwise

from shop_events.broker import Broker, Logged
from shop_events.testing.conformance.parts import home, message, numbered, prepare, publish
from shop_events.testing.waiting import eventually
from shop_events.topology import PRIVATE


class Keeping:
    """Every public event is kept, in order, for whoever wants to read it again."""

    def test_the_log_holds_all_public_events_in_order_with_growing_offsets(
        self, broker: Broker
    ) -> None:
        prepare(broker, home("a", "order.#"))
        publish(broker, *numbered(20))
        publish(broker, *numbered(20, start=20))
        log = _log(broker, 40)
        assert [one.body for one in log] == [str(number).encode() for number in range(40)]
        assert all(earlier.offset < later.offset for earlier, later in pairwise(log))

    def test_an_event_without_subscribers_is_in_the_log(self, broker: Broker) -> None:
        prepare(broker)
        sent = message(b"\xff", of="order.unheard")
        publish(broker, sent)
        (logged,) = _log(broker, 1)
        assert logged.body == b"\xff"
        assert logged.headers["ce-id"] == sent.envelope.id

    def test_no_private_event_is_in_the_log(self, broker: Broker) -> None:
        prepare(broker, home("closed", "#", exchange=PRIVATE))
        publish(broker, message("secret", exchange=PRIVATE), message("news"))
        assert [one.body for one in _log(broker, 1)] == [b"news"]

    def test_the_log_is_read_after_an_offset(self, broker: Broker) -> None:
        prepare(broker)
        publish(broker, *numbered(10))
        whole = _log(broker, 10)
        rest = list(broker.read_log(after=whole[6].offset))
        assert [(one.offset, one.body) for one in rest] == [
            (one.offset, one.body) for one in whole[7:]
        ]
        assert list(broker.read_log(after=whole[-1].offset)) == []

    def test_the_log_is_read_from_an_instant_of_the_events_on(self, broker: Broker) -> None:
        prepare(broker)
        publish(broker, *numbered(5))
        between = datetime.now(UTC)
        publish(broker, *numbered(5, start=5))
        _log(broker, 10)
        late = [one.body for one in broker.read_log(after=between)]
        assert late == [b"5", b"6", b"7", b"8", b"9"]

    def test_reading_the_log_takes_nothing_out_of_it(
        self, broker: Broker, crash: Callable[[], Broker]
    ) -> None:
        prepare(broker)
        assert list(broker.read_log()) == []
        publish(broker, *numbered(3))
        first = _log(broker, 3)
        assert _log(broker, 3) == first
        assert _log(crash(), 3) == first


def _log(broker: Broker, count: int) -> list[Logged]:
    def all_there() -> list[Logged]:
        log = list(broker.read_log())
        assert len(log) <= count, f"{len(log)} entries instead of {count}."
        return log if len(log) == count else []

    return eventually(all_there)
