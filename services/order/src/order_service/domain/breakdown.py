"""A quote's price taken apart, down to the last unit and the odd fen; frozen into its order."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from order_service.domain.quote import Quote, QuoteLine


def breakdown_of(quote: Quote) -> dict[str, Any]:
    """Every rule that was tried, each line with its share and its units, and the sums.

    ``dearer_units``: so many units of the line, those with the lowest numbers, cost one minor unit
    more than the others (M4).
    """
    return {
        "rules": [_rule(asdict(rule)) for rule in (quote.offer.rules if quote.offer else ())],
        "lines": [_line(line) for line in quote.lines],
        "freights": [
            {"merchant_id": freight.merchant_id, "amount": freight.amount}
            for freight in quote.freights
        ],
        "goods": quote.goods,
        "discount": quote.discount,
        "shipping": quote.shipping,
        "total": quote.total,
    }


def _rule(rule: dict[str, Any]) -> dict[str, Any]:
    sentences = {"zh-CN": rule.pop("zh"), "en": rule.pop("en")}
    return {**rule, "odd_minor_on": list(rule["odd_minor_on"]), "why": sentences}


def _line(line: QuoteLine) -> dict[str, Any]:
    return {
        "sku_id": line.sku_id,
        "merchant_id": line.merchant_id,
        "quantity": line.quantity,
        "unit_price": line.unit_price,
        "discount_share": line.discount_share,
        "payable": line.payable,
        "dearer_units": line.payable.minor % line.quantity,
    }
