"""What was not told as it should have been, a sentence each; none in a shop that keeps its word."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from notification_service.domain.delivery import DeliveryState
from notification_service.domain.notice import NoticeState
from notification_service.store import checks
from notification_service.usecases.times import WAIT_FOR_CONTACT
from shop_events import Database
from shop_events.sql import Connection

# Nobody is at the row's door in the very second; past this somebody should have been.
PATIENCE: Final = timedelta(minutes=10)


def counter_examples(database: Database) -> Iterator[str]:
    """Every message that is neither sent, on its way nor given up, a sentence each, and the like.

    It names ids alone; ask at any time.
    """
    with database.read() as connection:
        yield from _waiting(connection, database.clock.now())
        yield from _on_their_way(connection, database.clock.now())
        yield from _against_the_log(connection)
        yield from _kept_too_long(connection)


def _waiting(connection: Connection, now: datetime) -> Iterator[str]:
    for notice_id, state in checks.notice_states(connection):
        if state not in list(NoticeState):
            yield f"The notice {notice_id} is {state}: neither waiting, told nor given up."
    for notice_id in checks.waiting_since(connection, now - WAIT_FOR_CONTACT - PATIENCE):
        yield f"The notice {notice_id} waits for more than a day, and nobody gave it up."
    for notice_id in checks.waiting_in_vain(connection):
        yield f"The notice {notice_id} waits although it is known how its person is reached."
    for notice_id in checks.codes_without_delivery(connection):
        yield f"The code {notice_id} is on no way to anybody."


def _on_their_way(connection: Connection, now: datetime) -> Iterator[str]:
    for notice_id, channel, state, due_at, give_up_at in checks.all_deliveries(connection):
        which = f"The notice {notice_id} by {channel}"
        if state not in list(DeliveryState):
            yield f"{which} is {state}: neither due, sent nor given up."
        elif state == DeliveryState.DUE and due_at < now - PATIENCE:
            yield f"{which} is due since {due_at:%Y-%m-%d %H:%M}, and nobody sent it."
        elif state == DeliveryState.DUE and due_at > give_up_at + PATIENCE:
            yield f"{which} will be tried again when it is too late."


def _against_the_log(connection: Connection) -> Iterator[str]:
    for notice_id, channel, state, outcomes in checks.outcomes(connection):
        sent = outcomes.count("sent")
        which = f"The notice {notice_id} by {channel}"
        if (state == DeliveryState.SENT) is not (sent == 1):
            yield f"{which} is {state}, and by the log it was sent {sent} times."
        if state == DeliveryState.GIVEN_UP and not outcomes:
            yield f"{which} was given up, and the log does not say why."


def _kept_too_long(connection: Connection) -> Iterator[str]:
    for notice_id in checks.codes_kept(connection):
        yield f"Something is left of the code {notice_id}, which has gone."
    for account_id in checks.not_forgotten(connection):
        yield f"Something is left of the account {account_id}, which was erased."
