"""The outside of an event is written in one spelling and read in three."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop_events.envelope import Envelope, NotAnEnvelope, from_headers, rfc3339, to_headers
from shop_events.trace import new_traceparent

WORDS = st.text(st.characters(codec="ascii", min_codepoint=33), min_size=1, max_size=40)
ENVELOPES = st.builds(
    Envelope,
    id=WORDS,
    source=WORDS,
    type=WORDS,
    version=st.integers(min_value=1, max_value=99),
    subject=st.text(max_size=40),
    sequence=st.integers(min_value=0, max_value=2**62),
    time=st.datetimes(timezones=st.just(UTC), min_value=datetime(1970, 1, 1)),  # noqa: DTZ001 - Hypothesis adds the zone
    correlation_id=WORDS,
    causation_id=st.none() | WORDS,
    traceparent=st.none() | st.builds(new_traceparent),
    tracestate=st.none() | WORDS,
)


def an_envelope() -> Envelope:
    return Envelope(
        id="e1",
        source="/jishi/order",
        type="order.placed",
        version=2,
        subject="o1",
        sequence=7,
        time=datetime(2026, 11, 22, 8, 0, tzinfo=UTC),
        correlation_id="c1",
    )


def without(name: str) -> dict[str, str]:
    return {key: value for key, value in to_headers(an_envelope()).items() if key != f"ce-{name}"}


@given(ENVELOPES)
def test_an_envelope_is_read_as_it_was_written(envelope: Envelope) -> None:
    assert from_headers(to_headers(envelope)) == envelope


@given(ENVELOPES, st.sampled_from(["ce-", "cloudEvents_", "cloudEvents:"]))
def test_all_three_spellings_of_the_headers_are_read(envelope: Envelope, prefix: str) -> None:
    spelt = {prefix + name.removeprefix("ce-"): text for name, text in to_headers(envelope).items()}

    assert from_headers(spelt) == envelope


@given(ENVELOPES)
def test_every_header_we_write_is_text_under_a_name_cloudevents_allows(envelope: Envelope) -> None:
    headers = to_headers(envelope)

    assert all(isinstance(value, str) for value in headers.values())
    assert all(name.removeprefix("ce-").isalnum() and name.islower() for name in headers)
    assert headers["ce-specversion"] == "1.0"


def test_what_is_not_known_is_not_written() -> None:
    assert (
        not {"ce-causationid", "ce-traceparent", "ce-tracestate"} & to_headers(an_envelope()).keys()
    )


def test_the_partition_key_is_the_aggregate_so_that_others_can_keep_the_order_too() -> None:
    assert to_headers(an_envelope())["ce-partitionkey"] == "o1"


def test_headers_of_brokers_that_give_bytes_and_numbers_are_read() -> None:
    headers: dict[str, object] = dict(to_headers(an_envelope()))
    headers |= {"ce-id": b"e1", "ce-sequence": 7, "ce-schemaversion": 2}

    assert from_headers(headers) == an_envelope()


def test_headers_of_others_are_no_concern_of_ours() -> None:
    headers: dict[str, object] = dict(to_headers(an_envelope()))
    headers |= {"x-death": [{"count": 3}], "content-type": "text/plain", "ce-dataschema": None}

    assert from_headers(headers) == an_envelope()


@pytest.mark.parametrize("name", ["id", "source", "type", "time"])
def test_a_message_without_a_required_attribute_is_no_event_and_says_which(name: str) -> None:
    with pytest.raises(NotAnEnvelope, match=name):
        from_headers(without(name))


def test_a_message_of_another_town_lacks_only_what_we_added_ourselves() -> None:
    """A plain CloudEvent has no version, subject or sequence of ours; it is a first version."""
    kept = {"ce-id", "ce-source", "ce-type", "ce-time", "ce-specversion"}
    plain = {name: text for name, text in to_headers(an_envelope()).items() if name in kept}

    read = from_headers(plain)

    assert (read.version, read.subject, read.sequence, read.correlation_id) == (1, "", 0, "e1")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("time", "yesterday"),
        ("time", "2026-11-22T08:00:00"),  # whose eight o'clock?
        ("time", ""),
        ("schemaversion", "two"),
        ("schemaversion", ""),
        ("schemaversion", "1.5"),
        ("sequence", "NaN"),
        ("sequence", "9" * 5_000),
        ("id", b"\xff\xfe"),
    ],
)
def test_a_malformed_attribute_is_refused_as_such_and_nothing_else_breaks(
    name: str, text: object
) -> None:
    with pytest.raises(NotAnEnvelope, match="malformed"):
        from_headers({**to_headers(an_envelope()), f"ce-{name}": text})


def test_an_empty_message_is_no_event() -> None:
    with pytest.raises(NotAnEnvelope):
        from_headers({})


def test_an_instant_is_written_in_utc_whatever_clock_it_was_read_from() -> None:
    noon_in_shanghai = datetime(2026, 11, 22, 12, 0, tzinfo=timezone(timedelta(hours=8)))

    assert rfc3339(noon_in_shanghai) == "2026-11-22T04:00:00.000000Z"


@pytest.mark.parametrize("text", ["2026-11-22T16:00:00+08:00", "2026-11-22T08:00:00.000Z"])
def test_an_instant_is_read_with_any_offset(text: str) -> None:
    read = from_headers({**to_headers(an_envelope()), "ce-time": text})

    assert read.time == datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


def test_an_envelope_knows_its_producer_and_the_key_it_travels_under() -> None:
    assert an_envelope().producer == "order"
    assert an_envelope().routing_key == "order.placed.v2"
