"""Orders, as far as a message needs them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Whose an order is, and its number; both None until order has said."""

    order_id: str
    account_id: str | None = None
    number: str | None = None
