"""Money is exact, bounded, and never made of text that merely looks like a number."""

import copy
import pickle
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop_events import CurrencyMismatch, Money, NotMoney
from shop_events.values import LARGEST_MINOR, MINOR_DIGITS, total

minors = st.integers(min_value=-(10**12), max_value=10**12)
positive = st.integers(min_value=0, max_value=10**12)
currencies = st.sampled_from(sorted(MINOR_DIGITS))
weights = st.lists(st.integers(min_value=0, max_value=10**9), min_size=1, max_size=40)


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("19.90", "CNY", 1990),
        ("19.9", "CNY", 1990),
        ("19", "CNY", 1900),
        ("0", "CNY", 0),
        ("-0.00", "CNY", 0),
        ("-3.05", "EUR", -305),
        ("0019.90", "USD", 1990),
        ("500", "JPY", 500),
    ],
)
def test_an_amount_is_read_to_the_minor_unit(text: str, currency: str, minor: int) -> None:
    assert Money.of(text, currency) == Money(minor, currency)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "Infinity",
        "-Infinity",
        "NaN",
        "sNaN",
        "1e5",
        "1E-2",
        "0x10",
        "1_000",
        "1,000.00",
        "19,90",
        "19.999",
        "19.",
        ".90",
        "+1",
        "--1",
        "-",
        " 1",
        "1 ",
        "1\n",
        "1\x00",
        "٣",
        "１",
        "19.９0",
        "−1",
        "½",
        "9" * 17,
        "9" * 10_000,
        "1" + "0" * 14,
    ],
)
def test_what_only_looks_like_an_amount_is_refused(text: str) -> None:
    with pytest.raises(NotMoney):
        Money.of(text, "CNY")


def test_yen_have_no_digits_after_the_point() -> None:
    with pytest.raises(NotMoney):
        Money.of("500.0", "JPY")


@pytest.mark.parametrize("currency", ["", "cny", "XXX", "CNY ", "BTC", "C" * 1000])
def test_a_currency_we_do_not_sell_in_is_refused(currency: str) -> None:
    with pytest.raises(NotMoney):
        Money.of("1", currency)
    with pytest.raises(NotMoney):
        Money(1, currency)


@pytest.mark.parametrize("minor", [1.0, Decimal(1), "1", True, None, float("nan"), 10**15 + 1])
def test_minor_units_are_whole_numbers_within_bounds(minor: object) -> None:
    with pytest.raises(NotMoney):
        Money(minor, "CNY")  # type: ignore[arg-type]


def test_an_error_about_an_amount_does_not_repeat_a_book() -> None:
    with pytest.raises(NotMoney) as found:
        Money.of("9" * 10_000, "CNY")

    assert len(str(found.value)) < 100


@given(minors, currencies)
def test_an_amount_written_down_is_read_as_the_same(minor: int, currency: str) -> None:
    money = Money(minor, currency)

    assert Money.of(money.amount, currency) == money


@pytest.mark.parametrize(
    ("money", "text"),
    [
        (Money(1990, "CNY"), "19.90"),
        (Money(5, "CNY"), "0.05"),
        (Money(-5, "CNY"), "-0.05"),
        (Money(0, "CNY"), "0.00"),
        (Money(500, "JPY"), "500"),
        (Money(LARGEST_MINOR, "CNY"), "10000000000000.00"),
    ],
)
def test_an_amount_has_the_digits_of_its_currency(money: Money, text: str) -> None:
    assert money.amount == text


@given(positive, currencies, weights)
def test_the_parts_of_an_amount_sum_to_the_whole(
    minor: int, currency: str, weights: list[int]
) -> None:
    whole = Money(minor, currency)

    assert total(whole.allocate(weights), currency) == whole


@given(positive, weights)
def test_no_part_of_an_amount_is_below_zero(minor: int, weights: list[int]) -> None:
    assert min(part.minor for part in Money(minor, "CNY").allocate(weights)) >= 0


@given(positive, weights.filter(any))
def test_each_part_is_within_one_unit_of_its_fair_share(minor: int, weights: list[int]) -> None:
    parts = Money(minor, "CNY").allocate(weights)

    for part, weight in zip(parts, weights, strict=True):
        assert abs(part.minor * sum(weights) - minor * weight) < sum(weights)


@given(positive, weights.filter(any))
def test_what_weighs_nothing_gets_nothing(minor: int, weights: list[int]) -> None:
    parts = Money(minor, "CNY").allocate(weights)

    assert not [p for p, w in zip(parts, weights, strict=True) if w == 0 and p]


@given(positive, st.integers(min_value=1, max_value=40))
def test_where_nothing_weighs_anything_all_get_the_same_and_the_first_the_odd_units(
    minor: int, count: int
) -> None:
    parts = [part.minor for part in Money(minor, "CNY").allocate([0] * count)]

    assert parts == sorted(parts, reverse=True)
    assert parts[0] - parts[-1] <= 1


@given(minors, weights)
def test_what_is_taken_back_is_split_as_what_was_given(minor: int, weights: list[int]) -> None:
    given_out = Money(minor, "CNY").allocate(weights)

    assert tuple(-part for part in Money(-minor, "CNY").allocate(weights)) == given_out


@pytest.mark.parametrize("weights", [[], [-1, 2]])
def test_an_amount_is_not_split_over_nobody_or_over_less_than_nothing(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="zero or above"):
        Money(100, "CNY").allocate(weights)


@given(minors, st.integers(min_value=1, max_value=60), st.data())
def test_the_units_of_a_line_sum_to_the_line_however_they_are_grouped(
    minor: int, units: int, data: st.DataObject
) -> None:
    whole = Money(minor, "CNY")
    cuts = data.draw(st.lists(st.integers(min_value=0, max_value=units), max_size=5))
    edges = sorted({0, units, *cuts})

    parts = [
        whole.of_units(units, start=start, count=end - start) for start, end in pairwise(edges)
    ]

    assert total(parts, "CNY") == whole


@given(positive, st.integers(min_value=1, max_value=60))
def test_no_unit_of_a_line_costs_more_than_one_minor_unit_more_than_another(
    minor: int, units: int
) -> None:
    each = [Money(minor, "CNY").of_units(units, start=n, count=1).minor for n in range(units)]

    assert max(each) - min(each) <= 1
    assert min(each) >= 0


@pytest.mark.parametrize(
    ("units", "start", "count"), [(0, 0, 0), (3, 2, 2), (3, -1, 1), (3, 1, -1)]
)
def test_a_line_has_no_units_beyond_its_own(units: int, start: int, count: int) -> None:
    with pytest.raises(ValueError, match="units have no"):
        Money(100, "CNY").of_units(units, start=start, count=count)


@pytest.mark.parametrize(
    ("minor", "part", "share"),
    [(1990, "0.1", 199), (15, "0.1", 2), (25, "0.1", 3), (-15, "0.1", -2), (1990, "0", 0)],
)
def test_a_share_is_rounded_half_up(minor: int, part: str, share: int) -> None:
    assert Money(minor, "CNY").share(Decimal(part)) == Money(share, "CNY")


@given(minors, minors)
def test_amounts_of_one_currency_add_and_compare_like_numbers(one: int, other: int) -> None:
    a, b = Money(one, "EUR"), Money(other, "EUR")

    assert (a + b).minor == one + other
    assert (a - b).minor == one - other
    assert (a < b, a <= b, a == b, a > b) == (one < other, one <= other, one == other, one > other)
    assert (a == b) is (hash(a) == hash(b)) or a != b


def test_amounts_of_different_currencies_never_meet() -> None:
    yuan, euro = Money(100, "CNY"), Money(100, "EUR")

    assert yuan != euro
    for meet in (lambda: yuan + euro, lambda: yuan - euro, lambda: yuan < euro):
        with pytest.raises(CurrencyMismatch, match=r"1\.00 CNY.*1\.00 EUR"):
            meet()
    with pytest.raises(CurrencyMismatch):
        total([yuan], "EUR")


def test_an_amount_is_multiplied_by_whole_numbers_only() -> None:
    assert Money(1990, "CNY") * 3 == Money(5970, "CNY")
    with pytest.raises(NotMoney):
        Money(1990, "CNY") * 0.5  # type: ignore[operator]


def test_an_amount_beyond_all_bounds_is_refused_instead_of_overflowing_a_column() -> None:
    with pytest.raises(NotMoney):
        Money(LARGEST_MINOR, "CNY") + Money(1, "CNY")


def test_an_amount_does_not_change() -> None:
    price = Money(1990, "CNY")

    with pytest.raises(AttributeError):
        price.minor = 1  # type: ignore[misc]
    with pytest.raises(AttributeError):
        price.discount = 1  # type: ignore[attr-defined]
    assert price == Money(1990, "CNY")


def test_an_amount_is_the_same_after_pickling_and_copying() -> None:
    price = Money(1990, "CNY")

    assert pickle.loads(pickle.dumps(price)) == price
    assert copy.deepcopy(price) == price
    assert {price: "mug"}[copy.copy(price)] == "mug"


def test_nothing_is_false_and_a_sum_of_none_is_nothing() -> None:
    assert not Money.zero("CNY")
    assert Money(-1, "CNY")
    assert total([], "CNY") == Money.zero("CNY")
