"""Quotes as they are given: for development alone, and strict all the same."""

from typing import Any

import pytest

from chassis.settings import Env
from chassis.testing import Bench, bench_fixture
from order_service.service import service
from order_service.testing import a_mug, a_quote, ann

production = bench_fixture(service, kinds=("sqlite",), env=Env.PROD)
YEN = {"amount": "100", "currency": "JPY"}


def test_outside_development_nobody_brings_prices_of_his_own(production: Bench) -> None:
    answer = production.client(ann).post("/dev/quotes", a_quote())

    assert answer.status_code == 404
    assert not [rule for rule in production.app.url_map.iter_rules() if "/dev/" in rule.rule]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"discount": YEN}, "discount"),
        ({"shipping": YEN}, "shipping"),
        ({"discount": {"amount": "-1.00", "currency": "CNY"}}, "discount"),
        ({"shipping": {"amount": "-0.01", "currency": "CNY"}}, "shipping"),
        ({"discount": {"amount": 1, "currency": "CNY"}}, "discount"),
        ({"discount": {"amount": "1.001", "currency": "CNY"}}, "discount"),
        ({"discount": {"amount": "1.00", "currency": "XXX"}}, "discount"),
        ({"lines": []}, "lines"),
        ({"lines": [a_mug()] * 201}, "lines"),
        ({"lines": [a_mug(9_999, price="999999999999.00")]}, "lines"),
        ({"delivery_method": ""}, "delivery_method"),
        ({"expires_at": "2030-01-01T00:00:00Z"}, "expires_at"),
        ({"account_id": "bob"}, "account_id"),
        ({"destination": {}}, "destination.recipient"),
    ],
)
def test_a_quote_that_cannot_be_is_refused_by_the_name_of_its_field(
    quick_bench: Bench, wrong: dict[str, Any], field: str
) -> None:
    answer = quick_bench.client(ann).post("/dev/quotes", a_quote() | wrong)

    assert answer.status_code == 422, answer.text
    assert field in answer.get_json()["errors"]


@pytest.mark.parametrize("quantity", [0, -1, 1.5, "2", True, 10_000, 2**62, None])
def test_a_quantity_is_a_whole_number_of_at_least_one(quick_bench: Bench, quantity: object) -> None:
    answer = quick_bench.client(ann).post("/dev/quotes", a_quote(a_mug() | {"quantity": quantity}))

    assert answer.status_code == 422
    assert list(answer.get_json()["errors"]) == ["lines.0.quantity"]


def test_lines_in_two_currencies_are_refused_by_the_line(quick_bench: Bench) -> None:
    answer = quick_bench.client(ann).post(
        "/dev/quotes", a_quote(a_mug(), a_mug() | {"unit_price": YEN})
    )

    assert answer.status_code == 422
    assert list(answer.get_json()["errors"]) == ["lines.1.unit_price"]


def test_a_negative_price_is_refused_by_the_line(quick_bench: Bench) -> None:
    answer = quick_bench.client(ann).post("/dev/quotes", a_quote(a_mug(price="-5.00")))

    assert list(answer.get_json()["errors"]) == ["lines.0.unit_price"]


def test_a_whole_quote_may_be_in_a_currency_without_small_change(quick_bench: Bench) -> None:
    in_yen = {"discount": YEN, "shipping": YEN, "lines": [a_mug(3) | {"unit_price": YEN}]}

    answer = quick_bench.client(ann).post("/dev/quotes", a_quote() | in_yen)

    assert answer.get_json()["total"] == {"amount": "300", "currency": "JPY"}
