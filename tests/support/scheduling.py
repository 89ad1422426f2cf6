"""Which tests go to one worker together when several run: those that share something dear.

A module's tests do, as under ``--dist loadscope``; all journeys through one kind of town, which is
opened once for them; and all tests that hurt servers, which are started once for them. Whole towns
come first: no worker is left alone with one at the end.
"""

from __future__ import annotations

import re
from typing import Final

from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

_IN_A_TOWN: Final = re.compile(
    r"^(tests/journeys|tests/faults/test_kills)\b.*\[(embedded|deployed)\b"
)
_HURTS_SERVERS: Final = re.compile(
    r"^(tests/faults/test_outages|tests/integration/test_(servers|rights)"
    r"|libs/events/tests/test_(amqp_faults|database))\.py\b"
)


class ByTown(LoadScopeScheduling):  # type: ignore[misc]
    """Units of work are handed out in the order of collection."""

    def _split_scope(self, nodeid: str) -> str:
        if town := _IN_A_TOWN.match(nodeid):
            return "/".join(town.groups())
        return "hurts servers" if _HURTS_SERVERS.match(nodeid) else nodeid.split("::", 1)[0]
