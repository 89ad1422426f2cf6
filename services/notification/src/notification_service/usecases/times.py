"""The kinds of notification's deadlines, and how long each waits."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

UNREACHABLE: Final = "notification.unreachable"  # key: the notice
WAIT_FOR_CONTACT: Final = timedelta(hours=24)
