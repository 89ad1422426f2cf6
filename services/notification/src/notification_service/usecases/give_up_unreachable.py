"""Give up a notice for somebody nobody told us how to reach."""

from __future__ import annotations

import logging

from notification_service.domain.notice import NoticeState
from notification_service.store import notices
from shop_events import Tx

log = logging.getLogger(__name__)


def give_up_unreachable(tx: Tx, notice_id: str) -> None:
    """A day is over. Quiet when the notice waits no longer."""
    notice = notices.lock_waiting(tx.connection, notice_id)
    if notice is None:
        return
    notices.settle(tx.connection, notice, NoticeState.GIVEN_UP, in_inbox=False)
    log.error("Notice %s (%s) was given up: nobody said whom it is for.", notice.id, notice.cause)
