"""Routes of one's own account: profile, password, devices."""

from __future__ import annotations

from typing import Any, Final

from flask import Response, jsonify
from flask.typing import ResponseReturnValue

from account_service.http import book_schemas, schemas
from account_service.http.proving import hash_of, me_again
from account_service.http.views import items, me_view, session_view
from account_service.store import accounts, sessions
from account_service.usecases.edit_profile import edit_profile
from account_service.usecases.end_sessions import end_one_session
from account_service.usecases.set_password import finish_change
from chassis.http import Blueprint
from chassis.identity import Role
from chassis.requests import begin, current_identity, current_runtime, read
from chassis.routes import publishes, who
from shop_events.contracts.account import (
    AccountCodeIssued,
    AccountContactChanged,
    AccountSessionsRevoked,
)

SELF: Final = (Role.SHOPPER, Role.MERCHANT, Role.ADMIN)

account = Blueprint("account", __name__, url_prefix="/account")
devices = Blueprint("devices", __name__, url_prefix="/auth/sessions")


@account.get("/me")
@who(*SELF)
@account.response(200, book_schemas.Me)
def get_me() -> Response:
    """My account."""
    with read() as connection:
        return jsonify(me_view(accounts.get(connection, current_identity().subject)))


@account.patch("/me")
@who(*SELF)
@publishes(AccountContactChanged)
@account.arguments(book_schemas.EditProfile)
@account.response(200, book_schemas.Me)
def patch_me(body: dict[str, Any]) -> Response:
    """Change my name or language."""
    with begin() as tx:
        return jsonify(me_view(edit_profile(tx, current_identity().subject, **body)))


@account.post("/password")
@who(*SELF)
@publishes(AccountCodeIssued, AccountSessionsRevoked)
@account.arguments(schemas.ChangePassword)
@account.response(204)
def post_password(body: dict[str, Any]) -> ResponseReturnValue:
    """Change my password. My other devices are signed out, and I am told by mail."""
    mine = me_again(body["old_password"], field="old_password")
    hashed = hash_of(
        body["new_password"],
        name=mine.display_name,
        identifiers=mine.verified,
        field="new_password",
    )
    with begin() as tx:
        finish_change(tx, mine, hashed, session_id=current_identity().session_id)
    return "", 204


@devices.get("")
@who(*SELF)
@devices.response(200, schemas.SessionList)
def get_sessions() -> Response:
    """The devices I am signed in on, the newest first."""
    me, now = current_identity(), current_runtime().clock.now()
    with read() as connection:
        found = sessions.open_of(connection, me.subject, now)
    return jsonify(items([session_view(one, current=me.session_id) for one in found]))


@devices.delete("/<session_id>")
@who(*SELF)
@publishes(AccountSessionsRevoked)
@devices.response(204)
def delete_session(session_id: str) -> ResponseReturnValue:
    """Sign a device of mine out."""
    with begin() as tx:
        end_one_session(tx, current_identity().subject, session_id)
    return "", 204
