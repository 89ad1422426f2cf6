"""The bodies of the routes where people prove who they are."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, validate, validates_schema

from account_service.domain.account import Part
from account_service.http.fields import (
    LOCALES,
    Email,
    OneLine,
    Password,
    Phone,
    Secret,
    WhoSignsIn,
)
from chassis.http.fields import Answer, Body, Id, Instant


class Register(Body):
    """Body of ``POST /auth/register``: with a mail address or a telephone number, not both."""

    email = Email(load_default=None)
    phone = Phone(load_default=None)
    password = Password(required=True)
    display_name = OneLine(at_most=64, required=True)
    locale = fields.String(load_default=LOCALES[0], validate=validate.OneOf(LOCALES))
    referral_code = fields.String(
        load_default=None, validate=validate.Regexp(r"[A-Za-z0-9-]{1,32}\Z", error="No such code.")
    )

    @validates_schema
    def _one_of_two(self, data: dict[str, Any], **_: Any) -> None:
        if (data.get("email") is None) is (data.get("phone") is None):
            raise ValidationError("Give a mail address or a telephone number, not both.", "email")


class Proving(Body):
    """A link's token; or a code that was typed, with the identifier it was sent to."""

    identifier = WhoSignsIn(load_default=None)
    token = Secret(load_default=None)
    code = fields.String(
        load_default=None, validate=validate.Regexp(r"[0-9]{6}\Z", error="A code has six digits.")
    )

    @validates_schema
    def _one_of_two(self, data: dict[str, Any], **_: Any) -> None:
        if (data.get("token") is None) is (data.get("code") is None):
            raise ValidationError("Give the token of a link or a code, not both.", "token")
        if data.get("code") is not None and data.get("identifier") is None:
            raise ValidationError("Whom was the code sent to?", "identifier")


class Verify(Proving):
    """Body of ``POST /auth/verify``."""


class Named(Body):
    """Body of routes that send something to somebody, if there is somebody."""

    identifier = WhoSignsIn(required=True)


class Login(Body):
    """Body of ``POST /auth/login``. Without a role: as staff where they are, else as a shopper."""

    identifier = WhoSignsIn(required=True)
    password = Password(required=True)
    role = fields.Enum(Part, by_value=True, load_default=None)


class Refresh(Body):
    """Body of ``POST /auth/refresh`` and ``/auth/logout``."""

    refresh_token = Secret(required=True)


class Reset(Proving):
    """Body of ``POST /auth/password/reset``."""

    password = Password(required=True)


class ChangePassword(Body):
    """Body of ``POST /account/password``."""

    old_password = Password(required=True)
    new_password = Password(required=True)


class _OneIdentifier(Body):
    """A mail address or a telephone number, not both, and the password once more."""

    email = Email(load_default=None)
    phone = Phone(load_default=None)
    password = Password(required=True)

    @validates_schema
    def _one_of_two(self, data: dict[str, Any], **_: Any) -> None:
        if (data.get("email") is None) is (data.get("phone") is None):
            raise ValidationError("Give a mail address or a telephone number, not both.", "email")


class AddIdentifier(_OneIdentifier):
    """Body of ``POST /account/identifiers``; ``replaces``: one's own that is given up for it."""

    replaces = WhoSignsIn(load_default=None)


class RemoveIdentifier(_OneIdentifier):
    """Body of ``DELETE /account/identifiers``."""


class ConfirmIdentifier(Proving):
    """Body of ``POST /account/identifiers/confirm``."""


class Confirmed(Answer):
    """``waiting``: until it is confirmed at the other address, too; ``done``: it counts."""

    status = fields.String(required=True, validate=validate.OneOf(["waiting", "done"]))


class FirstAdmin(Body):
    """Body of ``POST /auth/first-admin``."""

    token = Secret(required=True)
    email = Email(required=True)
    password = Password(required=True)
    display_name = OneLine(at_most=64, required=True)


class Accepted(Answer):
    """It was heard; whether anything is sent, only the owner of the address learns."""

    status = fields.String(required=True, validate=validate.OneOf(["accepted"]))


class TokenPair(Answer):
    """Both tokens of a session. The refresh token counts once."""

    access_token = fields.String(required=True)
    token_type = fields.String(required=True, validate=validate.OneOf(["Bearer"]))
    expires_in = fields.Integer(required=True)
    refresh_token = fields.String(required=True)


class SessionAnswer(Answer):
    """A device somebody is signed in on."""

    id = Id(required=True)
    role = fields.String(required=True)
    device = fields.String(required=True)
    created_at = Instant(required=True)
    last_used_at = Instant(required=True)
    current = fields.Boolean(required=True)


class SessionList(Answer):
    """All of them."""

    items = fields.List(fields.Nested(SessionAnswer), required=True)


class KeyAnswer(Answer):
    """A public key (RFC 7517, RFC 8037)."""

    kty = fields.String(required=True)
    crv = fields.String(required=True)
    x = fields.String(required=True)
    kid = fields.String(required=True)
    use = fields.String(required=True)
    alg = fields.String(required=True)


class KeySetAnswer(Answer):
    """The public keys by which access tokens are checked."""

    keys = fields.List(fields.Nested(KeyAnswer), required=True)
