"""What can go wrong after a sale, in people's words.

AftersalesError                  409 unless stated
└── OrderNotFound                404
"""

from __future__ import annotations


class AftersalesError(Exception):
    """Something cannot be done as asked."""

    code = "aftersales_error"
    status = 409


class OrderNotFound(AftersalesError):
    """There is no such order, or it is somebody else's: nobody can tell the two apart."""

    code = "order_not_found"
    status = 404

    def __init__(self, order_id: str) -> None:
        super().__init__(f"There is no order {order_id}.")
        self.order_id = order_id
