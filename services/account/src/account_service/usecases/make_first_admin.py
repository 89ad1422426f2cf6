"""The first admin of a new shop: there is no default account (ASVS 6.3.2)."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Final

from account_service.domain.account import Part, Staff
from account_service.domain.application import Application
from account_service.domain.caller import Caller
from account_service.domain.errors import AddressTaken, AdminExists, InvitationRefused
from account_service.domain.identifier import Identifier
from account_service.store import accounts, audit, invitations
from account_service.usecases.limit_tries import limit_tries
from account_service.usecases.manage_merchants import employ
from account_service.usecases.open_account import open_account
from account_service.usecases.open_session import SignedIn, open_session
from account_service.usecases.own_identifier import own_identifier
from shop_events import Tx

GOOD_FOR: Final = timedelta(hours=1)


def invite_first_admin(tx: Tx) -> str:
    """A token that makes its bearer the shop's first admin, once, within the hour.

    Whoever runs the shop's machine asks for it (`shop admin create`); one before it counts no more.

    Raises:
        AdminExists: the shop has an admin.
    """
    if accounts.has_admin(tx.connection):
        raise AdminExists
    token = secrets.token_urlsafe(32)
    invitations.replace(tx.connection, _hash(token), expires_at=tx.now + GOOD_FOR)
    audit.note(tx, "first_admin_invited", audit.SHOP)
    return token


def check_invitation(tx: Tx, token: str, caller: Caller) -> None:
    """Refuse a wrong token before anything is computed for its bearer.

    Raises:
        InvitationRefused: it does not count.
        TooManyTries: too many were tried from that network.
    """
    limit_tries(tx, network=caller.network)
    until = invitations.until(tx.connection, _hash(token))
    if until is None or tx.now >= until:
        raise InvitationRefused


def make_first_admin(
    tx: Tx, token: str, identifier: Identifier, application: Application, *, caller: Caller
) -> SignedIn:
    """The bearer is the shop's first admin, and signed in.

    Publishes AccountRegistered, AccountVerified and AccountContactChanged.

    Raises:
        InvitationRefused: the token does not count, or there is an admin: of two who come at once
            the second waits here for the first.
        AddressTaken: the address is somebody's verified one.
    """
    until = invitations.take_all(tx.connection).get(_hash(token))
    if until is None or tx.now >= until or accounts.has_admin(tx.connection):
        raise InvitationRefused
    account = open_account(
        tx, identifier, display_name=application.display_name, locale=application.locale
    )
    if account.verified:
        raise AddressTaken
    employ(tx, account, Staff(part=Part.ADMIN))
    own_identifier(
        tx,
        account,
        identifier,
        password_hash=application.password_hash,
        display_name=application.display_name,
    )
    audit.note(tx, "first_admin_made", account.id)
    return open_session(tx, accounts.get(tx.connection, account.id), caller)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
