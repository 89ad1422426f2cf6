"""How long logistics waits for what, and the names of those deadlines."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

# Order ends a hold at ``pay_by``; its word may need a while to get here.
HOLD_GRACE: Final = timedelta(minutes=10)
WARN_AGAIN_AFTER: Final = timedelta(hours=1)
SILENCE: Final = timedelta(hours=48)
KEEP_DETAILS: Final = timedelta(days=90)

HOLD_OVERDUE: Final = "logistics.hold_overdue"  # key: order id
SILENT_PARCEL: Final = "logistics.silent_parcel"  # key: parcel id
FORGET: Final = "logistics.forget"  # key: order id
FIRST_RATES: Final = "logistics.first_rates"  # scheduled by the migration

# A carrier that says nothing is asked after 6, 24 and 48 h, and every two days from then on.
_ASK_AFTER: Final = (timedelta(hours=6), timedelta(hours=18), timedelta(hours=24))

# Whoever asks and dies leaves the question to others after so long.
ASKING_TAKES: Final = timedelta(minutes=5)


def ask_after(attempts: int) -> timedelta:
    """How long to wait with the next question, after so many in vain."""
    return _ASK_AFTER[attempts] if attempts < len(_ASK_AFTER) else SILENCE
