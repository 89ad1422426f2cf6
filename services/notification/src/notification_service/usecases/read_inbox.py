"""What somebody finds in their inbox, in their language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from notification_service.domain.notice import Kind, Notice
from notification_service.store import notices, orders, people, titles
from notification_service.usecases.write_message import Background, write
from shop_events import Tx
from shop_events.sql import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One notification as it is read in the shop."""

    id: str
    kind: Kind
    subject: str
    text: str
    order_id: str | None
    at: datetime
    read: bool


def read_inbox(
    connection: Connection, account_id: str, *, before: str | None, at_most: int, shop_url: str
) -> list[Item]:
    """An account's notifications, the newest first, older than ``before``."""
    found = notices.inbox(connection, account_id, before=before, at_most=at_most)
    return _items(connection, account_id, found, shop_url)


def mark_read(tx: Tx, notice_id: str, *, account_id: str, shop_url: str) -> Item:
    """Somebody has read one of their notifications; again changes nothing.

    Raises:
        NotificationNotFound: it is not in their inbox.
    """
    notice = notices.mark_read(tx.connection, notice_id, account_id, tx.now)
    return _items(tx.connection, account_id, [notice], shop_url)[0]


def _items(
    connection: Connection, account_id: str, found: Sequence[Notice], shop_url: str
) -> list[Item]:
    background = Background(
        person=people.find(connection, account_id),
        numbers=orders.numbers(connection, [one.order_id for one in found]),
        titles=titles.of(connection, (line.sku_id for one in found for line in one.facts.lines)),
        shop_url=shop_url,
    )
    return [_item(notice, background) for notice in found]


def _item(notice: Notice, background: Background) -> Item:
    message = write(notice, background, now=notice.created_at)
    return Item(
        id=notice.id,
        kind=notice.kind,
        subject=message.subject,
        text=message.inbox,
        order_id=notice.order_id,
        at=notice.created_at,
        read=notice.read_at is not None,
    )
