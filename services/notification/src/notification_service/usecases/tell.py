"""Tell somebody that something happened: at most once a cause, by each channel they want."""

from __future__ import annotations

from notification_service.domain.delivery import BUDGET, Delivery
from notification_service.domain.notice import (
    Channel,
    Code,
    Facts,
    Kind,
    Notice,
    NoticeState,
)
from notification_service.domain.person import Person
from notification_service.store import deliveries, notices, orders, people, preferences
from notification_service.usecases import times
from shop_events import Tx


def tell_about_order(tx: Tx, kind: Kind, order_id: str, *, cause: str, facts: Facts) -> None:
    """Tell the buyer of an order something. Idempotent on ``cause``.

    Whose order it is, or how they are reached, may not be known yet; then the notice waits for
    it, a day at most.
    """
    order = orders.lock(tx.connection, order_id)
    notice = Notice(
        id=tx.new_id(),
        cause=cause,
        kind=kind,
        created_at=tx.now,
        account_id=order.account_id,
        order_id=order_id,
        facts=facts,
    )
    if notices.add(tx.connection, notice):
        tx.schedule(times.UNREACHABLE, notice.id, tx.now + times.WAIT_FOR_CONTACT)
        if notice.account_id is not None:
            dispatch(tx, notice, people.lock(tx.connection, notice.account_id))


def send_code(tx: Tx, kind: Kind, code: Code, *, cause: str) -> None:
    """Send a code or a security notice to the address account named. Idempotent on ``cause``.

    It is worth nothing after ``code.expires_at``, and is given up then.
    """
    notice = Notice(
        id=tx.new_id(),
        cause=cause,
        kind=kind,
        created_at=tx.now,
        code=code,
        state=NoticeState.TOLD,
    )
    if notices.add(tx.connection, notice):
        only = Delivery(notice_id=notice.id, channel=code.channel, give_up_at=code.expires_at)
        deliveries.add(tx.connection, only, tx.now)
        tx.left_work = True


def dispatch(tx: Tx, notice: Notice, person: Person) -> None:
    """Put a waiting notice on its ways. ``person``, to whom it goes, is locked.

    Nothing happens while it is not known how they are reached; of an erased account's notice
    nothing is left.
    """
    if person.erased:
        notices.forget(tx.connection, person.account_id)
        tx.unschedule(times.UNREACHABLE, notice.id)
        return
    if not person.known:
        return
    off = preferences.switched_off(tx.connection, person.account_id)
    wanted = [channel for channel in Channel if (notice.kind, channel) not in off]
    for channel in wanted:
        if person.address(channel) is not None:
            one = Delivery(notice_id=notice.id, channel=channel, give_up_at=tx.now + BUDGET)
            deliveries.add(tx.connection, one, tx.now)
    notices.settle(tx.connection, notice, NoticeState.TOLD, in_inbox=Channel.INBOX in wanted)
    tx.unschedule(times.UNREACHABLE, notice.id)
    tx.left_work = True
