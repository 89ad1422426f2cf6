"""How long an order waits for what, and the names of those deadlines (DOMAIN.md E6)."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

UNPAID_FOR: Final = timedelta(minutes=30)
RECEIPT_AFTER_SIGNED: Final = timedelta(days=10)
RETURN_WINDOW: Final = timedelta(days=7)
ASK_AGAIN_AFTER: Final = timedelta(hours=1)

PAY_BY: Final = "order.pay_by"  # key: order id
AUTO_RECEIPT: Final = "order.auto_receipt"  # key: parcel id
RETURN_WINDOW_OVER: Final = "order.return_window"  # key: order id
CANCELLATION_OPEN: Final = "order.cancellation_open"  # key: order id
