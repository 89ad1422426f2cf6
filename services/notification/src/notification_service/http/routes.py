"""Notification's routes: parse, begin, one call, answer."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Final

from flask import jsonify
from flask.typing import ResponseReturnValue

from chassis.http import Blueprint
from chassis.http.paging import page
from chassis.identity import Role
from chassis.requests import begin, current_identity, current_runtime, read
from chassis.routes import who
from notification_service.config import NotificationSettings
from notification_service.domain.notice import Channel
from notification_service.http import schemas
from notification_service.usecases.choose_channels import Choice, choose_channels, read_choice
from notification_service.usecases.read_inbox import mark_read, read_inbox

EVERYBODY: Final = (Role.SHOPPER, Role.MERCHANT, Role.ADMIN)

notifications = Blueprint("notifications", __name__, url_prefix="/notifications")


@notifications.get("")
@who(*EVERYBODY)
@notifications.arguments(schemas.NotificationsQuery, location="query")
@notifications.response(200, schemas.NotificationPage)
def get_notifications(query: dict[str, Any]) -> ResponseReturnValue:
    """My notifications, the newest first, in my language."""
    limit, cursor = query["limit"], query["cursor"]
    with read() as connection:
        found = read_inbox(
            connection,
            current_identity().subject,
            before=str(cursor[0]) if cursor else None,
            at_most=limit + 1,
            shop_url=_shop_url(),
        )
    return jsonify(page(found, limit=limit, key=lambda one: (one.id,), show=asdict))


@notifications.post("/<notification_id>/read")
@who(*EVERYBODY)
@notifications.response(200, schemas.NotificationAnswer)
def post_read(notification_id: str) -> ResponseReturnValue:
    """I have read this one; again changes nothing."""
    me = current_identity().subject
    with begin() as tx:
        item = mark_read(tx, notification_id, account_id=me, shop_url=_shop_url())
    return jsonify(asdict(item))


@notifications.get("/preferences")
@who(*EVERYBODY)
@notifications.response(200, schemas.Preferences)
def get_preferences() -> ResponseReturnValue:
    """What I am told, by which channels. Codes and security notices always come."""
    with read() as connection:
        return jsonify(_view(read_choice(connection, current_identity().subject)))


@notifications.put("/preferences")
@who(*EVERYBODY)
@notifications.arguments(schemas.Preferences)
@notifications.response(200, schemas.Preferences)
def put_preferences(body: dict[str, Any]) -> ResponseReturnValue:
    """Replace what I chose before; whatever is not named is on."""
    chosen = [(one["kind"], {way: one[way] for way in Channel}) for one in body["items"]]
    with begin() as tx:
        return jsonify(_view(choose_channels(tx, current_identity().subject, chosen)))


def _view(choice: Choice) -> dict[str, Any]:
    return {"items": [{"kind": kind, **wanted} for kind, wanted in choice.items()]}


def _shop_url() -> str:
    return current_runtime().settings_as(NotificationSettings).shop_url
