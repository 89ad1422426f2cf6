"""How long the cart keeps what."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

GUEST_UNUSED_FOR: Final = timedelta(days=30)
NOTE_VISITS_EVERY: Final = timedelta(days=1)  # so that looking at a cart seldom writes anything
REMOVED_FOR: Final = timedelta(days=1)  # a repeat of a removal comes within minutes
