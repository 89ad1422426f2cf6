"""Where a message leads, on the shop's own pages alone.

The host comes from the settings and from nowhere else: neither from a request nor from an event.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from notification_service.domain.notice import Kind, Notice

_WITH_TOKEN: Final = {
    Kind.VERIFY: "/account/verify",
    Kind.RESET_PASSWORD: "/account/reset",
    Kind.CHANGE_ADDRESS: "/account/identifiers/confirm",
    Kind.LEAVE_ADDRESS: "/account/identifiers/confirm",
}
_PAGES: Final = {
    Kind.ALREADY_REGISTERED: "/account/forgot",
    Kind.PASSWORD_CHANGED: "/account/forgot",
    Kind.CONTACT_CHANGED: "/account/forgot",
    Kind.NEW_DEVICE: "/account/sessions",
}


def link_of(notice: Notice, shop_url: str) -> str | None:
    """The page this notice leads to; None for a code that is only typed."""
    shop = shop_url.rstrip("/")
    if notice.order_id is not None:
        return f"{shop}/orders/{quote(notice.order_id, safe='')}"
    if notice.kind in _PAGES:
        return shop + _PAGES[notice.kind]
    token = notice.code.link_token if notice.code else None
    return f"{shop}{_WITH_TOKEN[notice.kind]}?token={quote(token, safe='')}" if token else None
