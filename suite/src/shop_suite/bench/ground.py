"""What the questions share: servers of our own, started when first asked for, and folders."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Self

from shop_suite.bench import cpu
from shop_suite.servers import PrivatePostgres, PrivateRabbit


class Ground:
    """PostgreSQL with fsync, RabbitMQ as it comes. Everything ends with the block."""

    def __init__(self) -> None:
        self._open = ExitStack()
        self._numbers = count(1)

    @cached_property
    def postgres(self) -> PrivatePostgres:
        """Its commits survive a power failure, as a shop's must."""
        return self._open.enter_context(PrivatePostgres(durable=True))

    @cached_property
    def rabbit(self) -> PrivateRabbit:
        """One node."""
        return self._open.enter_context(PrivateRabbit())

    @property
    def server_meters(self) -> cpu.Meters:
        """What the two servers spend."""
        return {
            "PostgreSQL": lambda: cpu.of_tree(self.postgres.pid),
            "RabbitMQ": lambda: cpu.of_tree(self.rabbit.pid),
        }

    def database(self) -> str:
        """The address of an empty database."""
        return self.postgres.create_database(f"bench{next(self._numbers)}")

    def vhost(self) -> str:
        """The address of an empty virtual host."""
        return self.rabbit.create_vhost(f"bench{next(self._numbers)}")

    def folder(self) -> Path:
        """An empty folder."""
        return Path(self._open.enter_context(tempfile.TemporaryDirectory(prefix="jishi-bench-")))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._open.close()


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question is given: where to measure, whom to tell, and how many orders it may walk."""

    ground: Ground
    say: Callable[[str], None]
    orders: int
