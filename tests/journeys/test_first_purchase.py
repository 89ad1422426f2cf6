"""Issue of the first purchase: from registering to holding the parcel, on both ways to run."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from shop_suite.chaos.ways import Way
from shop_suite.first_purchase import FirstPurchase
from shop_suite.town.opening import open_shop

pytestmark = pytest.mark.timeout(300)


class Listener:
    """Remembers what it is told."""

    def __init__(self) -> None:
        self.steps: list[str] = []
        self.answers: list[Mapping[str, Any]] = []

    def step(self, words: str) -> None:
        self.steps.append(words)

    def answered(self, facts: Mapping[str, Any]) -> None:
        self.answers.append(facts)


def test_a_newcomer_registers_buys_is_told_by_mail_and_holds_the_parcel(
    town: Way, tmp_path: Path
) -> None:
    listener = Listener()
    address = town.road().address
    logins = open_shop(address, tmp_path)

    FirstPurchase(address, logins, town.clock, listener).walk()

    answers = {name: value for facts in listener.answers for name, value in facts.items()}
    assert answers["asked"] == "action_required"
    assert answers["then"] == "captured"
    assert answers["discount"] == {"amount": "10.00", "currency": "CNY"}
    assert answers["seen"][-1] == "signed"
    assert answers["status"] == "received"
    assert {"placed", "paid", "shipped", "delivered", "received"} <= set(answers["timeline"])
