"""A connection to PostgreSQL on which nobody waits for ever.

The server ends what takes too long (``statement_timeout``), and the system gives up a machine that
is gone (``tcp_user_timeout``). A server that is frozen does neither: its system still answers for
it. So the client has a limit of its own, a little above the server's.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, TypeVar

import psycopg
from psycopg.abc import PQGen
from psycopg.rows import TupleRow

T = TypeVar("T")


class Line(psycopg.Connection[TupleRow]):
    """Gives the connection up when an answer takes longer than ``answers_within_s``."""

    answers_within_s: float = 20.0

    def wait(self, gen: PQGen[T], interval: float = 0.1, timeout: float | None = None) -> T:
        """As the parent, but never without a limit.

        Raises:
            OperationalError: no answer in time; the connection is closed, since what the server
                made of the question is unknown.
        """
        limit_s = self.answers_within_s if timeout is None else timeout
        until = time.monotonic() + limit_s
        try:
            return super().wait(gen, interval, limit_s)
        except psycopg.Error:
            if timeout is None and time.monotonic() >= until:
                self.pgconn.finish()
            raise


def opener(answers_within_s: float) -> Callable[..., Line]:
    """For SQLAlchemy's ``do_connect``: opens such a line instead of a plain connection."""

    def open_one(_dialect: Any, _record: Any, where: list[str], how: dict[str, Any]) -> Line:
        line = Line.connect(*where, **how)
        line.answers_within_s = answers_within_s
        return line

    return open_one
