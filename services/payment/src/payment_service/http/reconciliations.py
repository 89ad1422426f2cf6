"""Carriers' bills, for admins: hand one in, and find what was handed in."""

from __future__ import annotations

from typing import Any, Final

from flask import Response, jsonify
from flask.typing import ResponseReturnValue

from chassis.http import Blueprint, raw_body
from chassis.http.paging import PageQuery, page
from chassis.idempotency import Answer, once
from chassis.identity import Role
from chassis.requests import current_identity, read
from chassis.routes import Header, accepts, heeds, who
from chassis.runtime import settings_of
from payment_service.config import PaymentSettings
from payment_service.http import schemas
from payment_service.usecases.read_bills import read_bills
from payment_service.usecases.reconcile import HandedIn, reconcile
from shop_events import Tx

reconciliations = Blueprint("reconciliations", __name__, url_prefix="/payments/reconciliations")

_CSV: Final = {"text/csv": {"schema": {"type": "string", "format": "binary"}}}


@reconciliations.post("")
@who(Role.ADMIN)
@heeds(Header.KEY)
@accepts("text/csv")
@reconciliations.doc(requestBody={"required": True, "content": _CSV})
@reconciliations.arguments(schemas.BillQuery, location="query")
@reconciliations.response(200, schemas.ReconciliationAnswer)
def post_reconciliation(query: dict[str, Any]) -> Response:
    """Hand in a carrier's bill: CSV in UTF-8 with the columns waybill, amount, currency.

    What matches to the fen is booked; all else is in the list of differences, and books nothing.
    The same bill under the same reference is answered the same; another content is refused.
    """
    came = HandedIn(
        provider=query["provider"],
        reference=query["reference"],
        content=raw_body(),
        by=current_identity().subject,
    )

    def act(tx: Tx) -> Answer:
        days = settings_of(tx, PaymentSettings).remittance_days
        return reconcile(tx, came, days=days), 200, {}

    return once(act)


@reconciliations.get("")
@who(Role.ADMIN)
@reconciliations.arguments(PageQuery, location="query")
@reconciliations.response(200, schemas.ReconciliationList)
def get_reconciliations(query: dict[str, Any]) -> ResponseReturnValue:
    """The bills that were handed in, the newest first, without their lists of differences.

    The list comes again with the same bill.
    """
    cursor = query["cursor"]
    with read() as connection:
        found = read_bills(
            connection, before=str(cursor[0]) if cursor else None, limit=query["limit"] + 1
        )
    return jsonify(page(found, limit=query["limit"], key=lambda one: (one["id"],), show=_short))


def _short(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if name != "differences"}
