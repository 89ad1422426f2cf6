"""What can go wrong when a category is changed; `errors` has the rest of the tree."""

from __future__ import annotations

from catalog_service.domain.errors import CatalogError


class CategoryStale(CatalogError):
    """Somebody changed the category since the caller read it, or it is not there."""

    code = "precondition_failed"
    status = 412

    def __init__(self, slug: str) -> None:
        super().__init__(f"The category {slug} is not as it was read; read it again.")
