"""What can go wrong, in people's words."""

from __future__ import annotations


class ReviewError(Exception):
    """Something cannot be done as asked."""

    code = "review_error"
    status = 409
