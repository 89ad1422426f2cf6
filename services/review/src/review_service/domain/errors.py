"""What can go wrong with reviews, in people's words.

ReviewError                      409 unless stated
"""

from __future__ import annotations


class ReviewError(Exception):
    """Something cannot be done as asked."""

    code = "review_error"
    status = 409
