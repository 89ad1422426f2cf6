"""The services around order, as they would behave: facts come out in causal order, and are sent.

What is sent lies in ``mail`` until the test delivers it, in whatever order it likes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from shop_events import Event, Money, new_id
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
    StockReserved,
)
from shop_events.contracts.order import (
    OrderCancellationRequested,
    OrderConfirmed,
    OrderPayable,
    OrderPaymentUnexpected,
    OrderPlaced,
    OrderRefundRequested,
    PaymentMethod,
)
from shop_events.contracts.payment import PaymentConfirmed, PaymentRefunded, PaymentRefundFailed

ENDS = ("delivered", "refused", "refused, returned", "returned", "lost", "refused, lost")


@dataclass
class Fulfilment:
    """One merchant's goods of an order; its units are numbered when they leave or are released."""

    id: str
    order_id: str
    here: Counter[str]
    numbered: Counter[str] = field(default_factory=Counter)
    gone: list[ShipmentLine] = field(default_factory=list)
    released: list[ShipmentLine] = field(default_factory=list)

    @property
    def lines(self) -> set[str]:
        """The lines it is about."""
        return set(self.here) | set(self.numbered)

    def take(self, units: Counter[str]) -> tuple[ShipmentLine, ...]:
        """These units are not here any more; each has its number now (M4)."""
        lines = tuple(
            ShipmentLine(
                line_id=line_id, sku_id="sku", quantity=count, first_unit=self.numbered[line_id]
            )
            for line_id, count in sorted(units.items())
            if count
        )
        self.numbered += units
        self.here = self.here - units
        return lines


@dataclass(frozen=True)
class Parcel:
    """Goods on their way."""

    id: str
    order_id: str
    lines: tuple[ShipmentLine, ...]


class World:
    """Logistics, carriers, banks."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.now = now
        self.mail: list[Event] = []
        self.to_reserve: list[OrderPlaced] = []
        self.payables: list[OrderPayable] = []
        self.fulfilments: list[Fulfilment] = []
        self.parcels: list[Parcel] = []
        self.asked: list[OrderCancellationRequested] = []
        self.refunds: list[OrderRefundRequested] = []

    def hear(self, said: Event) -> None:
        """Order said something."""
        match said:
            case OrderPlaced():
                self.to_reserve.append(said)
            case OrderPayable():
                self.payables.append(said)
            case OrderConfirmed():
                self._start(said)
            case OrderCancellationRequested():
                self.asked.append(said)
            case OrderRefundRequested():
                self.refunds.append(said)
            case OrderPaymentUnexpected():
                self._refunded(new_id(), said.order_id, said.amount)

    def reserve(self, placed: OrderPlaced) -> None:
        """Logistics holds the goods."""
        self.to_reserve.remove(placed)
        self.mail.append(StockReserved(order_id=placed.order_id))

    def pay(self, payable: OrderPayable, amount: Money) -> None:
        """Somebody pays, right or wrong; a buyer with two windows pays twice."""
        self.mail.append(
            PaymentConfirmed(
                payment_id=new_id(),
                order_id=payable.order_id,
                method=PaymentMethod.CARD,
                amount=amount,
            )
        )

    def release(self, fulfilment: Fulfilment) -> None:
        """What is still here stays here."""
        fulfilment.released += fulfilment.take(fulfilment.here)
        if fulfilment.released:
            self.mail.append(
                FulfilmentCancelled(
                    fulfilment_id=fulfilment.id,
                    order_id=fulfilment.order_id,
                    lines=tuple(fulfilment.released),
                )
            )

    def answer(self, asked: OrderCancellationRequested) -> None:
        """Each fulfilment with a line that was asked for says what stays and what is gone."""
        self.asked.remove(asked)
        for one in self.fulfilments:
            if one.order_id != asked.order_id:
                continue
            if set(asked.line_ids) & one.lines:
                self.release(one)
                self._refuse(one)

    def ship(self, fulfilment: Fulfilment, at_most: int) -> None:
        """A parcel leaves, with up to so many units of each line."""
        units = Counter({line: min(n, at_most) for line, n in fulfilment.here.items()})
        lines = fulfilment.take(units)
        fulfilment.gone += lines
        parcel = Parcel(id=new_id(), order_id=fulfilment.order_id, lines=lines)
        self.parcels.append(parcel)
        self.mail += [
            ParcelPacked(
                parcel_id=parcel.id,
                fulfilment_id=fulfilment.id,
                order_id=parcel.order_id,
                lines=parcel.lines,
            ),
            ParcelShipped(
                parcel_id=parcel.id,
                fulfilment_id=fulfilment.id,
                order_id=parcel.order_id,
                carrier="swift",
                waybill=parcel.id[-8:],
                lines=parcel.lines,
            ),
        ]

    def end(self, parcel: Parcel, how: str) -> None:
        """The parcel comes to one of its ``ENDS``."""
        self.parcels.remove(parcel)
        about = {"parcel_id": parcel.id, "order_id": parcel.order_id, "lines": parcel.lines}
        facts: dict[str, Event] = {
            "delivered": ParcelDelivered(**about, signed_at=self.now()),  # type: ignore[arg-type]
            "refused": ParcelRefused(**about),  # type: ignore[arg-type]
            "returned": ParcelReturned(**about),  # type: ignore[arg-type]
            "lost": ParcelLost(**about),  # type: ignore[arg-type]
        }
        self.mail += [facts[one] for one in how.split(", ")]

    def pay_back(self, refund: OrderRefundRequested, *, works: bool) -> None:
        """The bank carries a refund out, or fails and is asked again."""
        if works:
            self.refunds.remove(refund)
            self._refunded(refund.refund_id, refund.order_id, refund.amount)
        else:
            self.mail.append(
                PaymentRefundFailed(
                    refund_id=refund.refund_id,
                    payment_id="any",
                    order_id=refund.order_id,
                    amount=refund.amount,
                    code="declined",
                )
            )

    def _start(self, confirmed: OrderConfirmed) -> None:
        goods: dict[str, Counter[str]] = {}
        for line in confirmed.lines:
            goods.setdefault(line.merchant_id, Counter())[line.line_id] = line.quantity
        for merchant, units in goods.items():
            one = Fulfilment(id=new_id(), order_id=confirmed.order_id, here=units)
            self.fulfilments.append(one)
            self.mail.append(
                FulfilmentCreated(
                    fulfilment_id=one.id,
                    order_id=one.order_id,
                    merchant_id=merchant,
                    warehouse_id="main",
                    lines=lines_of(units),
                )
            )

    def _refuse(self, fulfilment: Fulfilment) -> None:
        if fulfilment.gone:
            self.mail.append(
                FulfilmentCancellationRefused(
                    fulfilment_id=fulfilment.id,
                    order_id=fulfilment.order_id,
                    lines=tuple(fulfilment.gone),
                    why="Gone.",
                )
            )

    def _refunded(self, refund_id: str, order_id: str, amount: Money) -> None:
        self.mail.append(
            PaymentRefunded(
                refund_id=refund_id, payment_id="any", order_id=order_id, amount=amount, shares=()
            )
        )


def lines_of(units: Counter[str]) -> tuple[ShipmentLine, ...]:
    """As they travel before they are numbered."""
    return tuple(
        ShipmentLine(line_id=line_id, sku_id="sku", quantity=count)
        for line_id, count in sorted(units.items())
        if count
    )
