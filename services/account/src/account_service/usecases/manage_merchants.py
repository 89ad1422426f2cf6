"""Who sells here: decided by an admin."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from account_service.domain.account import Account, Part, Staff
from account_service.domain.errors import AlreadyOnStaff, NoSuchOwner
from account_service.domain.identifier import Identifier
from account_service.domain.merchant import Merchant, MerchantStatus
from account_service.domain.merchant_errors import MerchantStale
from account_service.store import accounts, audit, merchants
from account_service.usecases.end_sessions import end_sessions_for
from shop_events import Tx
from shop_events.contracts.account import MerchantChanged
from shop_events.contracts.account import MerchantStatus as SaidStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class MerchantEdit:
    """What is to be different about a merchant; None: what it is."""

    name: str | None
    status: MerchantStatus | None


def admit_merchant(tx: Tx, name: str, owner: Identifier, *, by: str) -> Merchant:
    """A merchant opens, run by somebody with a verified account. Publishes MerchantChanged.

    An owner runs one merchant, so the same request again makes no second one.

    Raises:
        NoSuchOwner: nobody verified that address.
        AlreadyOnStaff: the owner works for a merchant or the shop already.
    """
    account = accounts.find(tx.connection, owner)
    if account is None:
        raise NoSuchOwner
    made = open_merchant(tx, tx.new_id(), name)
    employ(tx, account, Staff(part=Part.MERCHANT, merchant_id=made.id))
    audit.note(tx, "merchant_admitted", made.id, actor=by)
    return made


def change_merchant(
    tx: Tx,
    merchant_id: str,
    wanted: MerchantEdit,
    *,
    by: str,
    has_seen: Callable[[int], bool],
) -> Merchant:
    """The merchant as it is afterwards. Publishes MerchantChanged if anything changed.

    Who works for one that is suspended is signed out: publishes AccountSessionsRevoked for each.
    ``has_seen`` says whether the caller knows this version of it.

    Raises:
        MerchantNotFound: there is none.
        MerchantStale: he does not.
    """
    before = merchants.get(tx.connection, merchant_id, locked=True)
    if not has_seen(before.version):
        raise MerchantStale(merchant_id, before.version)
    changed = replace(
        before, name=wanted.name or before.name, status=wanted.status or before.status
    )
    if changed == before:
        return before
    changed = replace(changed, version=before.version + 1)
    merchants.save(tx.connection, changed)
    if changed.status is MerchantStatus.SUSPENDED:
        end_sessions_for(tx, merchant_id)
    audit.note(tx, f"merchant_{changed.status}", merchant_id, actor=by)
    _tell(tx, changed)
    return changed


def open_merchant(tx: Tx, merchant_id: str, name: str) -> Merchant:
    """A merchant of this id; the one that is there, if there is one."""
    made = Merchant(id=merchant_id, name=name, status=MerchantStatus.ACTIVE, version=1)
    if not merchants.add(tx.connection, made):
        return merchants.get(tx.connection, merchant_id)
    _tell(tx, made)
    return made


def employ(tx: Tx, account: Account, works_for: Staff) -> None:
    """The account works for a merchant or the shop from now on.

    Raises:
        AlreadyOnStaff: it does already.
    """
    if not accounts.employ(tx.connection, account.id, works_for):
        raise AlreadyOnStaff(account.id)


def merchant_changed(merchant: Merchant) -> MerchantChanged:
    """The merchant, whole."""
    return MerchantChanged(
        merchant_id=merchant.id,
        name=merchant.name,
        status=SaidStatus(merchant.status),
        version=merchant.version,
    )


def _tell(tx: Tx, merchant: Merchant) -> None:
    tx.publish(merchant_changed(merchant))
