"""Whether a callback comes from the provider: HMAC-SHA256 over timestamp, a dot, and the raw bytes.

(SECURITY.md part 4.)
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from payment_service.domain.errors import SignatureRefused

WINDOW_S: Final = 300


def sign(secret: str, timestamp: str, raw: bytes) -> str:
    """The signature of ``raw`` as sent at ``timestamp`` (seconds since 1970), in hexadecimal."""
    return hmac.digest(secret.encode(), timestamp.encode() + b"." + raw, "sha256").hex()


def must_be_signed(
    raw: bytes, *, timestamp: str, signatures: str, secrets: Sequence[str], now: datetime
) -> None:
    """Make sure that one of ``signatures`` (joined by commas) was made with one of ``secrets``.

    Raises:
        SignatureRefused: none was, or it was made more than five minutes ago or ahead.
    """
    if not secrets:
        raise SignatureRefused("no secret was agreed with its sender")
    if not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) <= 12):
        raise SignatureRefused("its timestamp is missing or no number of seconds")
    if abs(now.timestamp() - int(timestamp)) > WINDOW_S:
        raise SignatureRefused("it was signed more than five minutes ago or ahead")
    given = [one.strip().encode() for one in signatures.split(",")[:5]]
    wanted = [sign(secret, timestamp, raw).encode() for secret in secrets]
    # Every pair is compared, so that the time tells nothing about which one nearly fits.
    if not any([hmac.compare_digest(one, two) for one in given for two in wanted]):  # noqa: C419
        raise SignatureRefused("its signature does not fit")
