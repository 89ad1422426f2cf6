"""Notification, on one page: what it answers, what it listens to, what it keeps."""

from __future__ import annotations

from pathlib import Path

from chassis.service import Service
from notification_service.config import NotificationSettings
from notification_service.domain.errors import NotificationError
from notification_service.handlers import subscriptions
from notification_service.store.tables import metadata

service = Service(
    name="notification",
    settings=NotificationSettings,
    subscriptions=subscriptions,
    errors=NotificationError,
    migrations=Path(__file__).parents[2] / "migrations",
    tables=(metadata,),
)
app = service.wsgi()
