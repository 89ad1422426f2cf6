"""Development only: accounts without mails, for the demo shop and tests of the whole town."""

from __future__ import annotations

from typing import Any

from flask import jsonify
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError

from account_service.domain.account import Part
from account_service.domain.application import Application
from account_service.http import book_schemas
from account_service.http.proving import hashing
from account_service.usecases.make_dev_account import make_dev_account
from chassis.http import Blueprint
from chassis.requests import begin
from chassis.routes import anyone, publishes
from shop_events import new_id
from shop_events.contracts.account import (
    AccountContactChanged,
    AccountRegistered,
    AccountVerified,
    MerchantChanged,
)

dev_accounts = Blueprint("dev_accounts", __name__, url_prefix="/dev/accounts")


@dev_accounts.post("")
@anyone
@publishes(AccountRegistered, AccountVerified, AccountContactChanged, MerchantChanged)
@dev_accounts.arguments(book_schemas.MakeDevAccount)
@dev_accounts.response(200, book_schemas.DevAccount)
def post_account(body: dict[str, Any]) -> ResponseReturnValue:
    """A verified account with this address; the same again changes nothing.

    A clerk's merchant is opened if there is none with ``merchant_id``.
    """
    merchant = _merchant(body)
    application = Application(
        password_hash=hashing().hash(body["password"]),
        display_name=body["display_name"],
        locale=body["locale"],
    )
    with begin() as tx:
        account, _ = make_dev_account(
            tx, body["email"], application, part=body["role"], merchant=merchant
        )
    return jsonify(
        {
            "id": account.id,
            "roles": account.parts,
            "merchant_id": account.staff.merchant_id if account.staff else None,
        }
    )


def _merchant(body: dict[str, Any]) -> tuple[str, str] | None:
    is_clerk = body["role"] is Part.MERCHANT
    if is_clerk is (body["merchant_name"] is None):
        raise ValidationError("A clerk's account has one, and no other has.", "merchant_name")
    if body["merchant_id"] is not None and not is_clerk:
        raise ValidationError("Only a clerk's account has one.", "merchant_id")
    return (body["merchant_id"] or new_id(), body["merchant_name"]) if is_clerk else None
