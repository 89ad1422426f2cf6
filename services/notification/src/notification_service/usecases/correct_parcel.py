"""A parcel goes by another number than its buyer was told, or is about to be."""

from __future__ import annotations

from notification_service.domain.notice import Facts, Kind
from notification_service.store import notices, orders
from notification_service.usecases.tell import tell_about_order
from shop_events import Tx


def correct_parcel(tx: Tx, order_id: str, *, cause: str, facts: Facts) -> None:
    """Put the number right in the notice of ``cause``; what went out already is not sent again.

    Told before the shipping itself, it is the notice of that. The last correction stands.
    """
    orders.lock(tx.connection, order_id)
    notice = notices.about(tx.connection, cause)
    if notice is None:
        tell_about_order(tx, Kind.PARCEL_SHIPPED, order_id, cause=cause, facts=facts)
    elif notice.facts.waybill_version < facts.waybill_version:
        notices.correct(tx.connection, notice.id, facts)
