"""What can go wrong, in people's words."""

from __future__ import annotations


class CartError(Exception):
    """Something cannot be done as asked."""

    code = "cart_error"
    status = 409
