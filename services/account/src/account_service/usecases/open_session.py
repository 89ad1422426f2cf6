"""Let somebody in."""

from __future__ import annotations

from dataclasses import dataclass

from account_service.domain.account import Account, Part, Status
from account_service.domain.caller import Caller
from account_service.domain.errors import AccountIsDisabled, MerchantIsSuspended
from account_service.domain.merchant import MerchantStatus
from account_service.domain.session import LONGEST, Session, hash_of, new_token
from account_service.store import merchants, sessions
from shop_events import Tx


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session and the refresh token that goes on with it."""

    session: Session
    refresh_token: str


def open_session(tx: Tx, account: Account, caller: Caller, *, part: Part | None = None) -> SignedIn:
    """A new session in this role, or in the account's staff role, or a shopper's.

    Raises:
        AccountIsDisabled: the shop closed the account.
        NotThatRole: they do not have the role.
        MerchantIsSuspended: they would work for one that may not sell.
    """
    if account.status is Status.DISABLED:
        raise AccountIsDisabled
    chosen = account.part(part)
    merchant_id = account.merchant_for(chosen)
    if merchant_id is not None:
        _must_be_active(tx, merchant_id)
    session = Session(
        id=tx.new_id(),
        account_id=account.id,
        part=chosen,
        merchant_id=merchant_id,
        device=caller.device,
        network=caller.network,
        created_at=tx.now,
        last_used_at=tx.now,
        ends_at=tx.now + LONGEST,
    )
    sessions.add(tx.connection, session)
    token = new_token()
    sessions.add_token(tx.connection, hash_of(token), session.id)
    return SignedIn(session, token)


def _must_be_active(tx: Tx, merchant_id: str) -> None:
    """Locked: a session that begins while it is suspended would not be among those ended."""
    merchant = merchants.get(tx.connection, merchant_id, locked=True)
    if merchant.status is MerchantStatus.SUSPENDED:
        raise MerchantIsSuspended(merchant_id)
