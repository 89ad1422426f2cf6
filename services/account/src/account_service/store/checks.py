"""Looks for rows that contradict each other. Each statement finds only what must not be."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, Select, bindparam, case, func, select

from account_service.domain.account import Part, Status
from account_service.domain.address import AT_MOST
from account_service.domain.merchant import MerchantStatus
from account_service.domain.session import IDLE
from account_service.store.tables import (
    accounts,
    addresses,
    identifiers,
    merchants,
    refresh_tokens,
    sessions,
    staff,
)

_OPEN: Final = (
    sessions.c.revoked_at.is_(None),
    sessions.c.ends_at > bindparam("now"),
    sessions.c.last_used_at > bindparam("idle_since"),
)
_OF_SESSION: Final = select(sessions.c.id, sessions.c.account_id).where(*_OPEN)
_PAGES: Final = func.count(addresses.c.id)
_DEFAULTS: Final = func.sum(case((addresses.c.is_default, 1), else_=0))
_UNUSED: Final = func.count(refresh_tokens.c.token_hash).filter(refresh_tokens.c.used_at.is_(None))


def contradictions(connection: Connection, *, now: datetime) -> Iterator[str]:
    """A sentence for each thing in these tables that must not be."""
    given = {"now": now, "idle_since": now - IDLE}
    for sentence, statement in _CONTRADICTIONS:
        asked = {name: given[name] for name in given if name in statement.compile().params}
        for row in connection.execute(statement, asked).mappings():
            yield sentence.format(**row)


# What is wrong, in a sentence with the columns found, and how it is found.
_CONTRADICTIONS: Final[tuple[tuple[str, Select[tuple[object, ...]]], ...]] = (
    (
        "The session {id} is open, and its account {account_id} is disabled.",
        _OF_SESSION.join(accounts, accounts.c.id == sessions.c.account_id).where(
            accounts.c.status == Status.DISABLED.value
        ),
    ),
    (
        "The session {id} is open, and nothing of its account {account_id} was ever verified.",
        _OF_SESSION.where(
            ~select(identifiers.c.value)
            .where(
                identifiers.c.account_id == sessions.c.account_id,
                identifiers.c.verified_at.is_not(None),
            )
            .exists()
        ),
    ),
    (
        "The session {id} is open, and the merchant {merchant_id} it works for is suspended.",
        select(sessions.c.id, sessions.c.merchant_id)
        .where(*_OPEN)
        .join(merchants, merchants.c.id == sessions.c.merchant_id)
        .where(merchants.c.status == MerchantStatus.SUSPENDED.value),
    ),
    (
        "The session {id} has the role {part}, which its account {account_id} has not.",
        select(sessions.c.id, sessions.c.part, sessions.c.account_id)
        .outerjoin(
            staff,
            (staff.c.account_id == sessions.c.account_id)
            & (staff.c.part == sessions.c.part)
            & (func.coalesce(staff.c.merchant_id, "") == func.coalesce(sessions.c.merchant_id, "")),
        )
        .where(*_OPEN, sessions.c.part != Part.SHOPPER.value, staff.c.account_id.is_(None)),
    ),
    (
        "Of the session {id}'s refresh tokens {unused} may still be used, not one.",
        select(sessions.c.id, _UNUSED.label("unused"))
        .outerjoin(refresh_tokens, refresh_tokens.c.session_id == sessions.c.id)
        .group_by(sessions.c.id)
        .having(_UNUSED != 1),
    ),
    (
        "A refresh token of the session {session_id} was used and is followed by none.",
        select(refresh_tokens.c.session_id).where(
            refresh_tokens.c.used_at.is_(None) != refresh_tokens.c.nonce.is_(None)
        ),
    ),
    (
        "The address book of {account_id} has {pages} pages, of which {defaults} are the default.",
        select(addresses.c.account_id, _PAGES.label("pages"), _DEFAULTS.label("defaults"))
        .group_by(addresses.c.account_id)
        .having((_DEFAULTS != 1) | (_PAGES > AT_MOST)),
    ),
    (
        "The account {id} may sign in without a password.",
        select(accounts.c.id)
        .join(identifiers, identifiers.c.account_id == accounts.c.id)
        .where(identifiers.c.verified_at.is_not(None), accounts.c.password_hash.is_(None)),
    ),
    (
        "Nobody was told how the account {id} is reached.",
        select(accounts.c.id)
        .join(identifiers, identifiers.c.account_id == accounts.c.id)
        .where(identifiers.c.verified_at.is_not(None), accounts.c.version == 0),
    ),
    (
        "The account {account_id} is staff as a {part}, with the merchant {merchant_id}.",
        select(staff).where((staff.c.part == Part.MERCHANT.value) == staff.c.merchant_id.is_(None)),
    ),
)
