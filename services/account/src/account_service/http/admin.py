"""Routes of those who run the shop, and what everybody may know of merchants."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, jsonify
from flask.typing import ResponseReturnValue

from account_service.domain.account import Account
from account_service.domain.merchant import Merchant
from account_service.http import book_schemas
from account_service.http.views import merchant_view, row_view
from account_service.identifiers import read_for_sign_in
from account_service.store import merchants
from account_service.usecases.manage_accounts import (
    disable_account,
    enable_account,
    search_accounts,
    unlock_account,
)
from account_service.usecases.manage_merchants import (
    MerchantEdit,
    admit_merchant,
    change_merchant,
)
from chassis.http import Blueprint
from chassis.http.paging import page
from chassis.identity import Role
from chassis.requests import begin, current_identity, has_seen, read
from chassis.routes import Header, anyone, heeds, publishes, who
from shop_events.contracts.account import (
    AccountDisabled,
    AccountEnabled,
    AccountSessionsRevoked,
    MerchantChanged,
)

admin = Blueprint("admin", __name__, url_prefix="/admin")
sellers = Blueprint("merchants", __name__, url_prefix="/merchants")


@admin.get("/accounts")
@who(Role.ADMIN)
@admin.arguments(book_schemas.AccountsQuery, location="query")
@admin.response(200, book_schemas.AccountPage)
def get_accounts(query: dict[str, Any]) -> Response:
    """All accounts, the newest first; with ``q`` the one with this whole address or number."""
    limit, cursor, called = query["limit"], query["cursor"], query["q"]
    with read() as connection:
        found = search_accounts(
            connection,
            called=read_for_sign_in(called) if called else None,
            before=str(cursor[0]) if cursor else None,
            at_most=limit + 1,
        )
    return jsonify(page(found, limit=limit, key=lambda one: (one.id,), show=row_view))


@admin.post("/accounts/<account_id>/disable")
@who(Role.ADMIN)
@publishes(AccountDisabled)
@admin.response(200, book_schemas.AccountRow)
def post_disable(account_id: str) -> Response:
    """Close an account. Every device is signed out; nobody signs in until it is enabled."""
    return _manage(disable_account, account_id)


@admin.post("/accounts/<account_id>/enable")
@who(Role.ADMIN)
@publishes(AccountEnabled)
@admin.response(200, book_schemas.AccountRow)
def post_enable(account_id: str) -> Response:
    """Open an account again."""
    return _manage(enable_account, account_id)


@admin.post("/accounts/<account_id>/unlock")
@who(Role.ADMIN)
@admin.response(200, book_schemas.AccountRow)
def post_unlock(account_id: str) -> Response:
    """Let somebody try their password again at once."""
    return _manage(unlock_account, account_id)


@admin.get("/merchants")
@who(Role.ADMIN)
@admin.arguments(book_schemas.AccountsQuery(only=("limit", "cursor")), location="query")
@admin.response(200, book_schemas.MerchantPage)
def get_merchants(query: dict[str, Any]) -> Response:
    """All merchants, by id."""
    limit, cursor = query["limit"], query["cursor"]
    with read() as connection:
        after = str(cursor[0]) if cursor else ""
        found = merchants.list_all(connection, after=after, at_most=limit + 1)
    return jsonify(page(found, limit=limit, key=lambda one: (one.id,), show=merchant_view))


@admin.post("/merchants")
@who(Role.ADMIN)
@publishes(MerchantChanged)
@admin.arguments(book_schemas.AdmitMerchant)
@admin.response(201, book_schemas.MerchantAnswer)
def post_merchant(body: dict[str, Any]) -> ResponseReturnValue:
    """Let a merchant in, run by somebody with a verified mail address."""
    with begin() as tx:
        made = admit_merchant(tx, body["name"], body["owner_email"], by=current_identity().subject)
    return _tagged(made), 201


@admin.patch("/merchants/<merchant_id>")
@who(Role.ADMIN)
@heeds(Header.UNCHANGED)
@publishes(MerchantChanged, AccountSessionsRevoked)
@admin.arguments(book_schemas.ChangeMerchant)
@admin.response(200, book_schemas.MerchantAnswer)
def patch_merchant(body: dict[str, Any], merchant_id: str) -> Response:
    """Rename, suspend or reinstate a merchant. Who works for a suspended one is signed out.

    With ``If-Match`` only if nobody changed it since its ``version`` was read.
    """
    with begin() as tx:
        changed = change_merchant(
            tx,
            merchant_id,
            MerchantEdit(**body),
            by=current_identity().subject,
            has_seen=lambda version: has_seen(str(version)),
        )
    return _tagged(changed)


@sellers.get("/<merchant_id>")
@anyone
@sellers.response(200, book_schemas.MerchantCard)
def get_merchant(merchant_id: str) -> Response:
    """Who sells under this id."""
    with read() as connection:
        found = merchants.get(connection, merchant_id)
    return jsonify({"id": found.id, "name": found.name})


def _tagged(merchant: Merchant) -> Response:
    answer = jsonify(merchant_view(merchant))
    answer.set_etag(str(merchant.version))
    return answer


def _manage(what: Callable[..., Account], account_id: str) -> Response:
    with begin() as tx:
        return jsonify(row_view(what(tx, account_id, by=current_identity().subject)))
