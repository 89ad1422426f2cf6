"""Go on with a session."""

from __future__ import annotations

import logging

from account_service.domain.session import (
    Answer,
    Refresh,
    Session,
    hash_of,
    judge,
    new_nonce,
    successor,
)
from account_service.store import audit, sessions
from account_service.usecases.end_sessions import end_sessions
from account_service.usecases.open_session import SignedIn
from shop_events import Tx

log = logging.getLogger(__name__)


def refresh_session(tx: Tx, token: str) -> SignedIn | None:
    """The session with its next refresh token; None if this one does not count.

    One that was used more than ten seconds ago ends the session: it, or the one that followed it,
    is in other hands. The caller commits that. Publishes AccountSessionsRevoked then.
    """
    found = sessions.lock_by_token(tx.connection, hash_of(token))
    if found is None or not found[0].is_open(tx.now):
        return None
    session, refresh = found
    match judge(refresh, tx.now):
        case Answer.ROTATE:
            following = _rotate(tx, session, token)
        case Answer.THE_SAME_AGAIN:
            following = successor(token, refresh.nonce or "")
        case Answer.REUSED:
            _end(tx, session, refresh)
            return None
    going_on = session.used(tx.now)
    sessions.touch(tx.connection, session.id, going_on.last_used_at)
    return SignedIn(going_on, following)


def _rotate(tx: Tx, session: Session, token: str) -> str:
    nonce = new_nonce()
    following = successor(token, nonce)
    sessions.use_token(tx.connection, hash_of(token), nonce=nonce, at=tx.now)
    sessions.add_token(tx.connection, hash_of(following), session.id)
    return following


def _end(tx: Tx, session: Session, refresh: Refresh) -> None:
    end_sessions(tx, session.account_id, [session])
    audit.note(tx, "refresh_token_reused", session.id)
    log.warning(
        "A refresh token of account %s, used at %s, came again: session %s was ended.",
        session.account_id,
        refresh.used_at,
        session.id,
    )
