"""Which of a merchant's shipments somebody looks for."""

from __future__ import annotations

from dataclasses import dataclass

from logistics_service.domain.fulfilment import Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which of a merchant's shipments: of one heap, of one carrier, or with a word in them."""

    merchant_id: str
    status: Status | None = None
    carrier: str | None = None
    word: str | None = None  # an order's number, a waybill, or a SKU
