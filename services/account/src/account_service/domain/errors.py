"""What can go wrong, in people's words."""

from __future__ import annotations


class AccountError(Exception):
    """Something cannot be done as asked."""

    code = "account_error"
    status = 409
