"""Money arrived for an order."""

from __future__ import annotations

from order_service.domain.explanation import as_people_read
from order_service.domain.happening import Kind
from order_service.domain.payment import Payment
from order_service.domain.track import Track
from order_service.store import orders, payments
from order_service.usecases.confirm_order import confirm_order
from order_service.usecases.tell import tell
from shop_events import Money, Tx
from shop_events.contracts.order import OrderPaymentUnexpected


def take_payment(tx: Tx, order_id: str, payment_id: str, amount: Money) -> None:
    """Confirm the order with the money captured. Publishes OrderConfirmed.

    Money that the order does not wait for goes back, never into silence (P9): the order was
    cancelled first, is paid already, or costs another amount (O3). Then OrderPaymentUnexpected
    is published instead. Idempotent on ``payment_id``.
    """
    order = orders.lock(tx.connection, order_id)
    expected = order.track is Track.AWAITING_PAYMENT and amount == order.total
    payment = Payment(id=payment_id, amount=amount, expected=expected)
    if not payments.add(tx.connection, order_id, payment):
        return
    kind = Kind.PAID if expected else Kind.PAYMENT_UNEXPECTED
    tell(tx, order_id, kind, key=payment_id, amount=as_people_read(amount))
    if expected:
        confirm_order(tx, order)
    else:
        tx.publish(OrderPaymentUnexpected(order_id=order_id, payment_id=payment_id, amount=amount))
