"""The matrix of kills as test cases: a row is walked once, each of its cells is looked at alone."""

from __future__ import annotations

import pytest
from _pytest.mark import ParameterSet

from shop_suite.chaos.matrix import Cell, kill_at, rows
from shop_suite.chaos.ways import Way
from shop_suite.services import ROAD

Rows = dict[str, tuple[str, ...]]
# A step of each kind. Who passes the others does it with the same lines of the libraries, which
# the road's services are killed at everywhere; `make chaos` kills all of them at all of them.
ONE_OF_EACH_KIND = (
    "tx.after_commit",
    "relay.after_confirm",
    "consumer.after_commit",
    "deadline.before_commit",
    "outside.after_call",
)


def fewer_rows() -> Rows:
    """Every step of the road's services, and for the others one of each kind."""
    return {
        point: services if point in ONE_OF_EACH_KIND else tuple(filter(ROAD.__contains__, services))
        for point, services in rows().items()
    }


def cells(of: Rows) -> list[ParameterSet]:
    """A test case for each step and service."""
    return [
        pytest.param(point, service, id=f"{point}-{service}")
        for point, services in of.items()
        for service in services
    ]


class Matrix:
    """One town's. At each step all services that pass it are killed in the same story."""

    def __init__(self, way: Way, of: Rows) -> None:
        self._way = way
        self._of = of
        self._rows: dict[str, dict[str, Cell]] = {}

    def cell(self, point: str, service: str) -> Cell:
        if point not in self._rows:
            walked = kill_at(self._way, point, self._of[point])
            self._rows[point] = {cell.service: cell for cell in walked}
        return self._rows[point][service]
