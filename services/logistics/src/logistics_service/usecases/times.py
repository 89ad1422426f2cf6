"""How long logistics waits for what, and the names of those deadlines."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

# Order ends a hold at ``pay_by``; its word may need a while to get here.
HOLD_GRACE: Final = timedelta(minutes=10)
WARN_AGAIN_AFTER: Final = timedelta(hours=1)
SILENCE: Final = timedelta(hours=48)

HOLD_OVERDUE: Final = "logistics.hold_overdue"  # key: order id
SILENT_PARCEL: Final = "logistics.silent_parcel"  # key: parcel id
