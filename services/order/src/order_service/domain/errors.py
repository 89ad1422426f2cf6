"""What can go wrong with an order, in the shopper's words.

OrderError                       409 unless stated
├── OrderNotFound                404
├── QuoteNotFound                404
├── QuoteExpired                 409
├── QuoteUsed                    409
├── NotCancellable               409
├── NothingToReceive             409
├── ParcelNotFound               404
├── ParcelNeeded                 409
├── NotInParcel                  422
├── NothingToExtend              409
├── AlreadyExtended              409
├── IllegalTransition            409
├── ... of quotes                quote_errors.py
└── ... of coupons               coupon_errors.py
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping


class OrderError(Exception):
    """Something about an order cannot be done as asked."""

    code = "order_error"
    status = 409


class OrderNotFound(OrderError):
    """There is no such order, or it is somebody else's: nobody can tell the two apart."""

    code = "order_not_found"
    status = 404

    def __init__(self, order_id: str) -> None:
        super().__init__(f"There is no order {order_id}.")
        self.order_id = order_id


class QuoteNotFound(OrderError):
    """There is no such quote, or it is somebody else's."""

    code = "quote_not_found"
    status = 404

    def __init__(self, quote_id: str) -> None:
        super().__init__(f"There is no quote {quote_id}.")
        self.quote_id = quote_id


class QuoteExpired(OrderError):
    """The quote was valid for ten minutes and is no more."""

    code = "quote_expired"

    def __init__(self, quote_id: str) -> None:
        super().__init__(f"The quote {quote_id} has expired; ask for a new one.")
        self.quote_id = quote_id


class QuoteUsed(OrderError):
    """One quote makes one order."""

    code = "quote_used"

    def __init__(self, quote_id: str, order_id: str) -> None:
        super().__init__(f"The quote {quote_id} was used for the order {order_id} already.")
        self.quote_id = quote_id
        self.order_id = order_id


class NotCancellable(OrderError):
    """Everything in the order has been sent, received or cancelled already."""

    code = "order_not_cancellable"

    def __init__(self, order_id: str, why: str) -> None:
        super().__init__(f"The order {order_id} cannot be cancelled any more: {why}.")
        self.order_id = order_id


class NothingToReceive(OrderError):
    """No parcel of the order was delivered and is not confirmed yet."""

    code = "nothing_to_receive"

    def __init__(self, order_id: str) -> None:
        super().__init__(f"No delivered parcel of the order {order_id} awaits confirmation.")
        self.order_id = order_id


class ParcelNotFound(OrderError):
    """The order has no such parcel."""

    code = "parcel_not_found"
    status = 404

    def __init__(self, order_id: str, parcel_id: str) -> None:
        super().__init__(f"The order {order_id} has no parcel {parcel_id}.")
        self.order_id = order_id
        self.parcel_id = parcel_id


class ParcelNeeded(OrderError):
    """Lines can be counted of one parcel at a time, and several wait."""

    code = "parcel_needed"

    def __init__(self, order_id: str) -> None:
        super().__init__(f"Several parcels of the order {order_id} wait: name the one you counted.")
        self.order_id = order_id


class NotInParcel(OrderError):
    """More was counted than the parcel held, or something that was not in it."""

    code = "not_in_parcel"
    status = 422

    def __init__(self, parcel_id: str, errors: Mapping[str, list[str]]) -> None:
        super().__init__(f"What was counted does not fit the parcel {parcel_id}.")
        self.errors = errors


class NothingToExtend(OrderError):
    """No parcel of the order waits for its buyer's word."""

    code = "nothing_to_extend"

    def __init__(self, order_id: str) -> None:
        super().__init__(f"No parcel of the order {order_id} is about to count as received.")
        self.order_id = order_id


class AlreadyExtended(OrderError):
    """The time to receipt is extended once."""

    code = "receipt_extended"

    def __init__(self, order_id: str) -> None:
        super().__init__(f"The time to receive the order {order_id} was extended once already.")
        self.order_id = order_id


class IllegalTransition(OrderError):
    """The order's track does not lead there from where it stands (O2)."""

    code = "illegal_transition"

    def __init__(self, order_id: str, now: str, wanted: str, legal: Iterable[str]) -> None:
        ways = ", ".join(sorted(legal)) or "nothing: it is over"
        super().__init__(f"The order {order_id} is {now} and cannot become {wanted}; only {ways}.")
        self.order_id = order_id
