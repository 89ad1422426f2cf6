"""Names, phones and addresses as those see them who need not know them (SECURITY.md part 10)."""

from __future__ import annotations

from typing import Final

from logistics_service.domain.order import Destination

_HIDDEN: Final = "***"
_SHOWN_OF_ADDRESS: Final = 6  # a province and a town, where the address begins with them
_LONG_PHONE: Final = 9


def masked(destination: Destination) -> Destination:
    """So much that its owner knows it again, and nobody else learns from it."""
    return Destination(
        recipient=masked_name(destination.recipient),
        phone=_phone(destination.phone),
        address=destination.address[:_SHOWN_OF_ADDRESS] + _HIDDEN,
    )


def masked_name(name: str) -> str:
    """Its first character."""
    return name[:1] + "**"


def _phone(phone: str) -> str:
    if len(phone) < _LONG_PHONE:
        return _HIDDEN
    return f"{phone[:3]}****{phone[-4:]}"
