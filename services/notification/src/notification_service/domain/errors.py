"""What can go wrong, in people's words.

NotificationError                 409 unless stated
├── NotificationNotFound          404
└── AlwaysTold                    422
"""

from __future__ import annotations


class NotificationError(Exception):
    """Something cannot be done as asked."""

    code = "notification_error"
    status = 409


class NotificationNotFound(NotificationError):
    """There is no such notification, or it is somebody else's: nobody can tell the two apart."""

    code = "notification_not_found"
    status = 404

    def __init__(self, notice_id: str) -> None:
        super().__init__(f"There is no notification {notice_id}.")
        self.notice_id = notice_id


class AlwaysTold(NotificationError):
    """Somebody wants to switch off what keeps their account safe, or names one kind twice."""

    code = "not_switchable"
    status = 422

    def __init__(self, kind: str, why: str) -> None:
        super().__init__(f"The kind {kind} {why}.")
        self.errors = {"items": [f"{kind} {why}."]}
