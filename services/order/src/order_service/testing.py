"""Ann, her mugs, and all that may happen to an order of hers. Imported by tests alone.

`a_mug`, `a_teapot` and `a_quote` give bodies as they are sent; the journeys use them too. `Shop`
is order on a bench, with somebody to speak for the services around it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from werkzeug.test import TestResponse

from chassis.identity import Identity
from chassis.testing import Bench, shopper
from order_service.audit import OrderFacts, facts, problems
from order_service.store import waits
from shop_events import Money
from shop_events.contracts.logistics import (
    FulfilmentCancellationRefused,
    FulfilmentCancelled,
    FulfilmentCreated,
    ParcelDelivered,
    ParcelLost,
    ParcelPacked,
    ParcelRefused,
    ParcelReturned,
    ParcelShipped,
    ShipmentLine,
    Shortage,
    StockRejected,
    StockReserved,
)
from shop_events.contracts.order import OrderPlaced, OrderRefundRequested, PaymentMethod
from shop_events.contracts.payment import PaymentConfirmed, PaymentRefunded, PaymentRefundFailed

MEI: Final = "m-mei"  # a merchant who sells mugs
LAN: Final = "m-lan"  # another, who sells teapots
HOME: Final = {
    "recipient": "Ann Marked",
    "phone": "+8613800000000",
    "division_code": "310101",
    "address": "1 Lilac Road",
}

ann = shopper("ann")
bob = shopper("bob")

Units = Mapping[str, int]  # by line id
Body = dict[str, Any]


def a_mug(quantity: int = 1, *, price: str = "19.90", currency: str = "CNY") -> Body:
    """A line of mugs, which Mei sells."""
    return _line("sku-mug", MEI, "A mug", quantity, {"amount": price, "currency": currency})


def a_teapot(quantity: int = 1, *, price: str = "88.00", currency: str = "CNY") -> Body:
    """A line of teapots, which Lan sells."""
    return _line("sku-teapot", LAN, "A teapot", quantity, {"amount": price, "currency": currency})


def a_quote(*lines: Body, discount: str = "0.00", shipping: str = "0.00") -> Body:
    """The body of ``POST /dev/quotes``; of one mug, unless ``lines`` are given."""
    return {
        "lines": list(lines) or [a_mug()],
        "discount": {"amount": discount, "currency": "CNY"},
        "shipping": {"amount": shipping, "currency": "CNY"},
        "delivery_method": "express",
        "destination": HOME,
    }


class Shop:
    """Order alone, on a bench; the other services' words are put into its ears."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench

    def quotes(self, *lines: Body, by: Identity = ann, **amounts: str) -> str:
        """Somebody has a quote; its id."""
        quote = a_quote(*lines, **amounts)
        return str(_body(self.bench.client(by).post("/dev/quotes", quote), 201)["id"])

    def places(self, *lines: Body, by: Identity = ann, method: str = "card", **amounts: str) -> str:
        """Somebody places an order; its id."""
        wanted = {"quote_id": self.quotes(*lines, by=by, **amounts), "payment_method": method}
        return str(_body(self.bench.client(by).post("/orders", wanted), 201)["id"])

    def confirms(
        self,
        *lines: Body,
        method: str = "card",
        discount: str = "0.00",
        shipping: str = "0.00",
    ) -> str:
        """Ann's order, reserved and, unless it is paid at the door, paid; its id."""
        order_id = self.places(*lines, method=method, discount=discount, shipping=shipping)
        self.reserves(order_id)
        if method != PaymentMethod.CASH_ON_DELIVERY:
            self.pays(order_id)
        return order_id

    def reserves(self, order_id: str) -> None:
        """Logistics holds the goods."""
        self.bench.hears(StockReserved(order_id=order_id))

    def rejects(self, order_id: str) -> None:
        """Logistics has too few."""
        short = Shortage(sku_id="sku-mug", wanted=1, available=0)
        self.bench.hears(StockRejected(order_id=order_id, shortages=(short,)))

    def pays(self, order_id: str, payment: str = "", *, amount: Money | None = None) -> None:
        """Payment captured the order's total, or ``amount``."""
        self.bench.hears(
            PaymentConfirmed(
                payment_id=payment or f"pay-{order_id}",
                order_id=order_id,
                method=PaymentMethod.CARD,
                amount=self.total(order_id) if amount is None else amount,
            )
        )

    def starts(self, order_id: str, fulfilment: str, units: Units, *, merchant: str = MEI) -> None:
        """Logistics begins to work on a merchant's part."""
        self.bench.hears(
            FulfilmentCreated(
                fulfilment_id=fulfilment,
                order_id=order_id,
                merchant_id=merchant,
                warehouse_id="main",
                lines=_units(units),
            )
        )

    def keeps(self, order_id: str, fulfilment: str, units: Units) -> None:
        """Logistics cancels what is still here of a fulfilment."""
        lines = _units(units)
        self.bench.hears(
            FulfilmentCancelled(fulfilment_id=fulfilment, order_id=order_id, lines=lines)
        )

    def will_not_keep(self, order_id: str, fulfilment: str, units: Units) -> None:
        """Logistics refuses to cancel what is gone of a fulfilment."""
        self.bench.hears(
            FulfilmentCancellationRefused(
                fulfilment_id=fulfilment,
                order_id=order_id,
                lines=_units(units),
                why="It left the warehouse already.",
            )
        )

    def packs(self, order_id: str, parcel: str, units: Units, *, fulfilment: str = "f-1") -> None:
        """A parcel waits for its carrier."""
        self.bench.hears(
            ParcelPacked(
                parcel_id=parcel, fulfilment_id=fulfilment, order_id=order_id, lines=_units(units)
            )
        )

    def ships(self, order_id: str, parcel: str, units: Units, *, fulfilment: str = "f-1") -> None:
        """A parcel is on its way."""
        self.bench.hears(
            ParcelShipped(
                parcel_id=parcel,
                fulfilment_id=fulfilment,
                order_id=order_id,
                carrier="swift",
                waybill=f"W-{parcel}",
                lines=_units(units),
            )
        )

    def delivers(
        self, order_id: str, parcel: str, units: Units, *, signed_ago: timedelta = timedelta(0)
    ) -> None:
        """A parcel is signed for."""
        self.bench.hears(
            ParcelDelivered(
                parcel_id=parcel,
                order_id=order_id,
                lines=_units(units),
                signed_at=self.bench.clock.now() - signed_ago,
            )
        )

    def refuses(self, order_id: str, parcel: str, units: Units) -> None:
        """Nobody takes a parcel at the door."""
        self.bench.hears(ParcelRefused(parcel_id=parcel, order_id=order_id, lines=_units(units)))

    def loses(self, order_id: str, parcel: str, units: Units) -> None:
        """The carrier gives a parcel up."""
        self.bench.hears(ParcelLost(parcel_id=parcel, order_id=order_id, lines=_units(units)))

    def brings_back(self, order_id: str, parcel: str, units: Units) -> None:
        """A parcel is in the warehouse again."""
        self.bench.hears(ParcelReturned(parcel_id=parcel, order_id=order_id, lines=_units(units)))

    def pays_back(self, refund: OrderRefundRequested) -> None:
        """Payment carried a refund out."""
        self.bench.hears(
            PaymentRefunded(
                refund_id=refund.refund_id,
                payment_id=f"pay-{refund.order_id}",
                order_id=refund.order_id,
                amount=refund.amount,
                shares=refund.shares,
            )
        )

    def pays_all_back(self) -> None:
        """Payment carried out every refund that was asked for."""
        for refund in self.refunds():
            self.pays_back(refund)

    def fails_to_pay_back(self, refund: OrderRefundRequested) -> None:
        """The provider would not carry a refund out."""
        self.bench.hears(
            PaymentRefundFailed(
                refund_id=refund.refund_id,
                payment_id=f"pay-{refund.order_id}",
                order_id=refund.order_id,
                amount=refund.amount,
                code="declined",
            )
        )

    def cancels(self, order_id: str, *, by: Identity = ann) -> TestResponse:
        """Somebody asks to cancel."""
        return self.bench.client(by).post(f"/orders/{order_id}/cancel")

    def receives(
        self, order_id: str, *, parcel: str | None = None, by: Identity = ann
    ) -> TestResponse:
        """Somebody says that the goods are there."""
        body = None if parcel is None else {"parcel_id": parcel}
        return self.bench.client(by).post(f"/orders/{order_id}/confirm-receipt", body)

    def sees(self, order_id: str, *, by: Identity = ann) -> Body:
        """The order as its buyer sees it."""
        return _body(self.bench.client(by).get(f"/orders/{order_id}"), 200)

    def status(self, order_id: str) -> str:
        """What is written on Ann's page of the order."""
        return str(self.sees(order_id)["status"])

    def total(self, order_id: str) -> Money:
        """What the order costs."""
        return next(one.total for one in self.bench.said(OrderPlaced) if one.order_id == order_id)

    def refunds(self) -> list[OrderRefundRequested]:
        """Every refund that was asked for."""
        return self.bench.said(OrderRefundRequested)

    def deadlines(self, key: str) -> list[str]:
        """The kinds of the deadlines that are set for an order or a parcel."""
        with self.bench.database.read() as connection:
            return [kind for kind, _ in waits.set_for(connection, [key])[key]]

    def facts(self, order_id: str) -> OrderFacts:
        """What the auditor is told of the order."""
        with self.bench.database.read() as connection:
            return next(one for one in facts(connection) if one.order_id == order_id)

    def problems(self) -> list[str]:
        """What the auditor finds wrong."""
        with self.bench.database.read() as connection:
            return list(problems(connection, now=self.bench.clock.now()))


def cny(amount: str) -> Money:
    """So many yuan."""
    return Money.of(amount, "CNY")


def _body(answer: TestResponse, status: int) -> Body:
    if answer.status_code != status:
        raise AssertionError(f"{answer.status_code}, not {status}: {answer.text}")
    body: Body = answer.get_json()
    return body


def _line(sku_id: str, merchant_id: str, name: str, quantity: int, price: Body) -> Body:
    return {
        "sku_id": sku_id,
        "merchant_id": merchant_id,
        "name": name,
        "quantity": quantity,
        "unit_price": price,
    }


def _units(units: Units) -> tuple[ShipmentLine, ...]:
    return tuple(
        ShipmentLine(line_id=line_id, sku_id="sku-mug", quantity=quantity)
        for line_id, quantity in units.items()
    )
