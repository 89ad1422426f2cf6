"""The matrix of kills as test cases: a row is walked once, each of its cells is looked at alone."""

from __future__ import annotations

import pytest

from shop_suite.chaos.matrix import Cell, kill_at, rows
from shop_suite.chaos.ways import Way

CELLS = [
    pytest.param(point, service, id=f"{point}-{service}")
    for point, services in rows().items()
    for service in services
]


class Matrix:
    """One town's. At each step all services that pass it are killed in the same story."""

    def __init__(self, way: Way) -> None:
        self._way = way
        self._rows: dict[str, dict[str, Cell]] = {}

    def cell(self, point: str, service: str) -> Cell:
        if point not in self._rows:
            cells = kill_at(self._way, point, rows()[point])
            self._rows[point] = {cell.service: cell for cell in cells}
        return self._rows[point][service]
