"""A mistake with an event is found before anything runs (EVENTS.md row 48)."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

import shop_events
from shop_events import Event, Subscriptions, Tx, WrongHandler
from shop_events.contracts.payment import PaymentConfirmed, PaymentFailed

MISTAKES = """\
from shop_events import Money, Subscriptions, Tx
from shop_events.contracts.logistics import StockReserved
from shop_events.contracts.order import OrderPayable
from shop_events.contracts.payment import PaymentConfirmed, PaymentFailed

subscriptions = Subscriptions("order")


@subscriptions.on(PaymentConfirmed)
def right(event: PaymentConfirmed, tx: Tx) -> None:
    tx.publish(StockReserved(order_id=event.order_id))


@subscriptions.on(PaymentConfirmed)  # finds: a handler for another event
def other(event: PaymentFailed, tx: Tx) -> None: ...


@subscriptions.on(PaymentConfirmed)  # finds: a handler that needs more than it gets
def more(event: PaymentConfirmed, tx: Tx, retries: int) -> None: ...


@subscriptions.on(Money)  # finds: something that is no event
def none(event: Money, tx: Tx) -> None: ...


@subscriptions.at("order.pay_by")  # finds: a deadline that expects an event
def due(event: PaymentConfirmed, tx: Tx) -> None: ...


def say(event: PaymentConfirmed, tx: Tx) -> None:
    StockReserved(orderid="o1")  # finds: a misspelt field
    StockReserved("o1")  # finds: a field without its name
    StockReserved(order_id=1)  # finds: a field of another type
    event.order_id = "o2"  # finds: an event that is changed
    event.oder_id  # finds: a misspelt field that is read
    event.amount.minor + event.amount  # finds: a number and an amount added
    tx.publish("order.placed")  # finds: something published that is no event
"""

EXPECTED = {
    number: line.partition("# finds: ")[2]
    for number, line in enumerate(MISTAKES.splitlines(), start=1)
    if "# finds: " in line
}


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> dict[int, str]:
    """What mypy says, by line: one run of ten seconds, and of two once its cache is warm."""
    assert pytestconfig.cache
    known = pytestconfig.cache.mkdir("typing-of-events")
    folder = tmp_path_factory.mktemp("types")
    snippet = folder / "mistakes.py"
    snippet.write_text(MISTAKES)
    said = subprocess.run(
        [
            *(sys.executable, "-m", "mypy", "--strict", "--no-error-summary"),
            *("--config-file", "", "--follow-imports", "silent", "--ignore-missing-imports"),
            *("--cache-dir", str(known), str(snippet)),
        ],
        cwd=Path(shop_events.__file__).parents[1],
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    errors = re.findall(r"mistakes\.py:(\d+): error: (.*)", said.stdout)
    assert said.returncode == 1, said.stdout + said.stderr
    return {int(line): text for line, text in errors}


@pytest.mark.parametrize("line", EXPECTED, ids=EXPECTED.values())
def test_the_type_checker_finds(found: dict[int, str], line: int) -> None:
    assert line in found


def test_the_type_checker_finds_nothing_in_what_is_right(found: dict[int, str]) -> None:
    assert not {line: text for line, text in found.items() if line not in EXPECTED}


def test_without_a_type_checker_a_wrong_handler_is_found_when_it_is_imported() -> None:
    subscriptions = Subscriptions("order")

    with pytest.raises(WrongHandler, match="confirm_when_paid must be a PaymentConfirmed"):

        @subscriptions.on(PaymentConfirmed)  # type: ignore[arg-type]
        def confirm_when_paid(event: PaymentFailed, tx: Tx) -> None: ...


@pytest.mark.parametrize("annotation", [None, Event])
def test_a_handler_says_exactly_which_event_it_takes(annotation: object) -> None:
    def anything(event, tx):  # type: ignore[no-untyped-def]
        ...

    if annotation:
        anything.__annotations__["event"] = annotation

    with pytest.raises(WrongHandler):
        Subscriptions("order").on(PaymentConfirmed)(anything)


def test_an_event_and_a_deadline_have_one_handler_each() -> None:
    subscriptions = Subscriptions("order")

    def confirm(event: PaymentConfirmed, tx: Tx) -> None: ...
    def expire(order_id: str, tx: Tx) -> None: ...

    subscriptions.on(PaymentConfirmed)(confirm)
    subscriptions.at("order.pay_by")(expire)

    with pytest.raises(WrongHandler, match=r"two handlers for payment\.confirmed"):
        subscriptions.on(PaymentConfirmed)(confirm)
    with pytest.raises(WrongHandler, match=r"two handlers for the deadline order\.pay_by"):
        subscriptions.at("order.pay_by")(expire)


def test_a_handler_stays_a_function_that_can_be_called() -> None:
    subscriptions = Subscriptions("order")

    def confirm(event: PaymentConfirmed, tx: Tx) -> None: ...

    assert subscriptions.on(PaymentConfirmed)(confirm) is confirm
