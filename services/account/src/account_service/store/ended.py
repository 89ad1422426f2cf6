"""What is over and of no more use: forgotten after a while."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, bindparam, delete, select

from account_service.store.tables import codes, moves, refresh_tokens, sessions, throttles

KEEP: Final = timedelta(days=30)  # a session that ended still says which devices are known
KEEP_TALLIES: Final = timedelta(days=2)


def forget(connection: Connection, now: datetime) -> int:
    """Delete a few hundred rows of each kind; how many."""
    gone = connection.execute(_TOKENS, {"before": now - KEEP}).rowcount
    gone += connection.execute(_SESSIONS, {"before": now - KEEP}).rowcount
    gone += connection.execute(_CODES, {"before": now - timedelta(days=1)}).rowcount
    gone += connection.execute(_MOVES, {"before": now - timedelta(days=1)}).rowcount
    gone += connection.execute(_THROTTLES, {"before": now - KEEP_TALLIES}).rowcount
    return gone


_OLD: Final = (
    select(sessions.c.id)
    .where(sessions.c.ends_at < bindparam("before"))
    .order_by(sessions.c.ends_at, sessions.c.id)
    .limit(200)
)
_TOKENS: Final = delete(refresh_tokens).where(refresh_tokens.c.session_id.in_(_OLD))
_SESSIONS: Final = delete(sessions).where(sessions.c.id.in_(_OLD))
_CODES: Final = delete(codes).where(codes.c.expires_at < bindparam("before"))
_MOVES: Final = delete(moves).where(moves.c.expires_at < bindparam("before"))
_THROTTLES: Final = delete(throttles).where(throttles.c.until < bindparam("before"))
