"""Routes of the mail addresses and numbers by which one is reached and signs in."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify
from flask.typing import ResponseReturnValue

from account_service.domain.errors import CodeRefused
from account_service.http import schemas
from account_service.http.account import SELF
from account_service.http.auth import ACCEPTED
from account_service.http.proving import caller, me_again
from account_service.usecases.ask_to_move import ask_to_move
from account_service.usecases.check_code import Proof
from account_service.usecases.confirm_move import confirm_move
from account_service.usecases.remove_identifier import remove_identifier
from chassis.http import Blueprint
from chassis.requests import begin, current_identity
from chassis.routes import publishes, who
from shop_events.contracts.account import (
    AccountCodeIssued,
    AccountContactChanged,
    AccountSessionsRevoked,
    AccountVerified,
)

identifiers = Blueprint("identifiers", __name__, url_prefix="/account/identifiers")


@identifiers.post("")
@who(*SELF)
@identifiers.arguments(schemas.AddIdentifier)
@identifiers.response(202, schemas.Accepted)
def post_identifier(body: dict[str, Any]) -> ResponseReturnValue:
    """Be reached by a further mail address or number, or by one that replaces another of mine.

    A link or a code goes there, and one to that which it replaces: it counts once all of them were
    confirmed, within a day. The same again has them sent again; another wish takes its place. The
    answer is the same whether or not it belongs to somebody.
    """
    mine = me_again(body["password"])
    with begin() as tx:
        ask_to_move(tx, mine, body["email"] or body["phone"], replaces=body["replaces"])
    return jsonify(ACCEPTED), 202


@identifiers.delete("")
@who(*SELF)
@publishes(AccountContactChanged, AccountCodeIssued, AccountSessionsRevoked)
@identifiers.arguments(schemas.RemoveIdentifier)
@identifiers.response(204)
def delete_identifier(body: dict[str, Any]) -> ResponseReturnValue:
    """Be reached no more by a mail address or number; never the last one that was verified.

    My other devices are signed out, and I am told there and at the others. It is named in the
    body, for an address would stand in the logs of whoever passes the call on (ASVS 14.2.1).
    """
    mine = me_again(body["password"])
    with begin() as tx:
        gone = body["email"] or body["phone"]
        remove_identifier(tx, mine, gone, session_id=current_identity().session_id)
    return "", 204


@identifiers.post("/confirm")
@who(*SELF)
@publishes(AccountVerified, AccountContactChanged, AccountCodeIssued, AccountSessionsRevoked)
@identifiers.arguments(schemas.ConfirmIdentifier)
@identifiers.response(200, schemas.Confirmed)
def post_confirm(body: dict[str, Any]) -> Response:
    """Confirm it with the token of a link or with a code that was sent there.

    Somebody else's counts for nothing. Once an old one is replaced, my other devices are signed
    out, and I am told wherever I was reached before.
    """
    proof = Proof(**body)
    with begin() as tx:
        move = confirm_move(tx, current_identity(), proof, caller())
    if move is None:
        raise CodeRefused(proof.field)
    return jsonify({"status": "done" if move.done else "waiting"})
