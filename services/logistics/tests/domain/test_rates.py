from dataclasses import replace

import pytest

from logistics_service.domain.errors import RatesUnsound
from logistics_service.domain.rates import (
    FIRST_METHODS,
    Load,
    Method,
    Rates,
    Zone,
    must_be_sound,
)
from logistics_service.domain.way import MethodCode
from shop_events.values import Money


def cny(amount: str) -> Money:
    return Money.of(amount, "CNY")


def a_zone(*divisions: str, first: str = "8.00", step: str = "2.00") -> Zone:
    return Zone(
        divisions=divisions,
        first_g=1000,
        first=cny(first),
        step_g=500,
        step=cny(step),
        free_over=cny("99.00"),
    )


def by_piece(**measures: int | None) -> Zone:
    return replace(a_zone(), first_g=None, step_g=None, **measures)


def a_method(*zones: Zone, code: MethodCode = MethodCode.EXPRESS) -> Method:
    return Method(code=code, zones=zones, days=3, traceable=True, cash_on_delivery=True)


@pytest.mark.parametrize(
    ("weight_g", "price"),
    [(0, "8.00"), (1000, "8.00"), (1001, "10.00"), (1500, "10.00"), (1501, "12.00")],
)
def test_row_43_each_begun_step_beyond_the_first_weight_costs(weight_g: int, price: str) -> None:
    assert a_zone().price(Load(weight_g=weight_g)) == cny(price)


@pytest.mark.parametrize(
    ("pieces", "price"), [(1, "8.00"), (2, "8.00"), (3, "10.00"), (5, "10.00"), (6, "12.00")]
)
def test_row_43_by_piece_each_begun_step_beyond_the_first_units_costs(
    pieces: int, price: str
) -> None:
    zone = by_piece(first_pieces=2, step_pieces=3)

    assert zone.price(Load(weight_g=900_000, pieces=pieces)) == cny(price), "no weight counts"
    assert zone.price(Load(weight_g=1, pieces=pieces, goods=cny("99.00"))) == cny("0.00")


@pytest.mark.parametrize(
    ("weight_g", "volume_cm3", "price"),
    [
        (500, 6_000, "8.00"),  # a kilogram
        (500, 6_001, "10.00"),  # a gram more, since what is begun counts
        (500, 9_000, "10.00"),
        (500, 9_001, "12.00"),
        (1_501, 6_000, "12.00"),  # heavier than bulky
    ],
)
def test_row_42_goods_that_are_bulky_for_their_weight_count_as_heavy_as_their_volume(
    weight_g: int, volume_cm3: int, price: str
) -> None:
    method = replace(a_method(a_zone()), volume_divisor=6_000)
    load = Load(weight_g=weight_g, volume_cm3=volume_cm3)

    (option,) = Rates(rates_id="m-mo", methods=(method,)).options("310115", load)
    (plain,) = Rates(rates_id="m-mo", methods=(a_method(a_zone()),)).options("310115", load)

    assert option.price == cny(price)
    assert plain.price == a_zone().price(Load(weight_g=weight_g)), "no divisor, no volume"


@pytest.mark.parametrize(("goods", "price"), [("98.99", "8.00"), ("99.00", "0.00")])
def test_row_42_from_a_threshold_of_goods_on_a_delivery_is_free(goods: str, price: str) -> None:
    assert a_zone().price(Load(weight_g=500, goods=cny(goods))) == cny(price)


def test_the_longest_prefix_of_a_division_counts() -> None:
    everywhere, shanghai, pudong = a_zone(), a_zone("31"), a_zone("310115", "3102")
    method = a_method(everywhere, pudong, shanghai)

    assert method.zone_of("310115") is pudong
    assert method.zone_of("310101") is shanghai
    assert method.zone_of("440300") is everywhere


def test_where_no_zone_fits_a_method_is_not_offered() -> None:
    rates = Rates(rates_id="default", version=1, methods=(a_method(a_zone("31")),))

    assert rates.options("440300", Load(weight_g=500)) == ()
    assert len(rates.options("310101", Load(weight_g=500))) == 1


@pytest.mark.parametrize(
    ("methods", "problem"),
    [
        ((a_method(a_zone()), a_method(a_zone())), "The method express stands there twice."),
        ((a_method(a_zone("31"), a_zone("32", "31")),), "Two zones of express are for the prefix"),
        ((a_method(a_zone("31", "31")),), "Two zones of express are for the prefix 31."),
        ((a_method(a_zone(), a_zone()),), "Two zones of express are for everywhere else."),
        ((a_method(a_zone(first="-0.01")),), "-0.01 is no price of a delivery."),
        ((a_method(a_zone(step="1000000.01")),), "1000000.01 is no price of a delivery."),
    ],
)
def test_rates_with_two_prices_or_none_are_refused(
    methods: tuple[Method, ...], problem: str
) -> None:
    with pytest.raises(RatesUnsound, match=problem):
        must_be_sound(methods)


@pytest.mark.parametrize(
    ("zone", "named"),
    [
        (by_piece(first_pieces=1), "first_pieces"),
        (by_piece(step_pieces=1), "step_pieces"),
        (replace(a_zone(), step_g=None), "first_g"),
        (by_piece(), "neither"),
        (replace(a_zone(), first_pieces=1, step_pieces=1),
         "first_g, step_g, first_pieces, step_pieces"),
        (replace(by_piece(first_pieces=1), step_g=1), "step_g, first_pieces"),
    ],
)  # fmt: skip
def test_row_43_a_zone_charges_by_weight_or_by_piece_and_never_by_halves_or_both(
    zone: Zone, named: str
) -> None:
    with pytest.raises(RatesUnsound, match=rf"zones\.1 of express .* it names {named}\."):
        must_be_sound((a_method(a_zone("31"), zone),))


def test_all_amounts_are_in_one_currency() -> None:
    dollars = Zone(
        divisions=(),
        first_g=1,
        first=Money.of("1.00", "USD"),
        step_g=1,
        step=Money.of("1.00", "USD"),
    )

    with pytest.raises(RatesUnsound, match="in one currency"):
        must_be_sound((a_method(a_zone("31"), dollars),))


def test_a_new_shop_begins_with_sound_rates() -> None:
    must_be_sound(FIRST_METHODS)

    rates = Rates(rates_id="default", version=1, methods=FIRST_METHODS)

    shanghai, urumqi = (rates.options(one, Load(weight_g=500)) for one in ("310101", "650100"))

    assert [one.method.code for one in shanghai] == list(MethodCode)
    assert [one.method.code for one in urumqi] == ["express", "post"]
