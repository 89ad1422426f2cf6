"""Whose cart a request is about."""

from __future__ import annotations

from cart_service.domain.owner import Owner
from cart_service.usecases.read_cart import find_guest, note_visit, visit_is_news
from chassis.requests import begin, current_runtime, maybe_identity, read


def whose(token: str | None) -> Owner:
    """The account that signed in, or else the guest whose token it is.

    A token that opens no cart is like none, whoever's it was. A guest's visit is noted once a day,
    so that a cart that is looked at does not count as unused.
    """
    identity = maybe_identity()
    if identity is not None:
        return Owner(account_id=identity.subject)
    if not token:
        return Owner()
    with read() as connection:
        known = find_guest(connection, token)
    if known is None:
        return Owner()
    cart_id, used_at = known
    if visit_is_news(used_at, current_runtime().database.clock.now()):
        with begin(publishes=()) as tx:
            note_visit(tx, cart_id)
    return Owner(guest_cart_id=cart_id)
