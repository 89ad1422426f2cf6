"""Turn a quote into an order."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from chassis.runtime import settings_of
from order_service.config import OrderSettings
from order_service.domain.breakdown import breakdown_of
from order_service.domain.change import Change
from order_service.domain.coupon_errors import CouponTaken
from order_service.domain.happening import Kind
from order_service.domain.number import new_number
from order_service.domain.order import Order
from order_service.domain.quote import Offer, Quote
from order_service.domain.quote_errors import PaymentNotOffered, QuoteChanged, QuoteNotBinding
from order_service.domain.track import Track
from order_service.store import orders, papers, promotions, quotes
from order_service.usecases import messages, times
from order_service.usecases.look_at_quote import changes_of
from order_service.usecases.tell import tell
from shop_events import Tx
from shop_events.contracts.order import OrderDeliveryDetails, OrderPlaced, PaymentMethod


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the buyer says besides the quote. ``accept_changes``: the ids of those agreed to."""

    payment_method: PaymentMethod
    note: str | None = None
    accept_changes: Collection[str] = ()


def place_order(tx: Tx, quote_id: str, *, account_id: str, wish: Wish) -> Order:
    """Place the order a quote offered. Publishes OrderPlaced and OrderDeliveryDetails.

    Nothing is reserved or charged yet. Amounts come from the quote alone. Its coupons are locked,
    and its deadline is set, in the same transaction: whatever happens elsewhere, the order leaves
    ``placed``, and no coupon is in two orders (C1).

    Raises:
        QuoteNotFound: there is no such quote, or it is somebody else's.
        QuoteUsed: it made an order already.
        QuoteExpired: it is too old.
        QuoteNotBinding: it is an estimate.
        PaymentNotOffered: it cannot be paid so.
        QuoteChanged: something differs now that the buyer has not agreed to.
        CouponTaken: a coupon of it is in another order.
    """
    quote = quotes.lock(tx.connection, quote_id)
    quote.use(account_id, tx.now)
    if not quote.binding:
        raise QuoteNotBinding(quote_id)
    _must_be_offered(quote, wish.payment_method)
    accepted = _agreed(tx, quote, wish.accept_changes)
    order = _order(tx, quote, wish.payment_method)
    orders.add(tx.connection, order, destination=quote.destination, note=wish.note)
    quotes.mark_used(tx.connection, quote.id, order.id)
    if quote.offer is not None:
        told = [change.told() for change in accepted]
        papers.add(tx.connection, order.id, breakdown_of(quote), told)
        _take_coupons(tx, order.id, quote.offer)
    tx.schedule(times.PAY_BY, order.id, order.pay_by)
    tell(tx, order.id, Kind.PLACED)
    _say(tx, order, quote)
    return order


def _must_be_offered(quote: Quote, method: PaymentMethod) -> None:
    if quote.offer is not None and method not in quote.offer.payment_methods:
        raise PaymentNotOffered(quote.id, method, quote.offer.payment_methods)


def _agreed(tx: Tx, quote: Quote, accepted: Collection[str]) -> Sequence[Change]:
    changes = changes_of(tx.connection, quote)
    if not all(change.acceptable and change.id in accepted for change in changes):
        raise QuoteChanged(quote.id, changes)
    return changes


def _take_coupons(tx: Tx, order_id: str, offer: Offer) -> None:
    """By id, so that two orders with the same coupons wait for each other in one order."""
    for coupon_id in sorted(discount.coupon_id for discount in offer.discounts):
        if not promotions.take(tx.connection, coupon_id, order_id, tx.now):
            raise CouponTaken(coupon_id)


def _order(tx: Tx, quote: Quote, payment_method: PaymentMethod) -> Order:
    option = quote.option
    return Order(
        id=tx.new_id(),
        number=new_number(tx.now),
        account_id=quote.account_id,
        track=Track.PLACED,
        lines=quote.order_lines(),
        freights=quote.freights,
        currency=quote.currency,
        payment_method=payment_method,
        on_delivery=payment_method is PaymentMethod.CASH_ON_DELIVERY,
        placed_at=tx.now,
        pay_by=tx.now + settings_of(tx, OrderSettings).pay_within.of(payment_method),
        delivery_method=quote.delivery_method,
        traceable=option is None or option.traceable,
        promise_days=None if option is None else option.days,
    )


def _say(tx: Tx, order: Order, quote: Quote) -> None:
    tx.publish(
        OrderPlaced(
            order_id=order.id,
            number=order.number,
            account_id=order.account_id,
            lines=messages.order_lines(order),
            shipping=order.shipping,
            total=order.total,
            delivery_method=order.delivery_method,
            division_code=quote.destination.division_code,
            payment_method=PaymentMethod(order.payment_method),
            pay_by=order.pay_by,
        )
    )
    tx.publish(
        OrderDeliveryDetails(
            order_id=order.id,
            recipient=quote.destination.recipient,
            phone=quote.destination.phone,
            address=quote.destination.address,
        )
    )
