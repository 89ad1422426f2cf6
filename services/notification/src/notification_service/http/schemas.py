"""The bodies of notification's routes."""

from __future__ import annotations

from marshmallow import fields, validate

from chassis.http.fields import Answer, Body, Id, Instant, Query, StrictBoolean
from chassis.http.paging import PageQuery
from notification_service.domain.notice import Kind


class NotificationAnswer(Answer):
    """One notification as it is read in the shop."""

    id = Id(required=True)
    kind = fields.Enum(Kind, by_value=True, required=True)
    subject = fields.String(required=True)
    text = fields.String(required=True)
    order_id = fields.String(required=True, allow_none=True)
    at = Instant(required=True)
    read = fields.Boolean(required=True)


class NotificationPage(Answer):
    """A page of somebody's notifications, the newest first."""

    items = fields.List(fields.Nested(NotificationAnswer), required=True)
    next_cursor = fields.String(required=True, allow_none=True)


class NotificationsQuery(PageQuery):
    """What may stand behind ``GET /notifications?``."""


class Preference(Body):
    """By which channels somebody is told of one kind of thing; what is not said is on."""

    kind = fields.Enum(Kind, by_value=True, required=True)
    email = StrictBoolean(load_default=True)
    sms = StrictBoolean(load_default=True)
    inbox = StrictBoolean(load_default=True)


class Preferences(Body):
    """Every kind that may be switched off. Kinds that a PUT does not name are on."""

    items = fields.List(
        fields.Nested(Preference), required=True, validate=validate.Length(max=len(Kind))
    )


class MailboxQuery(Query):
    """What may stand behind ``GET /dev/mailbox?``."""

    to = fields.String(load_default=None, validate=validate.Length(max=320))


class Mail(Answer):
    """A mail or SMS as it arrived; ``code`` and ``links`` are what its reader would use."""

    id = fields.String(required=True)
    channel = fields.String(required=True)
    to = fields.String(required=True)
    subject = fields.String(required=True)
    text = fields.String(required=True)
    html = fields.String(required=True)
    links = fields.List(fields.String(), required=True)
    code = fields.String(required=True, allow_none=True)
    at = fields.String(required=True)


class Mailbox(Answer):
    """Letters, the newest first; a hundred at most."""

    items = fields.List(fields.Nested(Mail), required=True)
