"""A log line is one line of JSON, and holds nobody's data."""

import io
import logging
from collections.abc import Iterator
from typing import Any

import orjson
import pytest

from chassis import logs
from chassis.settings import Secret
from chassis.testing import Bench, shopper

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


class Written:
    """What was logged."""

    def __init__(self) -> None:
        self.stream = io.StringIO()

    def lines(self) -> list[dict[str, Any]]:
        return [orjson.loads(line) for line in self.stream.getvalue().splitlines()]


@pytest.fixture
def written() -> Iterator[Written]:
    written = Written()
    handler = logging.StreamHandler(written.stream)
    handler.setFormatter(logs.formatter("kiosk"))
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel("INFO")
    yield written
    root.removeHandler(handler)
    root.setLevel(level)


def test_a_line_says_when_who_and_what(written: Written) -> None:
    logging.getLogger("shop_events.relay").warning("Sent %d of %d.", 3, 5, extra={"queue": "q"})

    (line,) = written.lines()
    assert line.pop("time").endswith("Z")
    assert list(line) == ["level", "service", "message", "logger", "queue"]
    assert line == {
        "level": "warning",
        "service": "kiosk",
        "message": "Sent 3 of 5.",
        "queue": "q",
        "logger": "shop_events.relay",
    }


@pytest.mark.parametrize("evil", ["\r\n", "\n{}", "\x85", "\u2028", "\u2029", "\x1b[2J", "\x9b2J"])
def test_nobody_can_write_a_line_of_his_own(written: Written, evil: str) -> None:
    logging.getLogger("x").info("Name: %s", f"Ann{evil}admin logged in")

    text = written.stream.getvalue()
    assert text.count("\n") == 1
    assert len(text.splitlines()) == 1
    assert "\x1b" not in text
    assert written.lines()[0]["message"] == f"Name: Ann{evil}admin logged in"


def test_a_secret_does_not_come_out_in_a_log(written: Written) -> None:
    secret = Secret("hunter2")
    logging.getLogger("x").info("Connecting with %s", secret, extra={"url": secret})

    assert "hunter2" not in written.stream.getvalue()


def test_an_exception_is_one_line_too(written: Written) -> None:
    logging.getLogger("x").error("It broke.", exc_info=RuntimeError("two\nlines"))

    (line,) = written.lines()
    assert "RuntimeError: two\nlines" in line["exception"]


def test_a_request_leaves_one_line_without_address_query_or_body(
    kiosk: Bench, written: Written
) -> None:
    ann = kiosk.client(shopper("ann"))

    answer = ann.get(
        "/sales/0199-private-id?", headers={"traceparent": TRACE, "X-Request-Id": "r-1"}
    )

    (line,) = [line for line in written.lines() if line["message"] == "answered"]
    assert answer.headers["X-Request-Id"] == "r-1"
    assert line["ms"] >= 0
    shown = {name: line[name] for name in ("method", "route", "status", "subject", "trace_id")}
    assert shown == {
        "method": "GET",
        "route": "/api/v1/sales/<sale_id>",
        "status": 404,
        "subject": "ann",
        "trace_id": "0af7651916cd43dd8448eb211c80319c",
    }
    assert line["request_id"] == "r-1"
    assert "private-id" not in written.stream.getvalue()
    assert "Bearer" not in written.stream.getvalue()


def test_a_request_inside_a_request_leaves_the_outer_ones_trace_alone(
    kiosk: Bench, written: Written
) -> None:
    token = logs.about.set({"service": "gateway", "trace_id": "outer"})
    kiosk.client().get("/health/live", headers={"traceparent": TRACE})
    logging.getLogger("x").info("Passed on.")
    logs.about.reset(token)

    inner, outer = written.lines()
    assert (inner["service"], inner["trace_id"]) == ("kiosk", "0af7651916cd43dd8448eb211c80319c")
    assert (outer["service"], outer["trace_id"]) == ("gateway", "outer")


@pytest.mark.parametrize("asked", ["a b", "x" * 65, "é", '"'])
def test_a_request_id_that_is_none_is_replaced(kiosk: Bench, asked: str) -> None:
    given = kiosk.client().get("/health/live", headers={"X-Request-Id": asked})

    assert given.headers["X-Request-Id"] != asked


def test_an_event_belongs_to_the_trace_of_the_request_that_caused_it(kiosk: Bench) -> None:
    kiosk.client(shopper()).post("/sales", {"mugs": 1}, headers={"traceparent": TRACE})

    with kiosk.database.read() as connection:
        (said,) = connection.exec_driver_sql("SELECT traceparent FROM outbox").all()
    assert said.traceparent.startswith("00-0af7651916cd43dd8448eb211c80319c-")


def test_a_database_error_does_not_tell_what_somebody_typed(kiosk: Bench) -> None:
    from sqlalchemy import text
    from sqlalchemy.exc import SQLAlchemyError

    with pytest.raises(SQLAlchemyError) as caught, kiosk.database.begin() as tx:
        tx.connection.execute(text("INSERT INTO nothing VALUES (:name)"), {"name": "Ann Other"})

    assert "Ann Other" not in str(caught.value)
