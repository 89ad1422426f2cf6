"""What can go wrong with a cart, in the shopper's words.

CartError                        409 unless stated
├── LineNotFound                 404
├── SkuNotFound                  404
├── NotForSale                   409
├── OutOfStock                   409
├── CartFull                     409
├── CartGone                     409, come again
└── NotAVariant                  422
"""

from __future__ import annotations


class CartError(Exception):
    """Something about a cart cannot be done as asked."""

    code = "cart_error"
    status = 409


class LineNotFound(CartError):
    """There is no such line, or it lies in somebody else's cart: nobody can tell the two apart."""

    code = "cart_line_not_found"
    status = 404

    def __init__(self, line_id: str) -> None:
        super().__init__(f"The cart has no line {line_id[:64]}.")
        self.line_id = line_id


class SkuNotFound(CartError):
    """There is no such SKU, or it was never offered to anybody."""

    code = "sku_not_found"
    status = 404

    def __init__(self, sku_id: str) -> None:
        super().__init__(f"There is no SKU {sku_id}.")
        self.errors = {"sku_id": ["There is no such SKU."]}


class NotForSale(CartError):
    """Its merchant sells it no more."""

    code = "not_for_sale"

    def __init__(self, sku_id: str) -> None:
        super().__init__(f"The SKU {sku_id} is not for sale at present.")
        self.errors = {"sku_id": ["It is not for sale at present."]}


class OutOfStock(CartError):
    """Not one unit of it can be had now."""

    code = "out_of_stock"

    def __init__(self, sku_id: str) -> None:
        super().__init__(f"The SKU {sku_id} is sold out.")
        self.errors = {"sku_id": ["It is sold out."]}


class CartFull(CartError):
    """The cart has as many lines as a cart may have."""

    code = "cart_full"

    def __init__(self, most: int) -> None:
        super().__init__(f"The cart has {most} lines already, and no more fit in.")


class CartGone(CartError):
    """A guest's cart ended while it was being changed: it was merged, or it had been unused."""

    code = "cart_gone"
    retry_after_s = 1

    def __init__(self) -> None:
        super().__init__("The guest's cart ended a moment ago; ask again and get a new one.")


class NotAVariant(CartError):
    """A line can change to another SKU of its own product only."""

    code = "not_a_variant"
    status = 422

    def __init__(self, sku_id: str, product_id: str) -> None:
        super().__init__(f"The SKU {sku_id} is no variant of the product {product_id}.")
        self.errors = {"sku_id": ["It is no variant of the line's product."]}
