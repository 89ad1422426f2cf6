"""What can go wrong, in people's words."""

from __future__ import annotations


class CatalogError(Exception):
    """Something cannot be done as asked."""

    code = "catalog_error"
    status = 409
