"""Whether catalog's books are in order, judged by its own database alone.

found = list(problems(database))      # empty: all is well
"""

from __future__ import annotations

from collections.abc import Iterator

from catalog_service.store.audit import contradictions
from shop_events import Database


def problems(database: Database) -> Iterator[str]:
    """A sentence for each thing that must not be.

    What is for sale is listed and found, and nothing else; its price, stock and sales are those of
    its SKUs; every version was kept and told, once; every plan has its deadline.
    """
    with database.read() as connection:
        yield from contradictions(connection)
