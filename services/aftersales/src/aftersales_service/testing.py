"""Ann's mugs and teapot, on their way and there. Imported by tests alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from werkzeug.test import TestResponse

from aftersales_service.audit import problems
from chassis.identity import Identity
from chassis.testing import Bench, shopper
from shop_events import Event, Money
from shop_events.contracts.logistics import ParcelDelivered, ShipmentLine
from shop_events.contracts.order import (
    CancelReason,
    OrderCancelled,
    OrderCompleted,
    OrderConfirmed,
    OrderLine,
    OrderReceived,
    ReceivedBy,
)

ORDER: Final = "o-1"
Units = Mapping[str, int]  # by line id

ann = shopper("ann")
bob = shopper("bob")


def a_line(line_id: str, quantity: int) -> OrderLine:
    """So many mugs at 19.90."""
    price = Money.of("19.90", "CNY")
    return OrderLine(
        line_id=line_id,
        sku_id=f"sku-{line_id}",
        merchant_id="m-mei",
        quantity=quantity,
        unit_price=price,
        discount_share=Money.zero("CNY"),
        payable=price * quantity,
    )


def confirmed(units: Units, *, order_id: str = ORDER) -> OrderConfirmed:
    """Ann's order is to be packed."""
    lines = tuple(a_line(line_id, quantity) for line_id, quantity in units.items())
    return OrderConfirmed(
        order_id=order_id,
        number=order_id,
        account_id="ann",
        on_delivery=False,
        lines=lines,
        shipping=Money.zero("CNY"),
        amount=Money.of("19.90", "CNY") * sum(units.values()),
    )


def received(*parcel_ids: str, order_id: str = ORDER) -> OrderReceived:
    """Ann has these parcels."""
    return OrderReceived(
        order_id=order_id,
        account_id="ann",
        parcel_ids=parcel_ids,
        line_ids=("1",),
        shares=(),
        by=ReceivedBy.BUYER,
    )


def completed(*, order_id: str = ORDER) -> OrderCompleted:
    """Nothing about Ann's order will change."""
    return OrderCompleted(order_id=order_id, account_id="ann", line_ids=("1",))


def cancelled(*, order_id: str = ORDER) -> OrderCancelled:
    """Ann's order is over."""
    return OrderCancelled(
        order_id=order_id, account_id="ann", reason=CancelReason.MERCHANT, lines=()
    )


class Desk:
    """Aftersales alone, on a bench."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench

    def hears(self, *told: Event) -> None:
        """One after the other, each once."""
        for one in told:
            self.bench.hears(one)

    def delivered(self, parcel_id: str, units: Units, *, order_id: str = ORDER) -> ParcelDelivered:
        """A parcel was signed for just now."""
        lines = tuple(
            ShipmentLine(line_id=line_id, sku_id=f"sku-{line_id}", quantity=quantity, first_unit=0)
            for line_id, quantity in units.items()
        )
        return ParcelDelivered(
            parcel_id=parcel_id,
            order_id=order_id,
            lines=lines,
            signed_at=self.bench.clock.now(),
        )

    def asks(self, order_id: str = ORDER, *, by: Identity | None = ann) -> TestResponse:
        """Somebody asks what may be sent back."""
        query = {"order_id": order_id}
        return self.bench.client(by).get("/aftersales/eligible", query_string=query)

    def returnable(self, order_id: str = ORDER) -> dict[str, int]:
        """What Ann may send back, by line id."""
        answer: dict[str, Any] = self.asks(order_id).get_json()
        return {line["order_line_id"]: line["returnable"] for line in answer["lines"]}

    def problems(self) -> list[str]:
        """What the auditor finds wrong."""
        with self.bench.database.read() as connection:
            return list(problems(connection))
