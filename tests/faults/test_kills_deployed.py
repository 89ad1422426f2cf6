"""F1, deployed: a town killed at every step and at random loses nothing and doubles nothing."""

from __future__ import annotations

import pytest

from shop_suite.chaos.stories import let_all_orders_end
from shop_suite.chaos.storm import storm
from shop_suite.chaos.ways import DeployedWay
from tests.faults.killing import CELLS, Matrix

pytestmark = [pytest.mark.faults, pytest.mark.timeout(400)]

KILLS = 8
SEED = 1997


@pytest.fixture(scope="module")
def matrix(deployed_town: DeployedWay) -> Matrix:
    return Matrix(deployed_town)


@pytest.mark.parametrize(("point", "service"), CELLS)
def test_a_service_killed_at_this_step_loses_nothing(
    matrix: Matrix, point: str, service: str
) -> None:
    cell = matrix.cell(point, service)

    assert cell.fired, "It never came to this step."
    assert not cell.problems, "\n".join(cell.problems)


def test_a_storm_of_kills_loses_nothing(deployed_town: DeployedWay) -> None:
    came = storm(deployed_town, kills=KILLS, seed=SEED, tell=print)

    assert sum(came.kills.values()) == KILLS
    assert came.stories > 0
    assert not came.problems, "\n".join(came.problems)


def test_in_the_end_every_order_is_over_and_nothing_lies_dead(deployed_town: DeployedWay) -> None:
    let_all_orders_end(deployed_town.clock, deployed_town)

    problems = deployed_town.close_and_look()

    assert not problems, "\n".join(problems)
