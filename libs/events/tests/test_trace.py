"""One order is one trace, across every service, outbox and broker it passes."""

import re

import pytest

from shop_events.trace import child_of, new_traceparent, trace_id

# https://www.w3.org/TR/trace-context/, its own example
PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

MALFORMED = [
    None,
    "",
    "nonsense",
    PARENT.upper(),
    PARENT.replace("00-4", "01-4"),
    PARENT + "-extra",
    PARENT + "\n",
    "00-" + "0" * 32 + "-00f067aa0ba902b7-01",
    "00-4bf92f3577b34da6a3ce929d0e0e4736-" + "0" * 16 + "-01",
]


def test_a_new_trace_is_well_formed_and_sampled() -> None:
    assert re.fullmatch(r"00-[0-9a-f]{32}-[0-9a-f]{16}-01", new_traceparent())
    assert new_traceparent() != new_traceparent()


def test_a_child_is_another_span_of_the_same_trace() -> None:
    child = child_of(PARENT)

    assert trace_id(child) == trace_id(PARENT) == "4bf92f3577b34da6a3ce929d0e0e4736"
    assert child.split("-")[2] != PARENT.split("-")[2]


@pytest.mark.parametrize("flags", ["00", "01"])
def test_a_trace_that_is_not_sampled_stays_so(flags: str) -> None:
    assert child_of(PARENT[:-2] + flags).endswith(flags)


@pytest.mark.parametrize("parent", MALFORMED, ids=repr)
def test_where_the_parent_cannot_be_read_a_new_trace_begins(parent: str | None) -> None:
    assert trace_id(parent) is None

    assert trace_id(child_of(parent)) is not None
