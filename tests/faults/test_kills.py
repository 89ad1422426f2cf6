"""F1: a town killed at every step and at random loses nothing and doubles nothing.

On both ways to run: as the one process that everything is, and as the nineteen of a deployed town.
"""

from __future__ import annotations

import pytest
from _pytest.mark import ParameterSet

from shop_suite.chaos.matrix import Cell, kill_at, rows
from shop_suite.chaos.stories import let_all_orders_end
from shop_suite.chaos.storm import storm
from shop_suite.chaos.ways import Kill, Way

pytestmark = [pytest.mark.faults, pytest.mark.timeout(600)]

KILLS = 8
SEED = 1997


class Matrix:
    """One town's. In each story all services that pass two steps are killed at both of them."""

    def __init__(self, way: Way) -> None:
        self._way = way
        self._cells: dict[Kill, Cell] = {}

    def cell(self, point: str, service: str) -> Cell:
        kill = Kill(point, service)
        if kill not in self._cells:
            walked = kill_at(self._way, self._together(point))
            self._cells |= {cell.kill: cell for cell in walked}
        return self._cells[kill]

    def _together(self, point: str) -> list[Kill]:
        points = list(rows())
        first = points.index(point) // 2 * 2
        return [Kill(one, name) for one in points[first : first + 2] for name in rows()[one]]


def cells() -> list[ParameterSet]:
    """A test case for each step and service that passes it."""
    return [
        pytest.param(point, service, id=f"{point}-{service}")
        for point, services in rows().items()
        for service in services
    ]


@pytest.fixture(scope="module")
def matrix(way: Way) -> Matrix:
    return Matrix(way)


@pytest.mark.parametrize(("point", "service"), cells())
def test_a_service_killed_at_this_step_loses_nothing(
    matrix: Matrix, point: str, service: str
) -> None:
    cell = matrix.cell(point, service)

    assert cell.fired, "It never came to this step."
    assert not cell.problems, "\n".join(cell.problems)


def test_a_storm_of_kills_loses_nothing(way: Way) -> None:
    came = storm(way, kills=KILLS, seed=SEED, tell=print)

    assert sum(came.kills.values()) == KILLS
    assert came.stories > 0
    assert not came.problems, "\n".join(came.problems)


def test_in_the_end_every_order_is_over_and_nothing_lies_dead(way: Way) -> None:
    let_all_orders_end(way.clock, way)

    problems = way.close_and_look()

    assert not problems, "\n".join(problems)
