"""Notification, on one page: what it answers, what it listens to, what it keeps.

It tells people what happened: once each, in their language, by the channels they want.
"""

from __future__ import annotations

from pathlib import Path

from chassis.service import Service
from notification_service.config import NotificationSettings
from notification_service.domain.errors import NotificationError
from notification_service.handlers import subscriptions
from notification_service.http.dev import dev_mailbox
from notification_service.http.routes import notifications
from notification_service.outside.post import Outside
from notification_service.outside.pretend_mailbox import PretendMailbox
from notification_service.outside.smtp import SmtpPost
from notification_service.sending import SENDING
from notification_service.store.tables import metadata


def _outside(settings: NotificationSettings) -> Outside:
    """SMS go nowhere but into a pretend mailbox so far; a provider will stand beside it."""
    pretend = None if settings.pretend_mailbox is None else PretendMailbox(settings.pretend_mailbox)
    return Outside(mail=SmtpPost(settings) if settings.smtp_host else pretend, sms=pretend)


service = Service(
    name="notification",
    settings=NotificationSettings,
    blueprints=(notifications,),
    dev_blueprints=(dev_mailbox,),
    subscriptions=subscriptions,
    errors=NotificationError,
    migrations=Path(__file__).parents[2] / "migrations",
    tables=(metadata,),
    chores=(SENDING,),
    outside=_outside,
)
app = service.wsgi()
