"""What account's domain looks like from outside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from account_service.config import AccountSettings
from account_service.domain.account import Account
from account_service.domain.address import Address
from account_service.domain.divisions import place_of
from account_service.domain.merchant import Merchant
from account_service.domain.session import Session
from account_service.usecases.open_session import SignedIn
from chassis.identity import Identity, Role
from chassis.requests import current_runtime


def token_pair(signed_in: SignedIn) -> dict[str, Any]:
    """Both tokens. The access token is made here: it is kept nowhere.

    It is issued as of when the session was last used, which is written under the session's lock:
    so whoever ends the session, even before this is reached, says an instant that is not earlier.
    """
    session, runtime = signed_in.session, current_runtime()
    settings = runtime.settings_as(AccountSettings)
    who = Identity(
        subject=session.account_id,
        role=Role(session.part),
        session_id=session.id,
        merchant_id=session.merchant_id,
    )
    access = settings.signing_keys.signing().mint(
        who,
        now=session.last_used_at,
        issuer=settings.token_issuer,
        audience=settings.token_audience,
        life=settings.access_token_life,
    )
    return {
        "access_token": access,
        "token_type": "Bearer",
        "expires_in": settings.access_token_life_s,
        "refresh_token": signed_in.refresh_token,
    }


def session_view(session: Session, *, current: str) -> dict[str, Any]:
    """A session, for its owner."""
    return {
        "id": session.id,
        "role": session.part,
        "device": session.device,
        "created_at": session.created_at,
        "last_used_at": session.last_used_at,
        "current": session.id == current,
    }


def me_view(account: Account) -> dict[str, Any]:
    """An account, for its owner."""
    return {
        "id": account.id,
        "display_name": account.display_name,
        "locale": account.locale,
        "identifiers": [
            {"channel": one.channel, "value": one.value, "verified": at is not None}
            for one, at in account.identifiers
        ],
        "roles": account.parts,
        "merchant_id": account.staff.merchant_id if account.staff else None,
        "created_at": account.created_at,
    }


def row_view(account: Account) -> dict[str, Any]:
    """An account, for an admin: no name, and of addresses only what tells them apart."""
    return {
        "id": account.id,
        "status": account.status,
        "roles": account.parts,
        "merchant_id": account.staff.merchant_id if account.staff else None,
        "identifiers": [
            {"channel": one.channel, "masked": one.masked, "verified": at is not None}
            for one, at in account.identifiers
        ],
        "created_at": account.created_at,
    }


def address_view(address: Address) -> dict[str, Any]:
    """A page of the address book."""
    place = place_of(address.division_code)
    return {
        "id": address.id,
        "recipient": address.recipient,
        "phone": address.phone,
        "country": address.country,
        "division_code": address.division_code,
        "province": place.province if place else "",
        "city": place.city if place else "",
        "district": place.district if place else "",
        "line1": address.line1,
        "postal_code": address.postal_code,
        "is_default": address.is_default,
    }


def merchant_view(merchant: Merchant) -> dict[str, Any]:
    """A merchant, for an admin."""
    return {
        "id": merchant.id,
        "name": merchant.name,
        "status": merchant.status,
        "version": merchant.version,
    }


def items(found: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """A list that is never long."""
    return {"items": list(found)}
