"""What somebody reads who opens the town's address in a browser."""

from __future__ import annotations

import shlex
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from shop_suite.caller import Refused

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse

    from gateway.routes import Table

WORDS = """Jishi is open. It speaks JSON under /api/v1; /api/docs is a page to read and to try it.

The doors, and whose they are:

{doors}

Most of them ask who you are: `.venv/bin/shop token shopper` signs in and prints a token.
`make demo` walks an order through all of them and tells what happens.
"""


OPENING = """Jishi is open on http://{bind}/api/v1 ;
http://{bind}/api/docs is a page to read and to try it.
Its data lies in {data}. Ctrl-C closes it; what is in hand is finished first."""

LOGINS = """Sign in with:
{logins}
For example, what the shop sells, and who you are:
  curl 'http://{bind}/api/v1/catalog/products?limit=3'
  curl -H "Authorization: Bearer $(.venv/bin/shop token shopper{option})" http://{bind}/api/v1/account/me
Walk an order through a town of its own, from the cart to the doorstep:  make demo"""


USUAL_BIND: Final = "127.0.0.1:8000"


class Opening:
    """What `shop run` says and does once the town answers: a fresh one gets the demo shop."""

    def __init__(
        self, bind: str, data: Path, *, usual: Path, goods: bool, say: Callable[[str], None]
    ) -> None:
        """``usual``: where the data lies unless said; elsewhere a town has tokens of its own."""
        self._bind = bind
        self._data = data
        at = "" if bind == USUAL_BIND else f" --at {bind}"
        self._option = at + ("" if data == usual else f" --data {shlex.quote(str(data))}")
        self._goods = goods
        self._say = say

    def begin(self) -> None:
        """Say that it is open; fill its shelves in the background, since it must answer to that."""
        self._say(OPENING.format(bind=self._bind, data=self._data))
        if self._goods:
            threading.Thread(target=self.open_shop, name="opening", daemon=True).start()

    def open_shop(self) -> None:
        """Fill the shelves, unless that was done before, and say who can sign in."""
        from shop_suite.town.opening import open_once

        self._say("The demo shop opens: accounts, sixty things, their pictures and their stock ...")
        try:
            logins = open_once(lambda _path: f"http://{self._bind}", self._data)
        except Refused as refused:
            self._say(f"The demo shop could not be opened: {refused}")
            return
        rows = [f"  {one.role:<9} {one.email:<22} {one.password}" for one in logins]
        told = {"logins": "\n".join(rows), "option": self._option}
        self._say(LOGINS.format(bind=self._bind, **told))


def welcome(table: Table, start_response: StartResponse) -> Iterable[bytes]:
    """The list of doors as plain text."""
    rows = sorted((one.address, one.method, one.to) for one in table.routes)
    lines = "\n".join(f"    {method:<7}{path:<58} {to}" for path, method, to in rows)
    start_response("200 OK", [("Content-Type", "text/plain; charset=utf-8")])
    return [WORDS.format(doors=lines).encode()]
