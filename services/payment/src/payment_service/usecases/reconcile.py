"""A carrier's bill is handed in: what it brings is booked, and what does not agree is told."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from payment_service.domain import ledger
from payment_service.domain.bill_file import read_bill
from payment_service.domain.errors import BillDiffers, BillOfNobody
from payment_service.domain.remittance import BillLine, Collection, Compared, Difference, compare
from payment_service.store import books, remittances
from payment_service.store.remittances import Bill
from shop_events import Tx
from shop_events.values import Money, total


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedIn:
    """A bill as it came: whose it is, the number the carrier gave it, its bytes, and by whom."""

    provider: str
    reference: str
    content: bytes
    by: str


def reconcile(tx: Tx, came: HandedIn, *, days: int) -> dict[str, Any]:
    """Book what of the bill matches to the fen, once; the answer tells that and what differs.

    What was collected more than ``days`` ago and is on no bill differs as well. The same bill
    again changes nothing and is answered the same.

    Raises:
        BillOfNobody: no such carrier has collected cash for us.
        BillUnreadable: something in the file is wrong; nothing of it counts.
        BillDiffers: the reference was another bill's.
    """
    there = remittances.carriers(tx.connection)
    if came.provider not in there:
        raise BillOfNobody(came.provider, there)
    lines = read_bill(came.content)
    bill = _bill(tx, came)
    if not remittances.add_bill(tx.connection, bill):
        digest, answer = remittances.answered(tx.connection, bill.provider, bill.reference)
        if digest != bill.digest:
            raise BillDiffers(bill.provider, bill.reference)
        return answer
    compared = _compared(tx, bill, lines, days)
    _book(tx, bill, compared.matched)
    answer = _answer(bill, lines, compared)
    remittances.save_answer(tx.connection, bill.id, answer)
    return answer


def _bill(tx: Tx, came: HandedIn) -> Bill:
    return Bill(
        id=tx.new_id(),
        provider=came.provider,
        reference=came.reference,
        digest=hashlib.sha256(came.content).hexdigest(),
        handed_in_by=came.by,
        at=tx.now,
    )


def _compared(tx: Tx, bill: Bill, lines: Iterable[BillLine], days: int) -> Compared:
    waybills = (line.waybill for line in lines)
    known = remittances.lock(tx.connection, bill.provider, waybills)
    before = tx.now - timedelta(days=days)
    overdue = remittances.overdue(tx.connection, bill.provider, before=before)
    return compare(lines, known, overdue=overdue)


def _book(tx: Tx, bill: Bill, matched: Iterable[Collection]) -> None:
    """Each is locked and on no bill yet, and its parcel is the posting's natural key."""
    for one in matched:
        posting = ledger.cash_remitted(
            one.parcel_id, one.order_id, carrier=one.carrier, amount=one.amount
        )
        books.add(tx.connection, posting, tx.now)
    remittances.bring(tx.connection, bill.id, matched)


def _answer(bill: Bill, lines: tuple[BillLine, ...], compared: Compared) -> dict[str, Any]:
    currency = lines[0].amount.currency
    return {
        "id": bill.id,
        "provider": bill.provider,
        "reference": bill.reference,
        "handed_in_by": bill.handed_in_by,
        "at": bill.at.isoformat().replace("+00:00", "Z"),
        "billed": _money(total((line.amount for line in lines), currency)),
        "booked": _money(compared.booked(currency)),
        "matched": len(compared.matched),
        "differing": len(compared.differences),
        "differences": [_said(one) for one in compared.differences],
    }


def _said(one: Difference) -> dict[str, Any]:
    return {
        "kind": one.kind.value,
        "waybill": one.waybill,
        "parcel_id": one.parcel_id,
        "billed": _money(one.billed),
        "collected": _money(one.collected),
    }


def _money(amount: Money | None) -> dict[str, str] | None:
    return None if amount is None else {"amount": amount.amount, "currency": amount.currency}
