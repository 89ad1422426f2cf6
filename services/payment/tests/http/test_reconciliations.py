"""Carriers bring the cash they took at doors by bills (row 63)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from chassis.testing import admin, merchant
from payment_service import testing
from payment_service.testing import KETTLE, MO, MUG, SHIPPING
from services.payment.tests.usecases.test_races import MANY, all_at_once

WEEK = timedelta(days=7).total_seconds()
GOODS = "waybill,amount,currency\nSW1,9.99,CNY\nSW2,20.01,CNY\n"
ADDRESS = "/payments/reconciliations"


def bills(
    till: Any, content: str | bytes = GOODS, *, of: str = "swift", no: str = "B1", who: Any = None
) -> Any:
    """A carrier's bill is handed in; the answer."""
    client = till.bench.client(who or admin())
    path = f"{ADDRESS}?provider={of}&reference={no}"
    return client.send("POST", path, data=content, content_type="text/csv")


def swift_has_the_cash(till: Any) -> None:
    """Ann paid at the door for two parcels, 9.99 and 20.01."""
    till.hears(testing.confirmed(on_delivery=True))
    till.hears(testing.cash("pa-1", MUG.amount, waybill="SW1"))
    till.hears(testing.cash("pa-2", KETTLE.amount + SHIPPING.amount, waybill="SW2"))


def kinds(answer: Any) -> list[tuple[str, str | None]]:
    return [(one["kind"], one["waybill"]) for one in answer.get_json()["differences"]]


def test_row_63_what_a_bill_brings_is_booked_once_and_the_same_bill_answered_the_same(
    till,
) -> None:
    swift_has_the_cash(till)

    first, again = bills(till), bills(till)

    told = first.get_json()
    assert (first.status_code, again.status_code, again.get_json()) == (200, 200, told)
    assert (told["billed"], told["booked"]) == ({"amount": "30.00", "currency": "CNY"},) * 2
    assert (told["matched"], told["differing"], told["differences"]) == (2, 0, [])
    assert till.balances() == {"platform_bank": 3000, "customer_prepaid": -3000}
    assert till.complaints() == []


def test_row_63_bills_at_the_same_time_bring_each_parcel_s_cash_once(till) -> None:
    """The same bill ten times, and ten others that name the same waybills the other way round."""
    swift_has_the_cash(till)
    head, one, two = GOODS.splitlines()
    turned = f"{head}\n{two}\n{one}"

    def act(number: int) -> Any:
        same = number % 2
        return bills(till, *(() if same else (turned,)), no="B1" if same else f"N{number}")

    answers = all_at_once(act)

    assert [answer.status_code for answer in answers] == [200] * MANY
    assert len({answer.get_data() for answer in answers[1::2]}) == 1
    assert sum(one.get_json()["matched"] for one in (*answers[::2], answers[1])) == 2
    assert till.balances() == {"platform_bank": 3000, "customer_prepaid": -3000}
    assert till.complaints() == []


def test_row_63_what_differs_is_told_and_books_nothing(small_till) -> None:
    swift_has_the_cash(small_till)
    bills(small_till, "waybill,amount,currency\nSW1,9.99,CNY\n")
    booked = small_till.balances()

    answer = bills(small_till, f"{GOODS.replace('20.01', '20.10')}SW9,1.00,CNY\n", no="B2")

    assert kinds(answer) == [
        ("already_remitted", "SW1"),
        ("amount_differs", "SW2"),
        ("not_collected", "SW9"),
    ]
    told = answer.get_json()
    assert (told["billed"]["amount"], told["booked"]["amount"], told["matched"]) == (
        "31.09",
        "0.00",
        0,
    )
    differs = told["differences"][1]
    assert (differs["parcel_id"], differs["collected"]["amount"]) == ("pa-2", "20.01")
    assert small_till.balances() == booked
    assert small_till.complaints() == []


def test_row_63_cash_that_no_bill_brings_for_a_week_is_missed(small_till) -> None:
    """A parcel on the bill with another amount is told as such and not missed as well."""
    swift_has_the_cash(small_till)
    small_till.hears(testing.cash("pa-3", testing.cny("1.00")))  # its waybill was not told
    wrong = "waybill,amount,currency\nSW1,1.00,CNY\n"
    small_till.advance(WEEK)
    assert kinds(bills(small_till, wrong)) == [("amount_differs", "SW1")]

    small_till.advance(1)

    assert kinds(bills(small_till, wrong, no="B2")) == [
        ("amount_differs", "SW1"),
        ("not_remitted", "SW2"),
        ("not_remitted", None),
    ]


def test_row_63_another_content_under_the_reference_is_refused(small_till) -> None:
    swift_has_the_cash(small_till)
    bills(small_till, "waybill,amount,currency\nSW1,9.99,CNY\n")

    answer = bills(small_till)

    assert (answer.status_code, answer.get_json()["code"]) == (409, "bill_differs")
    assert small_till.balances()["platform_bank"] == 999


@pytest.mark.parametrize("provider", ["stripe", "swallow"])
def test_row_63_only_carriers_that_collected_cash_hand_bills_in(small_till, provider: str) -> None:
    swift_has_the_cash(small_till)

    answer = bills(small_till, of=provider)

    assert (answer.status_code, list(answer.get_json()["errors"])) == (422, ["provider"])
    assert "cash are: swift" in answer.get_json()["detail"]


def test_row_63_a_bill_with_one_wrong_cell_books_nothing_and_may_come_again(small_till) -> None:
    swift_has_the_cash(small_till)

    refused = bills(small_till, GOODS.replace("20.01", "=20.01"))
    other = small_till.bench.client(admin()).post(f"{ADDRESS}?provider=swift&reference=B1", {})
    large = bills(small_till, b"x" * 1_000_001)

    assert (refused.status_code, list(refused.get_json()["errors"])) == (422, ["rows.3.amount"])
    assert "rows.3.amount: Starts with '='" in refused.get_json()["detail"]
    assert (other.status_code, large.status_code) == (415, 413)
    for no in ("", "B%201", "4111111111111111", "x" * 65):
        answer = bills(small_till, no=no)
        assert (answer.status_code, list(answer.get_json()["errors"])) == (422, ["reference"])
    assert "platform_bank" not in small_till.balances()
    assert bills(small_till).get_json()["matched"] == 2


def test_row_63_bills_are_a_list_for_admins_alone_the_newest_first(small_till) -> None:
    swift_has_the_cash(small_till)
    for no in ("B1", "B2"):
        bills(small_till, no=no)
    ada = small_till.bench.client(admin())

    first = ada.get(f"{ADDRESS}?limit=1").get_json()
    second = ada.get(f"{ADDRESS}?limit=1&cursor={first['next_cursor']}").get_json()

    (newest, oldest) = first["items"] + second["items"]
    assert (newest["reference"], newest["differing"], newest["matched"]) == ("B2", 2, 0)
    assert (oldest["reference"], oldest["handed_in_by"], oldest["matched"]) == ("B1", "ada", 2)
    assert second["next_cursor"] is None
    assert "differences" not in newest
    mo = merchant("mo", of=MO)
    assert bills(small_till, who=mo).status_code == 403
    assert small_till.bench.client(mo).get(ADDRESS).status_code == 403
    assert small_till.ann.get(ADDRESS).status_code == 403


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("UPDATE cash_collections SET amount = 1 WHERE waybill = 'SW1'", "remitted:pa-1 differs"),
        ("UPDATE cash_collections SET bill_id = NULL", "no carrier collected or brought"),
        ("DELETE FROM cash_collections", "no carrier collected or brought"),
        ("UPDATE cash_collections SET carrier = 'slow'", "cash:pa-2 differs"),
    ],
)
def test_row_63_the_auditor_finds_cash_that_was_brought_and_booked_differently(
    small_till, statement: str, sentence: str
) -> None:
    swift_has_the_cash(small_till)
    bills(small_till)
    assert small_till.complaints() == []

    with small_till.bench.database.begin() as tx:
        tx.connection.execute(text(statement))

    assert any(sentence in complaint for complaint in small_till.complaints())
