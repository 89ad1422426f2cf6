"""Ann's mugs, bought and received. Imported by tests alone."""

from __future__ import annotations

from typing import Any, Final

from chassis.identity import Identity
from chassis.testing import Bench, shopper
from review_service.audit import problems
from shop_events import Event, Money
from shop_events.contracts.catalog import CatalogSku, LocalText, ProductChanged, ProductStatus
from shop_events.contracts.order import (
    OrderCompleted,
    OrderConfirmed,
    OrderLine,
    OrderReceived,
    ReceivedBy,
)

ORDER: Final = "o-1"

ann = shopper("ann")
bob = shopper("bob")


def a_product(*sku_ids: str, product_id: str = "p-mug", version: int = 1) -> ProductChanged:
    """What catalog says of a product."""
    price = Money.of("19.90", "CNY")
    return ProductChanged(
        product_id=product_id,
        merchant_id="m-mei",
        status=ProductStatus.PUBLISHED,
        titles=(LocalText(locale="zh-CN", text="马克杯"),),
        category_path=("home",),
        skus=tuple(
            CatalogSku(sku_id=sku_id, options=(), price=price, weight_g=400, active=True)
            for sku_id in sku_ids
        ),
        version=version,
    )


def confirmed(*sku_ids: str, order_id: str = ORDER) -> OrderConfirmed:
    """Ann bought one of each; lines are numbered from 1."""
    price, nothing = Money.of("19.90", "CNY"), Money.zero("CNY")
    lines = tuple(
        OrderLine(
            line_id=str(number),
            sku_id=sku_id,
            merchant_id="m-mei",
            quantity=1,
            unit_price=price,
            discount_share=nothing,
            payable=price,
        )
        for number, sku_id in enumerate(sku_ids, start=1)
    )
    return OrderConfirmed(
        order_id=order_id,
        number=order_id,
        account_id="ann",
        on_delivery=False,
        lines=lines,
        shipping=nothing,
        amount=price * len(lines),
    )


def received(*line_ids: str, order_id: str = ORDER) -> OrderReceived:
    """Ann has these lines."""
    return OrderReceived(
        order_id=order_id,
        account_id="ann",
        parcel_ids=("p-1",),
        line_ids=line_ids,
        shares=(),
        by=ReceivedBy.BUYER,
    )


def completed(*, order_id: str = ORDER) -> OrderCompleted:
    """Nothing about Ann's order will change."""
    return OrderCompleted(order_id=order_id, account_id="ann", line_ids=("1",))


class Board:
    """Review alone, on a bench."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench

    def hears(self, *told: Event) -> None:
        """One after the other, each once."""
        for one in told:
            self.bench.hears(one)

    def page(self, *, by: Identity = ann, **query: object) -> dict[str, Any]:
        """A page of what somebody may review."""
        answer = self.bench.client(by).get("/reviews/pending", query_string=query)
        if answer.status_code != 200:
            raise AssertionError(f"{answer.status_code}, not 200: {answer.text}")
        body: dict[str, Any] = answer.get_json()
        return body

    def pending(self, *, by: Identity = ann) -> list[tuple[str, str]]:
        """Order and line of what somebody may review."""
        return [(one["order_id"], one["order_line_id"]) for one in self.page(by=by)["items"]]

    def problems(self) -> list[str]:
        """What the auditor finds wrong."""
        with self.bench.database.read() as connection:
            return list(problems(connection, now=self.bench.clock.now()))
