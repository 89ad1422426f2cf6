"""Sending what is due, always outside of a transaction: the second of three phases (P4).

    short transaction     takes the most urgent row that is due, for five minutes
    the call              a mail server or an SMS provider; it may answer, refuse or be silent
    short transaction     records what came of it

Whoever dies between the call and the record sends again when the five minutes are over: a message
may so arrive twice, with the same Message-ID, and never not at all. A server that does not answer
ends the round, so that it is not asked for each of many mails in turn.
"""

from __future__ import annotations

from typing import Final

from chassis.background import Chore
from chassis.runtime import Runtime
from notification_service.config import NotificationSettings
from notification_service.domain.delivery import Delivery, Outcome, Tried
from notification_service.domain.notice import Channel, Notice
from notification_service.outside.post import Letter, Outside, PostUnavailable, Refused
from notification_service.store import deliveries, notices, orders, people, titles
from notification_service.usecases.settle_delivery import (
    NO_ADDRESS,
    NOT_OFFERED,
    TOO_LATE,
    settle_delivery,
)
from notification_service.usecases.write_message import Background, write
from shop_events import faults

AT_ONCE: Final = 50


def send_due(runtime: Runtime) -> int:
    """Send what is due; return how many messages were sent or given up."""
    sent = 0
    while sent < AT_ONCE:
        tried = _send_one(runtime)
        if tried is None or tried.outcome is Outcome.LATER:
            break
        sent += 1
    return sent


def _send_one(runtime: Runtime) -> Tried | None:
    database = runtime.database
    with database.read() as connection:
        if not deliveries.is_any_due(connection, database.clock.now()):
            return None
    with database.begin() as tx:
        delivery = deliveries.claim(tx.connection, tx.now)
    if delivery is None:
        return None
    tried = _try(runtime, delivery)
    with database.begin() as tx:
        settle_delivery(tx, delivery, tried)
    return tried


def _try(runtime: Runtime, delivery: Delivery) -> Tried:
    post = runtime.outside_as(Outside).post(delivery.channel)
    if runtime.clock.now() >= delivery.give_up_at:
        return TOO_LATE
    if post is None:
        return NOT_OFFERED
    letter = _letter(runtime, delivery)
    if letter is None:
        return NO_ADDRESS
    faults.point("outside.before_call", "notification")
    try:
        answer = post.send(letter)
    except PostUnavailable as error:
        return Tried(outcome=Outcome.LATER, code=error.code)
    faults.point("outside.after_call", "notification")
    refused = isinstance(answer, Refused)
    return Tried(outcome=Outcome.REFUSED if refused else Outcome.SENT, code=answer.code)


def _letter(runtime: Runtime, delivery: Delivery) -> Letter | None:
    """The message with its address; None: its person is forgotten, or is reached so no more."""
    shop_url = runtime.settings_as(NotificationSettings).shop_url
    with runtime.database.read() as connection:
        notice = notices.find(connection, delivery.notice_id)
        if notice is None:
            return None
        account_id = notice.account_id
        background = Background(
            person=people.find(connection, account_id) if account_id else None,
            numbers=orders.numbers(connection, [notice.order_id]),
            titles=titles.of(connection, (line.sku_id for line in notice.facts.lines)),
            shop_url=shop_url,
        )
    to = _address(notice, background, delivery.channel)
    return _written(runtime, delivery, notice, background, to) if to else None


def _address(notice: Notice, background: Background, channel: Channel) -> str | None:
    if notice.code is not None:
        return notice.code.address
    return background.person.address(channel) if background.person else None


def _written(
    runtime: Runtime, delivery: Delivery, notice: Notice, background: Background, to: str
) -> Letter:
    message = write(notice, background, now=runtime.clock.now())
    by_mail = delivery.channel is Channel.EMAIL
    return Letter(
        id=f"{notice.id}.{delivery.channel}",
        channel=delivery.channel,
        to=to,
        text=message.text if by_mail else message.sms,
        subject=message.subject if by_mail else "",
        html=message.html if by_mail else "",
        locale=message.locale,
        link=message.link if by_mail or message.code is None else None,
        code=message.code,
        at=runtime.clock.now(),
    )


SENDING: Final = Chore(name="sending", every_s=1.0, run=send_due)
