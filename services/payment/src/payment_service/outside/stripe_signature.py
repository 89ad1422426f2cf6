"""Whether a callback comes from the card provider: its SDK checks the raw bytes.

The SDK looks at the age of a signature by the machine's clock and lets the future pass; here both
directions count, by the shop's clock (SECURITY.md part 4).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final

import stripe

from payment_service.domain.errors import SignatureRefused
from payment_service.outside.signature import WINDOW_S

# As the provider writes it; whatever else may stand in a header never reaches the SDK.
_HEADER: Final = re.compile(r"t=(\d{1,12})(,v\d=[0-9a-f]{1,128}){1,10}\Z", re.ASCII)


def must_be_stripes(raw: bytes, header: str, *, secrets: Sequence[str], now: datetime) -> None:
    """Make sure that the provider signed ``raw`` with one of ``secrets``, within five minutes.

    Raises:
        SignatureRefused: it did not.
    """
    if not secrets:
        raise SignatureRefused("no secret was agreed with its sender")
    found = _HEADER.match(header)
    if found is None:
        raise SignatureRefused("its signature is missing or none of theirs")
    if abs(now.timestamp() - int(found[1])) > WINDOW_S:
        raise SignatureRefused("it was signed more than five minutes ago or ahead")
    # Every secret is tried, so that the time tells nothing about which one fits.
    if not any([_fits(raw, header, secret) for secret in secrets]):  # noqa: C419
        raise SignatureRefused("its signature does not fit")


def _fits(raw: bytes, header: str, secret: str) -> bool:
    try:
        return bool(stripe.WebhookSignature.verify_header(raw, header, secret, tolerance=None))
    except (stripe.SignatureVerificationError, UnicodeDecodeError):
        return False
