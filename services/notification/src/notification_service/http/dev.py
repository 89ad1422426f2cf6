"""Development only: everybody's pretend mailbox, open to everybody.

This door does not exist outside ``SHOP_ENV=dev``.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import jsonify
from flask.typing import ResponseReturnValue

from chassis.http import Blueprint
from chassis.requests import current_runtime
from chassis.routes import anyone
from notification_service.config import NotificationSettings
from notification_service.http import schemas
from notification_service.outside.pretend_mailbox import PretendMailbox

dev_mailbox = Blueprint("dev_mailbox", __name__, url_prefix="/dev/mailbox")


@dev_mailbox.get("")
@anyone
@dev_mailbox.arguments(schemas.MailboxQuery, location="query")
@dev_mailbox.response(200, schemas.Mailbox)
def get_mailbox(query: dict[str, Any]) -> ResponseReturnValue:
    """Mails and SMS that were sent, to everybody or to one address, the newest first."""
    path = current_runtime().settings_as(NotificationSettings).pretend_mailbox
    letters = [] if path is None else PretendMailbox(path).letters(query["to"])
    return jsonify({"items": [asdict(letter) for letter in letters]})
