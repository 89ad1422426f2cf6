"""Who somebody is, and whether the table lets them in.

Sessions that were revoked a moment ago are not known here: the gateway keeps no data. Each service
has its own list of them and checks the token again (`chassis.revocation`); what the door saves it
is callers without a token, with a wrong one, or with the wrong role.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from chassis.identity import Identity
from chassis.problems import Problem
from chassis.routes import Door
from chassis.tokens import TokenCheck, TokenRefused
from gateway.routes import Route

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

log = logging.getLogger(__name__)


def sign_in(tokens: TokenCheck, environ: WSGIEnvironment, route: Route) -> Identity | None:
    """Whose token came along; None where none did, or where the route wants a signature instead.

    Raises:
        Problem: 401, there is one and it does not count.
    """
    header = environ.get("HTTP_AUTHORIZATION")
    if header is None or route.who is Door.SIGNED:
        return None
    scheme, _, token = header.partition(" ")
    try:
        return tokens.identity(token.strip() if scheme.lower() == "bearer" else "")
    except TokenRefused as error:
        log.info("A token was refused: %s", str(error)[:200])
        raise Problem(
            401,
            "token_refused",
            "The access token is not valid, or no longer.",
            headers={"WWW-Authenticate": 'Bearer error="invalid_token"'},  # RFC 6750 section 3
        ) from error


def let_in(identity: Identity | None, route: Route) -> None:
    """Whether the route is for this role.

    Raises:
        Problem: 401, it is for those who have signed in; 403, and for another role.
    """
    if isinstance(route.who, Door):
        return
    if identity is None:
        headers = {"WWW-Authenticate": "Bearer"}
        raise Problem(401, "not_signed_in", "This needs an access token.", headers=headers)
    if identity.role not in route.who:
        log.info("%s was refused as %s.", identity.subject, identity.role)
        raise Problem(403, "not_allowed", f"This is not for the role {identity.role}.")
