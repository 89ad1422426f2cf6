"""What can go wrong with a quote, in the shopper's words.

OrderError
├── LinesRefused                 409
│   └── TooManyUnits             422
├── NotPriced                    409
├── NotDeliverable               409
├── DeliveryNotOffered           409
├── PaymentNotOffered            409
├── QuoteNotBinding              409
├── QuoteChanged                 409
└── PricesBehind                 503
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

from order_service.domain.errors import OrderError

if TYPE_CHECKING:
    from order_service.domain.change import Change

TRY_AGAIN_AFTER_S: Final = 5


class LinesRefused(OrderError):
    """Some lines are not for sale; ``errors`` names each by its place."""

    code = "not_for_sale"

    def __init__(self, errors: Mapping[str, list[str]]) -> None:
        super().__init__("Some of these goods cannot be bought.")
        self.errors = errors


class TooManyUnits(LinesRefused):
    """More units of one SKU than an order may have, all its lines together (S5)."""

    code = "too_many_units"
    status = 422


class NotPriced(OrderError):
    """These goods have no common price: two currencies, or more than an order may cost."""

    code = "not_priced"

    def __init__(self, why: str) -> None:
        super().__init__(f"These goods cannot be ordered together: {why}.")


class NotDeliverable(OrderError):
    """No way of delivery leads there for all of these goods."""

    code = "not_deliverable"

    def __init__(self, division_code: str, errors: Mapping[str, list[str]]) -> None:
        super().__init__(f"Nobody delivers all of these goods to {division_code}.")
        self.errors = errors


class DeliveryNotOffered(OrderError):
    """There are ways to deliver, and this is none of them."""

    code = "delivery_method_not_offered"

    def __init__(self, method: str, offered: Iterable[str]) -> None:
        ways = ", ".join(offered)
        super().__init__(f"{method} is not offered for these goods; {ways} would do.")
        self.errors = {"delivery_method": [f"One of: {ways}."]}


class PaymentNotOffered(OrderError):
    """The quote says how it can be paid, and this is none of it."""

    code = "payment_method_not_offered"

    def __init__(self, quote_id: str, method: str, offered: Iterable[str]) -> None:
        ways = ", ".join(offered)
        super().__init__(f"The quote {quote_id} cannot be paid by {method}; {ways} would do.")
        self.errors = {"payment_method": [f"One of: {ways}."]}


class QuoteNotBinding(OrderError):
    """An estimate has no address, and cannot be ordered."""

    code = "quote_not_binding"

    def __init__(self, quote_id: str) -> None:
        super().__init__(f"The quote {quote_id} is an estimate: ask for one with an address.")
        self.quote_id = quote_id


class QuoteChanged(OrderError):
    """Something is not as it was when the quote was made; the buyer has to agree to it."""

    code = "quote_changed"

    def __init__(self, quote_id: str, changes: Iterable[Change]) -> None:
        super().__init__(
            f"Since the quote {quote_id} something has changed. Ask for a new one, or send the "
            "ids of the changes as accept_changes to order at the quoted prices."
        )
        self.extensions = {"changes": [change.told() for change in changes]}


class PricesBehind(OrderError):
    """News of prices arrive late at present; a quote made now might be wrong."""

    code = "prices_behind"
    status = 503
    retry_after_s = TRY_AGAIN_AFTER_S

    def __init__(self) -> None:
        super().__init__("Prices are being brought up to date. Try again in a moment.")
