"""An order, as far as logistics was told of it; the telling may come in any order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from logistics_service.domain.parcel import PackedLine
from logistics_service.domain.way import Way, way_of
from shop_events.values import Money, total


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderedLine:
    """So many units of a SKU, and what they cost together after discounts.

    Each unit has a number (from 0) and its own exact part of ``payable`` (M4).
    """

    line_id: str
    sku_id: str
    merchant_id: str
    quantity: int
    unit_price: Money
    payable: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """What order says when somebody places one. ``pay_by``: until then the goods are held."""

    order_id: str
    number: str
    account_id: str
    lines: tuple[OrderedLine, ...]
    delivery_method: str
    pay_by: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """Who gets the parcels and where. Names a person: never in a public event or a log."""

    recipient: str
    phone: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a confirmation adds: whether cash is due at the door, and what shipping costs."""

    on_delivery: bool
    shipping: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What was heard so far. ``cancelled`` before ``placed`` is a tombstone: nothing is reserved.

    ``asked`` are the lines somebody wants cancelled although the order is confirmed. ``forgotten``:
    who gets it was deleted, and is not kept if it is told again.
    """

    id: str
    account_id: str | None = None
    number: str | None = None
    delivery_method: str | None = None
    placed: bool = False
    confirmed: bool = False
    cancelled: bool = False
    asked: frozenset[str] = frozenset()
    lines: tuple[OrderedLine, ...] = ()
    terms: Terms | None = None
    destination: Destination | None = None
    forgotten: bool = False

    @property
    def way(self) -> Way:
        """Who brings its goods to the buyer."""
        return way_of(self.delivery_method)

    def quantity_by_sku(self) -> dict[str, int]:
        """What has to be there: lines of one SKU summed (S5), in the order of their ids (S4)."""
        wanted: dict[str, int] = {}
        for line in sorted(self.lines, key=lambda line: line.sku_id):
            wanted[line.sku_id] = wanted.get(line.sku_id, 0) + line.quantity
        return wanted

    def freight_of(self, merchant_id: str) -> Money:
        """A merchant's part of the shipping cost, by the price of its goods.

        Raises:
            ValueError: the order is not confirmed yet, or has nothing of this merchant.
        """
        if self.terms is None:
            raise ValueError(f"Nobody said yet what shipping the order {self.id} costs.")
        weights: dict[str, int] = {}
        for line in self.lines:
            goods = (line.unit_price * line.quantity).minor
            weights[line.merchant_id] = weights.get(line.merchant_id, 0) + goods
        parts = self.terms.shipping.allocate(list(weights.values()))
        return parts[list(weights).index(merchant_id)]

    def cost_of(self, units: Iterable[PackedLine]) -> Money:
        """What exactly these units cost after discounts.

        Raises:
            ValueError: the order has no such units, or is not confirmed yet.
        """
        if self.terms is None:
            raise ValueError(f"Nobody said yet what the units of the order {self.id} cost.")
        lines = {line.line_id: line for line in self.lines}
        costs = (
            lines[run.line_id].payable.of_units(
                lines[run.line_id].quantity, start=run.first_unit, count=run.quantity
            )
            for run in units
        )
        return total(costs, self.terms.shipping.currency)
