"""F1, embedded: a town killed at every step and at random loses nothing and doubles nothing."""

from __future__ import annotations

import pytest

from shop_suite.chaos.matrix import rows
from shop_suite.chaos.stories import let_all_orders_end
from shop_suite.chaos.storm import storm
from shop_suite.chaos.ways import EmbeddedWay
from tests.faults.killing import Matrix, cells

pytestmark = [pytest.mark.faults, pytest.mark.timeout(600)]

KILLS = 8
SEED = 1997


@pytest.fixture(scope="module")
def matrix(embedded_town: EmbeddedWay) -> Matrix:
    return Matrix(embedded_town, rows())


@pytest.mark.parametrize(("point", "service"), cells(rows()))
def test_a_service_killed_at_this_step_loses_nothing(
    matrix: Matrix, point: str, service: str
) -> None:
    cell = matrix.cell(point, service)

    assert cell.fired, "It never came to this step."
    assert not cell.problems, "\n".join(cell.problems)


def test_a_storm_of_kills_loses_nothing(embedded_town: EmbeddedWay) -> None:
    came = storm(embedded_town, kills=KILLS, seed=SEED, tell=print)

    assert sum(came.kills.values()) == KILLS
    assert came.stories > 0
    assert not came.problems, "\n".join(came.problems)


def test_in_the_end_every_order_is_over_and_nothing_lies_dead(embedded_town: EmbeddedWay) -> None:
    let_all_orders_end(embedded_town.clock, embedded_town)

    problems = embedded_town.close_and_look()

    assert not problems, "\n".join(problems)
