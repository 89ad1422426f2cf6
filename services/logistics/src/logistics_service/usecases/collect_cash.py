"""A carrier took money at the door for us."""

from __future__ import annotations

from logistics_service.domain.fulfilment import Fulfilment
from logistics_service.domain.parcel import Parcel
from logistics_service.store import orders, traces
from shop_events import Tx
from shop_events.contracts.logistics import CashCollected


def collect_cash(tx: Tx, fulfilment: Fulfilment, parcel: Parcel) -> None:
    """Note what a signed parcel of an order on delivery brought. Publishes CashCollected.

    That is the exact part of each line's amount that belongs to the units in the parcel, by their
    numbers (M4): order reckons what it has paid back or settled by the same ones. And
    with a merchant's first one its part of the shipping cost. Idempotent on the parcel.
    """
    order = orders.get(tx.connection, parcel.order_id)
    if order is None or order.terms is None or not order.terms.on_delivery:
        return
    amount = order.cost_of(parcel.lines)
    merchant_id = fulfilment.merchant_id
    if not traces.was_collected(tx.connection, order.id, merchant_id):
        amount = amount + order.freight_of(merchant_id)
    is_new = traces.add_collection(
        tx.connection, parcel.id, order_id=order.id, merchant_id=merchant_id, amount=amount
    )
    if not is_new:
        return
    tx.publish(
        CashCollected(
            parcel_id=parcel.id,
            order_id=order.id,
            amount=amount,
            carrier=parcel.carrier or "",
            waybill=parcel.waybill,
        )
    )
