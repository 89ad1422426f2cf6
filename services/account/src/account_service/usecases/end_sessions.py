"""Sign out: one session, or many."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from account_service.domain.errors import SessionNotFound
from account_service.domain.session import Session, after_every_token, hash_of
from account_service.store import sessions
from chassis.revocation import deny
from shop_events import Tx
from shop_events.contracts.account import AccountSessionsRevoked


def end_sessions(tx: Tx, account_id: str, ended: Iterable[Session]) -> None:
    """These sessions, which are locked, are over, and so are their access tokens in every service.

    Publishes AccountSessionsRevoked, which names them: one that begins in this second goes on.
    """
    found = list(ended)
    if not found:
        return
    ids, at = tuple(one.id for one in found), after_every_token(found, tx.now)
    sessions.revoke(tx.connection, list(ids), tx.now)
    for session_id in ids:  # here at once; elsewhere when they hear of it
        deny(tx, account_id, session_id, until=at)
    tx.publish(AccountSessionsRevoked(account_id=account_id, session_ids=ids, at=at))


def end_all_sessions(tx: Tx, account_id: str, *, but: str | None = None) -> None:
    """All sessions of the account are over, ``but`` perhaps the one that asks."""
    found = sessions.lock_open_of(tx.connection, account_id, tx.now)
    end_sessions(tx, account_id, (one for one in found if one.id != but))


def end_sessions_for(tx: Tx, merchant_id: str) -> None:
    """All sessions in which a merchant's clerks work for it; as shoppers they stay signed in."""
    found = sessions.lock_open_for(tx.connection, merchant_id, tx.now)  # one clerk's stand together
    for account_id, of_clerk in groupby(found, key=lambda one: one.account_id):
        end_sessions(tx, account_id, of_clerk)


def end_one_session(tx: Tx, account_id: str, session_id: str) -> None:
    """A device is signed out by its owner.

    Raises:
        SessionNotFound: there is none, it is over, or it is somebody else's.
    """
    found = sessions.lock_open_of(tx.connection, account_id, tx.now)
    named = [one for one in found if one.id == session_id]
    if not named:
        raise SessionNotFound(session_id)
    end_sessions(tx, account_id, named)


def sign_out(tx: Tx, refresh_token: str) -> None:
    """The session this token is of is over; quiet if it was already."""
    found = sessions.lock_by_token(tx.connection, hash_of(refresh_token))
    if found is not None and found[0].is_open(tx.now):
        end_sessions(tx, found[0].account_id, [found[0]])
