"""What somebody reads who opens the town's address in a browser."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse

    from gateway.routes import Table

WORDS = """Jishi is open. It speaks JSON under /api/v1; /api/docs is a page to read and to try it.

The doors, and whose they are:

{doors}

Most of them ask who you are: `shop token ann` prints a token that is good for ten minutes.
`make demo` walks an order through all of them and tells what happens.
"""


OPENING = """Jishi is open on http://{bind}/api/v1 ; its data lies in {data}.
Walk an order through a town of its own:  make demo
Ask this one, as the shopper Ann:
  curl -H "Authorization: Bearer $(.venv/bin/shop token ann{option})" http://{bind}/api/v1/orders
Ctrl-C closes it; what is in hand is finished first."""


def opening_words(bind: str, data: Path, *, usual: Path) -> str:
    """What `shop run` says; a town with its data in an unusual place has tokens of its own."""
    option = "" if data == usual else f" --data {shlex.quote(str(data))}"
    return OPENING.format(bind=bind, data=data, option=option)


def welcome(table: Table, start_response: StartResponse) -> Iterable[bytes]:
    """The list of doors as plain text."""
    rows = sorted((one.address, one.method, one.to) for one in table.routes)
    lines = "\n".join(f"    {method:<7}{path:<58} {to}" for path, method, to in rows)
    start_response("200 OK", [("Content-Type", "text/plain; charset=utf-8")])
    return [WORDS.format(doors=lines).encode()]
