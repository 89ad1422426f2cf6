"""A shop that nobody visits costs next to nothing: it may stay on a small machine for ever."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from shop_suite.audit.quiet import wait_until_quiet
from shop_suite.bench import cpu
from shop_suite.chaos.ways import EmbeddedWay
from shop_suite.deployed import executed
from shop_suite.servers.tree import family
from shop_suite.town.opening import open_shop

pytestmark = [
    pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="Linux tells this"),
    pytest.mark.timeout(180),
]

LOOK_FOR_S = 10.0
LARGEST_MIB = 300
LARGEST_SHARE_OF_A_CORE = 0.05


def resident_mib(pid: int) -> float:
    """What the process and its children hold in memory, shared pages counted in each."""
    told = [Path(f"/proc/{one}/status").read_text() for one in family(pid)]
    lines = [line for text in told for line in text.splitlines() if line.startswith("VmRSS")]
    return sum(int(line.split()[1]) for line in lines) / 1024


def test_an_open_shop_that_nobody_visits_costs_next_to_nothing(tmp_path: Path) -> None:
    way = EmbeddedWay(tmp_path / "town", start=executed)
    try:
        open_shop(way.road().address, tmp_path)
        wait_until_quiet(way.audit.events)
        before_s = cpu.of_tree(way.pid)
        threading.Event().wait(LOOK_FOR_S)  # what it does when there is nothing to do
        spent_s = cpu.of_tree(way.pid) - before_s
        held_mib = resident_mib(way.pid)
    finally:
        way.stop()

    assert spent_s / LOOK_FOR_S < LARGEST_SHARE_OF_A_CORE
    assert held_mib < LARGEST_MIB
