"""Every error is a problem document, and none says more than it should."""

import re
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from chassis import problems
from chassis.problems import describe
from chassis.testing import Bench, shopper
from libs.chassis.tests.kiosk.errors import KioskError, SoldOut, StillOpening
from shop_events import NotDeclared

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def test_an_error_of_the_domain_keeps_its_code_status_and_sentence(kiosk: Bench) -> None:
    refused = kiosk.client(shopper()).post("/sales", {"mugs": 11})

    assert refused.status_code == 409
    assert refused.content_type == "application/problem+json"
    told = refused.get_json(force=True)
    assert re.fullmatch("[0-9a-f]{32}", told.pop("trace_id"))
    assert told == {
        "type": "urn:jishi:problem:sold_out",
        "title": "Conflict",
        "status": 409,
        "code": "sold_out",
        "detail": "There are only 10 mugs left.",
        "left": 10,
    }


def test_an_error_wrapped_on_its_way_keeps_its_answer(kiosk: Bench) -> None:
    refused = kiosk.client(shopper()).post("/wrapped-sales", {"mugs": 11})

    assert (refused.status_code, refused.get_json()["code"]) == (409, "sold_out")


def test_an_error_below_the_root_needs_no_registration(kiosk: Bench) -> None:
    missing = kiosk.client(shopper()).get("/sales/nobody-bought-this")

    assert (missing.status_code, missing.get_json()["code"]) == (404, "no_such_sale")


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/no-such-place", 404, "not_found"),
        ("DELETE", "/sales", 405, "method_not_allowed"),
        ("BREW", "/sales", 405, "method_not_allowed"),
        ("GET", "/teapot", 418, "teapot"),
    ],
)
def test_an_error_of_http_is_a_problem_too(
    kiosk: Bench, method: str, path: str, status: int, code: str
) -> None:
    refused = kiosk.client().send(method, path)

    assert (refused.status_code, refused.get_json()["code"]) == (status, code)
    assert refused.headers["X-Request-Id"]


def test_a_method_that_is_not_allowed_is_told_which_are(kiosk: Bench) -> None:
    refused = kiosk.client().send("DELETE", "/sales")

    assert set(refused.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST"}


def test_what_nobody_expected_says_nothing_of_itself(
    kiosk: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    kiosk.app.config["PROPAGATE_EXCEPTIONS"] = False

    broken = kiosk.client(shopper()).post("/sales", {"mugs": 7}, headers={"traceparent": TRACE})

    assert broken.status_code == 500
    assert broken.get_json()["trace_id"] == "0af7651916cd43dd8448eb211c80319c"
    assert "secret" not in broken.text
    assert "cash box" in caplog.text


def test_on_the_bench_what_nobody_expected_is_raised_in_the_test(kiosk: Bench) -> None:
    with pytest.raises(RuntimeError, match="cash box"):
        kiosk.client(shopper()).post("/sales", {"mugs": 7})


def test_a_route_that_says_more_than_it_declares_is_our_own_fault(kiosk: Bench) -> None:
    with pytest.raises(NotDeclared, match=r"lacks @publishes\(SaleMade\)"):
        kiosk.client().post("/undeclared-speech", {})


def test_a_database_without_its_tables_is_a_fault_and_not_a_pause(kiosk: Bench) -> None:
    kiosk.app.config["PROPAGATE_EXCEPTIONS"] = False
    with kiosk.database.begin() as tx:
        tx.connection.exec_driver_sql("DROP TABLE sales")

    assert kiosk.client(shopper()).get("/sales").status_code == 500


def test_a_database_that_cannot_be_opened_is_a_pause(kiosk: Bench) -> None:
    kiosk.database.close()
    file = Path(str(kiosk.database.url.database))
    file.rename(f"{file}.away")
    file.mkdir()

    refused = kiosk.client(shopper()).get("/sales")

    assert refused.status_code == 503
    assert refused.get_json()["code"] == "unavailable"
    assert refused.headers["Retry-After"] == "2"


def test_a_lock_that_does_not_come_is_a_pause(bench: Bench) -> None:
    """Another transaction holds the shelf; the database gives up waiting, and says try again."""
    if not bench.database.is_postgres:
        locked = OperationalError("UPDATE shelf", {}, _busy())
        assert describe(locked, KioskError).status == 503
        return
    with bench.database.begin() as tx:
        tx.connection.exec_driver_sql("LOCK TABLE shelf IN ACCESS EXCLUSIVE MODE")
        with bench.database.engine.connect() as other, pytest.raises(OperationalError) as caught:
            other.exec_driver_sql("SET lock_timeout = '50ms'")
            other.exec_driver_sql("SELECT * FROM shelf")
    assert describe(caught.value, KioskError).status == 503


def _busy() -> Exception:
    error = sqlite3.OperationalError("database is locked")
    error.sqlite_errorname = "SQLITE_BUSY"
    return error


def test_when_every_connection_is_taken_the_client_may_come_again() -> None:
    assert describe(NoConnectionFree("none free"), KioskError).status == 503


def test_an_error_may_say_when_to_come_again() -> None:
    assert describe(StillOpening("opening"), KioskError).headers == {"Retry-After": "3"}
    assert describe(SoldOut(3), KioskError).members == {"left": 3}


def test_an_error_class_without_an_answer_keeps_the_service_from_starting() -> None:
    class Root(Exception):
        code = "root"
        status = 409

    class Below(Root):
        status = 500

    with pytest.raises(TypeError, match="Below"):
        problems.must_be_complete(Root)
