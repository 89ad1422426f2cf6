"""F1, deployed: a town killed at every step and at random loses nothing and doubles nothing."""

from __future__ import annotations

import pytest

from shop_suite.chaos.stories import let_all_orders_end
from shop_suite.chaos.storm import storm
from shop_suite.chaos.ways import DeployedWay
from tests.faults.killing import Matrix, cells, fewer_rows

pytestmark = [pytest.mark.faults, pytest.mark.timeout(600)]

KILLS = 8
SEED = 1997


@pytest.fixture(scope="module")
def matrix(whole_town: DeployedWay) -> Matrix:
    return Matrix(whole_town, fewer_rows())


@pytest.mark.parametrize(("point", "service"), cells(fewer_rows()))
def test_a_service_killed_at_this_step_loses_nothing(
    matrix: Matrix, point: str, service: str
) -> None:
    cell = matrix.cell(point, service)

    assert cell.fired, "It never came to this step."
    assert not cell.problems, "\n".join(cell.problems)


def test_a_storm_of_kills_loses_nothing(whole_town: DeployedWay) -> None:
    came = storm(whole_town, kills=KILLS, seed=SEED, tell=print)

    assert sum(came.kills.values()) == KILLS
    assert came.stories > 0
    assert not came.problems, "\n".join(came.problems)


def test_in_the_end_every_order_is_over_and_nothing_lies_dead(whole_town: DeployedWay) -> None:
    let_all_orders_end(whole_town.clock, whole_town)

    problems = whole_town.close_and_look()

    assert not problems, "\n".join(problems)
