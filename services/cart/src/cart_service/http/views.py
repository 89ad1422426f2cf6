"""A cart as the outside sees it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from flask import request

from cart_service.domain.cart import Cart
from cart_service.domain.line import Line, Notice
from cart_service.usecases.open_cart import Changed

HOME_LOCALE: Final = "zh-CN"
_NO_CART: Final[dict[str, Any]] = {"id": None, "lines": [], "subtotal": None, "subtotals": []}


def cart_view(changed: Changed) -> dict[str, Any]:
    """A cart, see `schemas.CartAnswer`; an empty one for somebody who has none."""
    shown = _NO_CART if changed.cart is None else _cart_view(changed.cart)
    token = {} if changed.token is None else {"token": changed.token}
    return {**shown, **token, "notices": [_notice_view(one) for one in changed.notices]}


def _cart_view(cart: Cart) -> dict[str, Any]:
    return {
        "id": cart.id,
        "lines": [_line_view(line) for line in cart.lines],
        "subtotal": cart.subtotal,
        "subtotals": cart.subtotals,
    }


def _line_view(line: Line) -> dict[str, Any]:
    goods = line.goods
    return {
        "id": line.id,
        "sku_id": goods.sku_id,
        "product_id": goods.product_id,
        "merchant_id": goods.merchant_id,
        "title": _title(goods.titles) or goods.sku_id,
        "options": [{"name": name, "value": value} for name, value in goods.options],
        "image": goods.image,
        "quantity": line.quantity,
        "selected": line.selected,
        "price_seen": line.price_seen,
        "price": goods.price,
        "changed": line.changes,
        "available": goods.band,
        "line_total": line.total,
    }


def _notice_view(notice: Notice) -> dict[str, Any]:
    return {
        "code": notice.why,
        "sku_id": notice.sku_id,
        "wanted": notice.wanted,
        "given": notice.given,
    }


def _title(titles: Mapping[str, str]) -> str | None:
    """In the language asked for, else in Chinese, else in any."""
    wanted = request.accept_languages.best_match(list(titles))
    return titles.get(wanted or HOME_LOCALE) or next(iter(titles.values()), None)
