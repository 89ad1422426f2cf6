"""A body that is too large to hold: read as it comes, a piece at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from flask import request
from gunicorn.http.errors import ParseException  # type: ignore[import-untyped]
from werkzeug.exceptions import RequestEntityTooLarge

from chassis.problems import Problem
from chassis.requests import declared_here

PIECE_BYTES: Final = 64 * 1024


def body_pieces() -> Iterator[bytes]:
    """The body of a route that says ``@accepts(..., streamed=True)``, in pieces of 64 KiB at most.

    Raises:
        RequestEntityTooLarge: 413, there is more than the route accepts.
        Problem: 400, it ended before its told length, or its chunks cannot be read.
    """
    at_most, came = declared_here().at_most, 0
    while piece := _piece():
        came += len(piece)
        if came > at_most:
            raise RequestEntityTooLarge
        yield piece
    if "Transfer-Encoding" not in request.headers and came < (request.content_length or 0):
        raise Problem(400, "body_cut_off", "The body ended before the length that was told.")


def _piece() -> bytes:
    try:
        return request.stream.read(PIECE_BYTES)
    except ParseException as error:  # gunicorn looks at the chunks when we do, not before
        raise Problem(400, "malformed_body", "The body's chunks cannot be read.") from error
