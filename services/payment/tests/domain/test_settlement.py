"""Who bears what, for one line: the sums of CATALOGUE.md's ledger table."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payment_service.domain.ledger import Entry, Posting, Unbalanced, captured, posting_of
from payment_service.domain.settlement import LineMoney, moved
from payment_service.testing import TOTAL, cny
from shop_events.values import Money

RATE_BP = 500


def a_line(paid: str | None = "20.00") -> LineMoney:
    line = LineMoney.untouched("m-mo", "1", "CNY")
    return replace(line, paid=None if paid is None else cny(paid))


def change(before: LineMoney, after: LineMoney) -> dict[str, str]:
    return {entry.account: entry.amount.amount for entry in moved(before, after)}


def test_receipt_gives_the_merchant_its_share_less_commission() -> None:
    line = a_line()

    assert change(line, line.settle(cny("20.00"), RATE_BP)) == {
        "customer_prepaid": "20.00",
        "merchant_payable:m-mo": "-19.00",
        "platform_commission": "-1.00",
    }


@pytest.mark.parametrize(("share", "commission"), [("0.09", "0.00"), ("0.10", "0.01")])
def test_commission_is_rounded_half_up_for_each_share(share: str, commission: str) -> None:
    assert a_line().settle(cny(share), RATE_BP).commission == cny(commission)


def test_shipping_bears_no_commission() -> None:
    shipping = LineMoney.untouched("m-mo", None, "CNY")

    assert change(shipping, shipping.settle(cny("5.00"), RATE_BP)) == {
        "customer_prepaid": "5.00",
        "merchant_payable:m-mo": "-5.00",
    }


def test_a_refund_before_receipt_comes_from_the_prepaid_money() -> None:
    line = a_line()

    assert change(line, line.give_back(cny("20.00"))) == {"customer_prepaid": "20.00"}


def test_a_refund_after_receipt_comes_from_merchant_and_commission_as_booked() -> None:
    line = a_line().settle(cny("20.00"), RATE_BP)

    assert change(line, line.give_back(cny("10.00"))) == {
        "merchant_payable:m-mo": "9.50",
        "platform_commission": "0.50",
    }


def test_the_commission_comes_back_to_the_last_fen_in_whatever_parts() -> None:
    line = a_line("9.99").settle(cny("9.99"), RATE_BP)
    back = line
    for part in ("3.33", "3.33", "3.33"):
        back = back.give_back(cny(part))

    assert line.balances()["platform_commission"] == -50
    assert back.balances()["platform_commission"] == 0
    assert back.balances()["merchant_payable:m-mo"] == 0


def test_units_that_never_came_are_refunded_from_the_prepaid_money_though_others_came() -> None:
    line = a_line().settle(cny("10.00"), RATE_BP)

    assert change(line, line.give_back(cny("10.00"))) == {"customer_prepaid": "10.00"}


def test_receipts_and_refunds_end_in_the_same_balances_in_any_order() -> None:
    steps = [
        lambda line: line.settle(cny("10.00"), RATE_BP),
        lambda line: line.settle(cny("7.77"), RATE_BP),
        lambda line: line.give_back(cny("5.00")),
        lambda line: replace(line, paid=cny("20.00")),
    ]
    ends = []
    for order in permutations(steps):
        line = a_line(None)
        for step in order:
            line = step(line)
        ends.append(line.balances())

    assert all(end == ends[0] for end in ends)


fen = st.integers(1, 10_000)


@given(st.lists(st.tuples(st.booleans(), fen), max_size=8), st.integers(0, 10_000), fen)
def test_every_step_of_a_line_sums_to_what_left_the_shop(
    steps: list[tuple[bool, int]], rate_bp: int, paid: int
) -> None:
    line = replace(a_line(), paid=Money(paid, "CNY"))
    for settles, minor in steps:
        amount = Money(minor, "CNY")
        after = line.settle(amount, rate_bp) if settles else line.give_back(amount)
        total = sum(entry.amount.minor for entry in moved(line, after))
        assert total == (0 if settles else minor)
        line = after


def test_a_posting_that_does_not_sum_to_zero_cannot_be_made() -> None:
    with pytest.raises(Unbalanced, match="captured:p-1"):
        Posting(
            cause="captured:p-1",
            order_id="o-1",
            entries=(Entry(account="a", amount=cny("1.00")),),
        )


def test_a_posting_sums_to_zero_in_each_currency_and_not_over_all() -> None:
    entries = (
        Entry(account="a", amount=Money(100, "CNY")),
        Entry(account="b", amount=Money(-100, "EUR")),
    )
    with pytest.raises(Unbalanced):
        Posting(cause="c", order_id="o-1", entries=entries)


def test_a_posting_that_moves_nothing_cannot_be_made() -> None:
    with pytest.raises(Unbalanced):
        posting_of("c", "o-1", [])


def test_capture_is_booked_as_the_catalogue_says() -> None:
    posting = captured("p-1", "o-1", provider="pretend", amount=TOTAL)

    assert {entry.account: entry.amount.minor for entry in posting.entries} == {
        "provider_receivable:pretend": 3000,
        "customer_prepaid": -3000,
    }
