"""`shop chaos`: the matrix and the storm on both ways to run, told as they go."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from shop_suite.chaos.matrix import Cell, walk_matrix
from shop_suite.chaos.stories import open_town
from shop_suite.chaos.storm import Storm, storm
from shop_suite.chaos.ways import DeployedWay, EmbeddedWay, Way
from shop_suite.servers import PrivatePostgres, PrivateRabbit
from shop_suite.services import NAMES

Say = Callable[[str], None]


def run_chaos(*, kills: int, seed: int, on: str, say: Say) -> bool:
    """Walk the matrix, then let a storm of ``kills`` pass; whether nothing was lost anywhere."""
    seed = seed or secrets.randbelow(10**6)
    good = True
    for name in ("embedded", "deployed"):
        if on in (name, "both"):
            with open_way(name) as way:
                open_town(way)
                good &= _matrix(way, say)
                good &= _storm(way, kills=kills, seed=seed, say=say)
    return good


@contextmanager
def open_way(name: str) -> Iterator[Way]:
    """A fresh town of this kind, with servers of its own; closed at the end of the block."""
    with tempfile.TemporaryDirectory(prefix="jishi-chaos-") as folder:
        if name == "embedded":
            yield from _opened(EmbeddedWay(Path(folder)))
            return
        with PrivatePostgres(durable=True) as postgres, PrivateRabbit() as rabbit:
            way = DeployedWay(
                Path(folder),
                databases={service: postgres.create_database(service) for service in NAMES},
                broker_url=rabbit.create_vhost("town"),
            )
            yield from _opened(way)


def _opened(way: Way) -> Iterator[Way]:
    try:
        yield way
    finally:
        way.stop()


def _matrix(way: Way, say: Say) -> bool:
    say(f"\nEvery step x service, killed once, {way.name}:")
    cells = list(_told(walk_matrix(way), say))
    good = sum(cell.good for cell in cells)
    say(f"{good} of {len(cells)} cells are good.")
    return good == len(cells)


def _told(cells: Iterable[Cell], say: Say) -> Iterator[Cell]:
    for cell in cells:
        verdict = (
            "killed, nothing lost" if cell.good else "PROBLEM" if cell.fired else "NOT REACHED"
        )
        say(f"    {cell.kill.point:<24} {cell.kill.service:<12} {verdict}")
        for problem in cell.problems[:5]:
            say(f"        {problem}")
        yield cell


def _storm(way: Way, *, kills: int, seed: int, say: Say) -> bool:
    say(f"\nA storm of {kills} random kills, {way.name}, seed {seed}:")
    came: Storm = storm(way, kills=kills, seed=seed, tell=lambda words: say(f"    {words}"))
    for victim, count in sorted(came.kills.items()):
        say(f"    {victim:<20} killed {count:>4} times")
    say(f"    {came.stories} stories walked, {len(came.problems)} counter-examples")
    for problem in came.problems[:10]:
        say(f"        {problem}")
    return not came.problems
