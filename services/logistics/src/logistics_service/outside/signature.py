"""How a carrier's pushes are signed: HMAC-SHA256 over timestamp, a point and the raw bytes."""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from datetime import datetime
from typing import Final

TIMESTAMP_HEADER: Final = "X-Webhook-Timestamp"
SIGNATURE_HEADER: Final = "X-Webhook-Signature"

# SECURITY.md 4: an older or newer push is not believed, whoever signed it.
WINDOW_S: Final = 300


def sign(secret: bytes, timestamp: str, raw: bytes) -> str:
    """The signature of ``raw``, sent at ``timestamp`` (seconds since 1970)."""
    return hmac.new(secret, timestamp.encode() + b"." + raw, "sha256").hexdigest()


def is_genuine(
    secrets: Iterable[bytes], raw: bytes, *, timestamp: str, signature: str, now: datetime
) -> bool:
    """Whether one of the ``secrets`` signed exactly these bytes within the last five minutes."""
    if not timestamp.isascii() or not timestamp.isdigit() or len(timestamp) > 12:
        return False
    if abs(now.timestamp() - int(timestamp)) > WINDOW_S:
        return False
    claimed = signature.encode()
    # Every secret is tried, so that the time taken does not tell which one was nearly right.
    matches = [
        hmac.compare_digest(sign(secret, timestamp, raw).encode(), claimed) for secret in secrets
    ]
    return any(matches)
