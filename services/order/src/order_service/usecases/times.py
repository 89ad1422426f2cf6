"""How long an order waits for what, and the names of those deadlines (DOMAIN.md E6)."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

QUOTE_GOOD_FOR: Final = timedelta(minutes=10)
QUOTE_KEPT_FOR: Final = timedelta(days=1)
SHIPPED_WITHIN: Final = timedelta(days=7)
ASK_FOR_UNSENT_AGAIN_AFTER: Final = timedelta(days=1)
RECEIPT_AFTER_SIGNED: Final = timedelta(days=10)
RECEIPT_AFTER_PROMISE: Final = timedelta(days=7)  # by post without traces
RECEIPT_EXTENDED_BY: Final = timedelta(days=5)
COUPON_GRACE: Final = timedelta(days=3)
RETURN_WINDOW: Final = timedelta(days=7)
ASK_AGAIN_AFTER: Final = timedelta(hours=1)

PAY_BY: Final = "order.pay_by"  # key: order id
AUTO_RECEIPT: Final = "order.auto_receipt"  # key: parcel id
RETURN_WINDOW_OVER: Final = "order.return_window"  # key: order id
SHIP_BY: Final = "order.ship_by"  # key: order id
CANCELLATION_OPEN: Final = "order.cancellation_open"  # key: order id
