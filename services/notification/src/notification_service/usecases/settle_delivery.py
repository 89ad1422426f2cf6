"""Record what came of a try to send."""

from __future__ import annotations

import logging
from typing import Final

from notification_service.domain.delivery import (
    Delivery,
    DeliveryState,
    Outcome,
    Tried,
    next_try,
)
from notification_service.store import deliveries, notices
from shop_events import Tx

log = logging.getLogger(__name__)

NOT_OFFERED: Final = Tried(outcome=Outcome.REFUSED, code="not_offered")
NO_ADDRESS: Final = Tried(outcome=Outcome.REFUSED, code="no_address")
TOO_LATE: Final = Tried(outcome=Outcome.REFUSED, code="too_late")


def settle_delivery(tx: Tx, delivery: Delivery, tried: Tried) -> None:
    """Sent, to be tried again, or given up and told. Nothing is left of a code that has gone.

    Quiet when the delivery ended meanwhile, or its person was forgotten.
    """
    again_at = None
    if tried.outcome is Outcome.LATER:
        again_at = next_try(tx.now, delivery.attempts, delivery.give_up_at)
    if again_at is not None:
        there = deliveries.put_off(tx.connection, delivery, again_at)
    else:
        sent = tried.outcome is Outcome.SENT
        state = DeliveryState.SENT if sent else DeliveryState.GIVEN_UP
        # The notice before its delivery, as whoever forgets a person locks them.
        notices.erase_facts(tx.connection, delivery.notice_id)
        there = deliveries.end(tx.connection, delivery, state)
        if there and not sent:
            _tell(delivery, tried)
    if there:
        deliveries.log(tx.connection, delivery, tried, tx.now)


def _tell(delivery: Delivery, tried: Tried) -> None:
    # Nobody asked for what this shop does not offer; all else should have arrived.
    level = logging.INFO if tried in (NOT_OFFERED, NO_ADDRESS) else logging.ERROR
    what = (delivery.notice_id, delivery.channel, tried.code, delivery.attempts)
    log.log(level, "Notice %s by %s was given up: %s, at try %s.", *what)
