"""The bench's own arithmetic: what a floor, a percentile and a middle are."""

import pytest

from shop_suite.bench.figures import Floor, Run, middle_cpu_ms, middle_ratio, percentile


def floor(measured: float, *, less_is_better: bool = False) -> Floor:
    return Floor(
        what="how fast", measured=measured, limit=5.0, unit="x", less_is_better=less_is_better
    )


def test_a_floor_is_met_by_its_own_limit_and_by_more() -> None:
    assert floor(5.0).met
    assert floor(5.1).met
    assert not floor(4.9).met


def test_where_less_is_better_the_limit_itself_misses() -> None:
    assert floor(4.9, less_is_better=True).met
    assert not floor(5.0, less_is_better=True).met


@pytest.mark.parametrize("less_is_better", [False, True])
def test_what_is_no_number_meets_no_floor(less_is_better: bool) -> None:
    assert not floor(float("nan"), less_is_better=less_is_better).met


def test_a_percentile_is_one_of_the_values_and_enough_of_them_are_not_above_it() -> None:
    waits = [float(number) for number in range(1, 101)]

    assert percentile(reversed(waits), 0.5) == 50.0
    assert percentile(waits, 0.99) == 99.0
    assert percentile(waits, 1.0) == 100.0
    assert percentile([7.0], 0.01) == 7.0


def test_there_is_no_percentile_of_nothing() -> None:
    with pytest.raises(ValueError, match="nothing"):
        percentile([], 0.5)


def runs_that_took(*seconds: float) -> list[Run]:
    return [Run(events=100, took_s=took_s, cpu_s={"client": took_s / 2}) for took_s in seconds]


def test_one_slow_run_does_not_move_the_middle() -> None:
    assert middle_cpu_ms(runs_that_took(1.0, 1.0, 50.0)) == {"client": 5.0}


def test_a_machine_that_slows_down_half_way_moves_no_ratio() -> None:
    quick, plain = (
        runs_that_took(1.0, 1.0, 9.0, 9.0, 9.0),
        runs_that_took(5.0, 5.0, 45.0, 45.0, 45.0),
    )

    assert middle_ratio(quick, plain) == 5.0
