"""When to ask a provider again that has not answered, and when to raise an alarm (P6)."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

LADDER: Final = (
    timedelta(seconds=15),
    timedelta(seconds=30),
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(hours=24),
)


def wait_after(attempts: int) -> timedelta:
    """How long to wait after ``attempts`` unanswered questions; past the end, a day each time."""
    return LADDER[min(attempts, len(LADDER) - 1)]


def is_alarming(attempts: int) -> bool:
    """Whether the whole ladder was climbed in vain: people must look."""
    return attempts >= len(LADDER)
