"""What can go wrong, in people's words."""

from __future__ import annotations


class NotificationError(Exception):
    """Something cannot be done as asked."""

    code = "notification_error"
    status = 409
