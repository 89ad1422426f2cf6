"""Turn a quote into an order."""

from __future__ import annotations

from order_service.domain.number import new_number
from order_service.domain.order import Order
from order_service.domain.quote import Quote
from order_service.domain.track import Track
from order_service.store import orders, quotes
from order_service.usecases import messages, times
from shop_events import Tx
from shop_events.contracts.order import OrderDeliveryDetails, OrderPlaced, PaymentMethod


def place_order(
    tx: Tx,
    quote_id: str,
    *,
    account_id: str,
    payment_method: PaymentMethod,
    note: str | None = None,
) -> Order:
    """Place the order a quote offered. Publishes OrderPlaced and OrderDeliveryDetails.

    Nothing is reserved or charged yet. Amounts come from the quote alone. Its deadline is set in
    the same transaction: whatever happens elsewhere, the order leaves ``placed``.

    Raises:
        QuoteNotFound: there is no such quote, or it is somebody else's.
        QuoteUsed: it made an order already.
        QuoteExpired: it is too old.
    """
    quote = quotes.lock(tx.connection, quote_id)
    quote.use(account_id, tx.now)
    order = _order(tx, quote, payment_method)
    orders.add(
        tx.connection,
        order,
        delivery_method=quote.delivery_method,
        destination=quote.destination,
        note=note,
    )
    quotes.mark_used(tx.connection, quote.id, order.id)
    tx.schedule(times.PAY_BY, order.id, order.pay_by)
    tx.publish(_placed(order, quote))
    tx.publish(
        OrderDeliveryDetails(
            order_id=order.id,
            recipient=quote.destination.recipient,
            phone=quote.destination.phone,
            address=quote.destination.address,
        )
    )
    return order


def _order(tx: Tx, quote: Quote, payment_method: PaymentMethod) -> Order:
    return Order(
        id=tx.new_id(),
        number=new_number(tx.now),
        account_id=quote.account_id,
        track=Track.PLACED,
        lines=quote.order_lines(),
        freights=quote.freights(),
        currency=quote.currency,
        payment_method=payment_method,
        on_delivery=payment_method is PaymentMethod.CASH_ON_DELIVERY,
        placed_at=tx.now,
        pay_by=tx.now + times.UNPAID_FOR,
    )


def _placed(order: Order, quote: Quote) -> OrderPlaced:
    return OrderPlaced(
        order_id=order.id,
        number=order.number,
        account_id=order.account_id,
        lines=messages.order_lines(order),
        shipping=order.shipping,
        total=order.total,
        delivery_method=quote.delivery_method,
        division_code=quote.destination.division_code,
        payment_method=PaymentMethod(order.payment_method),
        pay_by=order.pay_by,
    )
