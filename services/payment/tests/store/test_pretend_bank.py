"""The pretend bank misbehaves as told, and keeps an honest book."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from payment_service.outside.pretend_bank import PretendBank
from payment_service.outside.provider import (
    Captured,
    Declined,
    NotFound,
    Pending,
    ProviderUnavailable,
    RefundDeclined,
    Refunded,
    Wanted,
)
from payment_service.testing import TOTAL, cny
from shop_events import Money


def a(key: str, amount: Money = TOTAL) -> Wanted:
    return Wanted(key=key, amount=amount)


@pytest.fixture
def bank(tmp_path: Path) -> PretendBank:
    return PretendBank(tmp_path / "bank.db")


def test_a_repeated_key_gets_the_first_answer_and_moves_no_money(bank: PretendBank) -> None:
    first = bank.capture(a("p-1", TOTAL), "tok_visa")
    again = bank.capture(a("p-1", cny("99.00")), "tok_declined")

    assert isinstance(first, Captured)
    assert again == first == bank.query(a("p-1"))
    assert [entry.amount for entry in bank.captures()] == [TOTAL]


def test_a_declined_key_stays_declined(bank: PretendBank) -> None:
    declined = bank.capture(a("p-1", TOTAL), "tok_declined")

    assert declined == Declined(code="card_declined", may_retry=False)
    assert bank.capture(a("p-1", TOTAL), "tok_visa") == declined
    assert bank.captures() == []


def test_silent_means_taken_and_lost_means_never_arrived(bank: PretendBank) -> None:
    with pytest.raises(ProviderUnavailable):
        bank.capture(a("p-1", TOTAL), "tok_silent")
    with pytest.raises(ProviderUnavailable):
        bank.capture(a("p-2", TOTAL), "tok_lost")

    assert isinstance(bank.query(a("p-1")), Captured)
    assert bank.query(a("p-2")) == NotFound()


def test_late_means_pending_for_two_questions_and_then_taken(bank: PretendBank) -> None:
    with pytest.raises(ProviderUnavailable):
        bank.capture(a("p-1", TOTAL), "tok_late")
    assert bank.captures() == []

    answers = [bank.query(a("p-1")) for _ in range(3)]

    assert answers[:2] == [Pending(), Pending()]
    assert isinstance(answers[2], Captured)
    assert len(bank.captures()) == 1


def test_giving_up_stops_what_has_not_arrived_and_nothing_else(bank: PretendBank) -> None:
    taken = bank.capture(a("p-1", TOTAL), "tok_visa")
    with pytest.raises(ProviderUnavailable):
        bank.capture(a("p-2", TOTAL), "tok_late")

    assert bank.give_up(a("p-1")) == taken
    assert bank.give_up(a("p-2")) == Pending()
    assert bank.give_up(a("p-3")) == Declined(code="never_arrived", may_retry=True)
    assert isinstance(bank.capture(a("p-3", TOTAL), "tok_visa"), Declined)


def test_no_more_goes_back_than_was_taken(bank: PretendBank) -> None:
    taken = bank.capture(a("p-1", TOTAL), "tok_visa")

    assert isinstance(bank.refund("r-1", taken.provider_ref, cny("20.00")), Refunded)
    assert isinstance(bank.refund("r-1", taken.provider_ref, cny("20.00")), Refunded)
    assert bank.refund("r-2", taken.provider_ref, cny("10.01")) == RefundDeclined(
        code="exceeds_capture"
    )
    assert bank.refund("r-3", "nobody", cny("1.00")) == RefundDeclined(code="no_such_capture")
    assert [entry.key for entry in bank.refunds()] == ["r-1"]


def test_the_book_outlives_a_process_that_is_killed_right_after_it_asked(tmp_path: Path) -> None:
    code = (
        "import os, signal, sys; from pathlib import Path;"
        "from payment_service.outside.pretend_bank import PretendBank;"
        "from payment_service.outside.provider import Wanted;"
        "from shop_events import Money;"
        "wanted = Wanted(key='p-1', amount=Money(3000, 'CNY'));"
        "PretendBank(Path(sys.argv[1])).capture(wanted, 'tok_visa');"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    killed = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "bank.db")], check=False, timeout=60
    )

    assert killed.returncode == -signal.SIGKILL
    assert [entry.key for entry in PretendBank(tmp_path / "bank.db").captures()] == ["p-1"]
