"""Routes where people prove who they are. A password is hashed between transactions, in none."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify
from flask.typing import ResponseReturnValue

from account_service.domain.application import Application
from account_service.domain.code import Purpose
from account_service.domain.errors import CodeRefused, RefreshRefused, SignInRefused
from account_service.domain.identifier import Identifier
from account_service.http import schemas
from account_service.http.proving import caller, hash_of, hashing
from account_service.http.views import token_pair
from account_service.usecases.check_code import Proof
from account_service.usecases.end_sessions import sign_out
from account_service.usecases.limit_tries import limit_tries
from account_service.usecases.make_first_admin import check_invitation, make_first_admin
from account_service.usecases.refresh_session import refresh_session
from account_service.usecases.send_asked import ask_for_message
from account_service.usecases.set_password import begin_reset, finish_reset
from account_service.usecases.sign_in import begin_sign_in, finish_sign_in, note_refusal
from account_service.usecases.verify_identifier import verify_identifier
from chassis.http import Blueprint
from chassis.requests import begin
from chassis.routes import anyone, publishes
from shop_events.contracts.account import (
    AccountCodeIssued,
    AccountContactChanged,
    AccountRegistered,
    AccountSessionsRevoked,
    AccountVerified,
)

auth = Blueprint("auth", __name__, url_prefix="/auth")
ACCEPTED = {"status": "accepted"}


@auth.post("/register")
@anyone
@auth.arguments(schemas.Register)
@auth.response(202, schemas.Accepted)
def post_register(body: dict[str, Any]) -> ResponseReturnValue:
    """Register with a mail address or a telephone number; a link or a code follows.

    The answer is the same whether or not it belongs to somebody.
    """
    identifier: Identifier = body["email"] or body["phone"]
    with begin() as tx:
        limit_tries(tx, network=caller().network)
    application = Application(
        password_hash=hash_of(
            body["password"], name=body["display_name"], identifiers=[identifier]
        ),
        display_name=body["display_name"],
        locale=body["locale"],
        referral_code=body["referral_code"],
    )
    with begin() as tx:
        ask_for_message(tx, identifier, Purpose.VERIFY, application=application)
    return jsonify(ACCEPTED), 202


@auth.post("/verify")
@anyone
@publishes(AccountVerified, AccountContactChanged)
@auth.arguments(schemas.Verify)
@auth.response(200, schemas.TokenPair)
def post_verify(body: dict[str, Any]) -> Response:
    """Prove an address with the token of a link, or a number with a code; signs in."""
    proof = Proof(**body)
    with begin() as tx:
        signed_in = verify_identifier(tx, proof, caller())
    if signed_in is None:
        raise CodeRefused(proof.field)
    return jsonify(token_pair(signed_in))


@auth.post("/verify/resend")
@anyone
@auth.arguments(schemas.Named)
@auth.response(202, schemas.Accepted)
def post_resend(body: dict[str, Any]) -> ResponseReturnValue:
    """Send the link or code of a registration again, once a minute and ten times a day at most."""
    with begin() as tx:
        limit_tries(tx, network=caller().network)
        ask_for_message(tx, body["identifier"], Purpose.VERIFY)
    return jsonify(ACCEPTED), 202


@auth.post("/login")
@anyone
@publishes(AccountCodeIssued)
@auth.arguments(schemas.Login)
@auth.response(200, schemas.TokenPair)
def post_login(body: dict[str, Any]) -> Response:
    """Sign in. Unknown, unverified and wrong are one answer."""
    who, checker = caller(), hashing()
    checker.prepare()
    with begin() as tx:
        attempt = begin_sign_in(tx, body["identifier"], who)
    if not checker.fits(attempt.password_hash, body["password"]):
        note_refusal(attempt)
        raise SignInRefused
    outdated = checker.is_outdated(attempt.password_hash or "")
    better = checker.hash(body["password"]) if outdated else None
    with begin() as tx:
        signed_in = finish_sign_in(tx, attempt, who, part=body["role"], better_hash=better)
    return jsonify(token_pair(signed_in))


@auth.post("/refresh")
@anyone
@publishes(AccountSessionsRevoked)
@auth.arguments(schemas.Refresh)
@auth.response(200, schemas.TokenPair)
def post_refresh(body: dict[str, Any]) -> Response:
    """Go on with a session. A refresh token counts once; one that comes again ends the session."""
    with begin() as tx:
        signed_in = refresh_session(tx, body["refresh_token"])
    if signed_in is None:
        raise RefreshRefused
    return jsonify(token_pair(signed_in))


@auth.post("/logout")
@anyone
@publishes(AccountSessionsRevoked)
@auth.arguments(schemas.Refresh)
@auth.response(204)
def post_logout(body: dict[str, Any]) -> ResponseReturnValue:
    """End the session of this refresh token; quiet if there is none."""
    with begin() as tx:
        sign_out(tx, body["refresh_token"])
    return "", 204


@auth.post("/password/forgot")
@anyone
@auth.arguments(schemas.Named)
@auth.response(202, schemas.Accepted)
def post_forgot(body: dict[str, Any]) -> ResponseReturnValue:
    """Have a link or code sent that sets a new password, if the address is somebody's."""
    with begin() as tx:
        limit_tries(tx, network=caller().network)
        ask_for_message(tx, body["identifier"], Purpose.RESET_PASSWORD)
    return jsonify(ACCEPTED), 202


@auth.post("/password/reset")
@anyone
@publishes(AccountCodeIssued, AccountSessionsRevoked)
@auth.arguments(schemas.Reset)
@auth.response(204)
def post_reset(body: dict[str, Any]) -> ResponseReturnValue:
    """Set a new password with the token of a link, or a code. Every device is signed out."""
    password = body.pop("password")
    proof = Proof(**body)
    with begin() as tx:
        found = begin_reset(tx, proof, caller())
    if found is None:
        raise CodeRefused(proof.field)
    code, account = found
    hashed = hash_of(password, name=account.display_name, identifiers=account.verified)
    with begin() as tx:
        finish_reset(tx, code, hashed, field=proof.field)
    return "", 204


@auth.post("/first-admin")
@anyone
@publishes(AccountRegistered, AccountVerified, AccountContactChanged)
@auth.arguments(schemas.FirstAdmin)
@auth.response(201, schemas.TokenPair)
def post_first_admin(body: dict[str, Any]) -> ResponseReturnValue:
    """Become the shop's first admin with the token that `shop admin create` printed."""
    with begin() as tx:
        check_invitation(tx, body["token"], caller())
    application = Application(
        password_hash=hash_of(
            body["password"], name=body["display_name"], identifiers=[body["email"]]
        ),
        display_name=body["display_name"],
        locale="zh-CN",
    )
    with begin() as tx:
        signed_in = make_first_admin(tx, body["token"], body["email"], application, caller=caller())
    return jsonify(token_pair(signed_in)), 201
