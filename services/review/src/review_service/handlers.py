"""What review does when something happened elsewhere, and when its own time has come."""

from __future__ import annotations

from chassis.revocation import listen as listen_for_revocations
from shop_events import Subscriptions

subscriptions = Subscriptions("review")
listen_for_revocations(subscriptions)
