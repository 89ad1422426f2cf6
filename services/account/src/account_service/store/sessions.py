"""Sessions and their refresh tokens."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from account_service.domain.account import Part
from account_service.domain.session import Refresh, Session
from account_service.store.tables import refresh_tokens, sessions, staff


def add(connection: Connection, session: Session) -> None:
    """Keep a new one."""
    row = {
        "id": session.id,
        "account_id": session.account_id,
        "part": session.part,
        "merchant_id": session.merchant_id,
        "device": session.device,
        "network": session.network,
        "created_at": session.created_at,
        "last_used_at": session.last_used_at,
        "ends_at": session.ends_at,
        "revoked_at": session.revoked_at,
    }
    connection.execute(insert(sessions), row)


def add_token(connection: Connection, token_hash: str, session_id: str) -> None:
    """Keep that this refresh token may be used once."""
    connection.execute(insert(refresh_tokens), {"token_hash": token_hash, "session_id": session_id})


def lock_by_token(connection: Connection, token_hash: str) -> tuple[Session, Refresh] | None:
    """The session this refresh token is of, locked until this transaction ends."""
    key = {"of_token": token_hash}
    session_id = connection.execute(_SESSION_OF, key).scalar()
    row = connection.execute(_LOCKED, {"of_session": session_id}).first()
    if row is None:
        return None
    # Read again under the lock: somebody else may have used it meanwhile.
    token = connection.execute(_TOKEN, key).one()
    return _session(row), Refresh(
        token_hash=token.token_hash,
        session_id=token.session_id,
        used_at=token.used_at,
        nonce=token.nonce,
    )


def use_token(connection: Connection, token_hash: str, *, nonce: str, at: datetime) -> None:
    """It was used; the next one is worked out with the nonce."""
    connection.execute(_USE, {"of_token": token_hash, "nonce": nonce, "used_at": at})


def touch(connection: Connection, session_id: str, at: datetime) -> None:
    """Somebody used the session."""
    connection.execute(_CHANGE, {"of_session": session_id, "last_used_at": at})


def open_of(connection: Connection, account_id: str, now: datetime) -> list[Session]:
    """The account's open sessions, the newest first."""
    rows = connection.execute(_OF_ACCOUNT, {"of_account": account_id, "now": now})
    return [one for row in rows if (one := _session(row)).is_open(now)]


def lock_open_of(connection: Connection, account_id: str, now: datetime) -> list[Session]:
    """As `open_of`, locked until this transaction ends."""
    rows = connection.execute(_LOCKED_OF_ACCOUNT, {"of_account": account_id, "now": now})
    return [one for row in rows if (one := _session(row)).is_open(now)]


def lock_open_for(connection: Connection, merchant_id: str, now: datetime) -> list[Session]:
    """The open sessions of a merchant's clerks, locked until this transaction ends."""
    rows = connection.execute(_LOCKED_FOR_MERCHANT, {"for_merchant": merchant_id, "now": now})
    return [one for row in rows if (one := _session(row)).is_open(now)]


def revoke(connection: Connection, session_ids: list[str], at: datetime) -> None:
    """End these sessions."""
    for session_id in session_ids:
        connection.execute(_CHANGE, {"of_session": session_id, "revoked_at": at})


def is_new_device(connection: Connection, account_id: str, device: str) -> bool:
    """Whether the account was signed in before, and never with such a device."""
    key = {"of_account": account_id, "of_device": device}
    if connection.execute(_DEVICE, key).first() is not None:
        return False
    return connection.execute(_OF, {"of_account": account_id}).first() is not None


def knows_network(connection: Connection, account_id: str, network: str) -> bool:
    """Whether the account was signed in from this network before."""
    key = {"of_account": account_id, "of_network": network}
    return connection.execute(_NETWORK, key).first() is not None


def _session(row: Row[Any]) -> Session:
    return Session(
        id=row.id,
        account_id=row.account_id,
        part=Part(row.part),
        merchant_id=row.merchant_id,
        device=row.device,
        network=row.network,
        created_at=row.created_at,
        last_used_at=row.last_used_at,
        ends_at=row.ends_at,
        revoked_at=row.revoked_at,
    )


_SESSION_OF: Final = select(refresh_tokens.c.session_id).where(
    refresh_tokens.c.token_hash == bindparam("of_token")
)
_TOKEN: Final = select(refresh_tokens).where(refresh_tokens.c.token_hash == bindparam("of_token"))
_USE: Final = update(refresh_tokens).where(refresh_tokens.c.token_hash == bindparam("of_token"))
_LOCKED: Final = select(sessions).where(sessions.c.id == bindparam("of_session")).with_for_update()
_CHANGE: Final = update(sessions).where(sessions.c.id == bindparam("of_session"))
_OF_ACCOUNT: Final = (
    select(sessions)
    .where(
        sessions.c.account_id == bindparam("of_account"),
        sessions.c.revoked_at.is_(None),
        sessions.c.ends_at > bindparam("now"),
    )
    .order_by(sessions.c.id.desc())
)
_LOCKED_OF_ACCOUNT: Final = _OF_ACCOUNT.with_for_update()
# By way of the few who ever worked for it: sessions are many, and found by whose they are.
_LOCKED_FOR_MERCHANT: Final = (
    select(sessions)
    .where(
        sessions.c.account_id.in_(
            select(staff.c.account_id).where(staff.c.merchant_id == bindparam("for_merchant"))
        ),
        sessions.c.merchant_id == bindparam("for_merchant"),
        sessions.c.revoked_at.is_(None),
        sessions.c.ends_at > bindparam("now"),
    )
    .order_by(sessions.c.account_id, sessions.c.id)
    .with_for_update()
)
_OF: Final = select(sessions.c.id).where(sessions.c.account_id == bindparam("of_account")).limit(1)
_DEVICE: Final = _OF.where(sessions.c.device == bindparam("of_device"))
_NETWORK: Final = _OF.where(sessions.c.network == bindparam("of_network"))
