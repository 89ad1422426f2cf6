"""Deadlines."""

from typing import Final

PUBLISH: Final = "catalog.publish"  # by product: it is to be for sale from now on
