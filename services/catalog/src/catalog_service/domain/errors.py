"""What can go wrong in the catalogue, in people's words.

CatalogError                     409 unless stated
├── ProductNotFound              404
├── CategoryNotFound             404
├── MediaNotFound                404
├── ImportNotFound               404
├── Stale                        412
├── CodeTaken                    409
├── SlugTaken                    409
├── CategoryLoop                 409
├── NotInReview                  409
├── NotPublishable               422, with the fields that are missing
├── UnknownReference             422, with the field that names it
├── ImportUnderWay               409
└── NotReadable                  422
"""

from __future__ import annotations

from collections.abc import Mapping

Faults = Mapping[str, list[str]]


class CatalogError(Exception):
    """Something cannot be done as asked."""

    code = "catalog_error"
    status = 409


class ProductNotFound(CatalogError):
    """There is no such product, it is not for sale, or it is somebody else's."""

    code = "product_not_found"
    status = 404

    def __init__(self, product_id: str) -> None:
        super().__init__(f"There is no product {product_id}.")
        self.product_id = product_id


class CategoryNotFound(CatalogError):
    """No category has this slug, or ever had."""

    code = "category_not_found"
    status = 404

    def __init__(self, slug: str) -> None:
        super().__init__(f"There is no category {slug}.")


class MediaNotFound(CatalogError):
    """Nothing with this digest was ever put in."""

    code = "media_not_found"
    status = 404

    def __init__(self, digest: str) -> None:
        super().__init__(f"There is no picture {digest}.")


class ImportNotFound(CatalogError):
    """There is no such import, or it is somebody else's."""

    code = "import_not_found"
    status = 404

    def __init__(self, import_id: str) -> None:
        super().__init__(f"There is no import {import_id}.")


class Stale(CatalogError):
    """Somebody changed the product since it was read."""

    code = "precondition_failed"
    status = 412

    def __init__(self, product_id: str, version: int) -> None:
        super().__init__(f"The product {product_id} is at version {version} by now; read it again.")


class CodeTaken(CatalogError):
    """A SKU code, or an external id, stands for one thing of a merchant."""

    code = "code_taken"

    def __init__(self, what: str, taken: str) -> None:
        super().__init__(f"The {what} {taken} is another product's already.")


class SlugTaken(CatalogError):
    """A slug stands for one category for ever, or links would lead astray."""

    code = "slug_taken"

    def __init__(self, slug: str) -> None:
        super().__init__(f"The slug {slug} is, or was, another category's.")


class CategoryLoop(CatalogError):
    """A category cannot lie below itself, and the tree has five levels."""

    code = "category_loop"

    def __init__(self, slug: str, why: str) -> None:
        super().__init__(f"The category {slug} cannot lie there: {why}.")


class NotInReview(CatalogError):
    """An admin decides about what waits for it, and about nothing else."""

    code = "not_in_review"

    def __init__(self, product_id: str) -> None:
        super().__init__(f"The product {product_id} does not wait for a review.")


class NotPublishable(CatalogError):
    """What is missing keeps the product from being for sale."""

    code = "product_not_publishable"
    status = 422

    def __init__(self, product_id: str, faults: Faults) -> None:
        words = " ".join(word for one in faults.values() for word in one)
        super().__init__(f"The product {product_id} cannot be published: {words}")
        self.errors = faults


class UnknownReference(CatalogError):
    """A field names something that is not there."""

    code = "validation_failed"
    status = 422

    def __init__(self, field: str, why: str) -> None:
        super().__init__(f"The field {field} cannot be used: {why}")
        self.errors = {field: [why]}


class ImportUnderWay(CatalogError):
    """A merchant's files are worked through one at a time, as they may speak of the same goods."""

    code = "import_under_way"

    def __init__(self, import_id: str) -> None:
        super().__init__(f"The import {import_id} is not through yet.")


class NotReadable(CatalogError):
    """A file is not what it should be."""

    code = "file_not_readable"
    status = 422

    def __init__(self, why: str, faults: Faults | None = None) -> None:
        super().__init__(why)
        self.errors = faults
