"""What is not as it was when a quote was made. The buyer sees it and agrees, or takes a new quote.

Whatever the buyer agrees to, an order costs what its quote said: the quote is a promise for ten
minutes. What was agreed to is kept with the order as evidence (FEATURES "consent for change").
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from order_service.domain.catalogue import AT_HOME, Sku
from order_service.domain.delivery import Way
from order_service.domain.explanation import as_people_read
from order_service.domain.quote import Quote, QuoteLine


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference. ``id`` names it with its present value: a further change needs a new word.

    What is not ``acceptable`` cannot be agreed to: it is not for sale, or not delivered, any more.
    """

    id: str
    kind: str  # price, goods, shipping, gone, delivery
    about: str
    was: str
    now: str
    acceptable: bool = True

    def told(self) -> dict[str, Any]:
        """As it is answered and kept."""
        return asdict(self)


def changes_since(quote: Quote, skus: Mapping[str, Sku], way: Way | None) -> list[Change]:
    """How goods and delivery differ now from what was quoted; a given quote never changes."""
    if quote.offer is None:
        return []
    found = [change for line in quote.lines for change in _of_line(line, skus.get(line.sku_id))]
    return found + _of_delivery(quote, way)


def _of_line(line: QuoteLine, sku: Sku | None) -> list[Change]:
    if sku is None or not sku.sold:
        gone = Change(
            id=f"gone:{line.sku_id}",
            kind="gone",
            about=line.sku_id,
            was=line.name,
            now="",
            acceptable=False,
        )
        return [gone]
    if line.goods is None or line.goods.version == sku.goods.version:
        return []
    found = []
    if line.unit_price != sku.price:
        was, now = as_people_read(line.unit_price), as_people_read(sku.price)
        identity = f"price:{line.sku_id}:{sku.price.minor}"
        found.append(Change(id=identity, kind="price", about=line.sku_id, was=was, now=now))
    if (dict(line.goods.titles), line.goods.options) != (dict(sku.goods.titles), sku.goods.options):
        identity, now = f"goods:{line.sku_id}:{sku.goods.version}", sku.goods.title(AT_HOME)
        found.append(Change(id=identity, kind="goods", about=line.sku_id, was=line.name, now=now))
    return found


def _of_delivery(quote: Quote, way: Way | None) -> list[Change]:
    code, was = quote.delivery_method, as_people_read(quote.shipping)
    if way is None:
        gone = Change(
            id=f"delivery:{code}", kind="delivery", about=code, was=was, now="", acceptable=False
        )
        return [gone]
    if way.price == quote.shipping:
        return []
    identity, now = f"shipping:{code}:{way.price.minor}", as_people_read(way.price)
    return [Change(id=identity, kind="shipping", about=code, was=was, now=now)]
