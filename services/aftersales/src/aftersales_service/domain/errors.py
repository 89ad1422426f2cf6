"""What can go wrong, in people's words."""

from __future__ import annotations


class AftersalesError(Exception):
    """Something cannot be done as asked."""

    code = "aftersales_error"
    status = 409
