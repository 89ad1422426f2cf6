"""Mugs in two colours, and people with carts. Imported by tests alone.

`a_product` and `a_level` are what catalog and logistics say of goods; the journeys use them too.
`Stall` is cart on a bench, with somebody to speak for the services around it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from werkzeug.test import TestResponse

from cart_service.audit import problems
from chassis.identity import Identity
from chassis.testing import Bench, shopper
from shop_events import Money
from shop_events.contracts.catalog import (
    CatalogSku,
    LocalText,
    ProductChanged,
    ProductStatus,
    SkuOption,
)
from shop_events.contracts.logistics import StockBand, StockLevelChanged
from shop_events.contracts.order import OrderLine, OrderPlaced, PaymentMethod

BLUE: Final = "sku-mug-blue"
RED: Final = "sku-mug-red"
TEAPOT: Final = "sku-teapot"
MUG: Final = "p-mug"
LOW: Final = 10  # units; from there on logistics says plenty

ann = shopper("ann")
bob = shopper("bob")

Body = dict[str, Any]
_ANY_TIME: Final = datetime(2026, 11, 22, 9, tzinfo=UTC)


def cny(amount: str) -> Money:
    """So many yuan."""
    return Money.of(amount, "CNY")


def a_sku(sku_id: str, price: Money, *, active: bool = True) -> CatalogSku:
    """One colour of something; the id ends in the colour."""
    colour = SkuOption(name="colour", value=sku_id.rpartition("-")[2])
    return CatalogSku(sku_id=sku_id, options=(colour,), price=price, weight_g=400, active=active)


def a_product(
    product_id: str = MUG,
    *skus: CatalogSku,
    version: int = 1,
    status: ProductStatus = ProductStatus.PUBLISHED,
) -> ProductChanged:
    """What catalog says of a product; of a blue and a red mug, unless ``skus`` are given."""
    mugs = (a_sku(BLUE, cny("19.90")), a_sku(RED, cny("21.90")))
    return ProductChanged(
        product_id=product_id,
        merchant_id="m-mei",
        status=status,
        titles=(LocalText(locale="zh-CN", text="马克杯"), LocalText(locale="en", text="A mug")),
        category_path=("home",),
        skus=skus or mugs,
        version=version,
    )


def a_level(sku_id: str, available: int, *, version: int = 1) -> StockLevelChanged:
    """What logistics says of a SKU's stock."""
    few = StockBand.LOW if available else StockBand.NONE
    band = StockBand.PLENTY if available >= LOW else few
    return StockLevelChanged(sku_id=sku_id, available=available, band=band, version=version)


def an_order(order_id: str, units: Mapping[str, int], *, by: str = "ann") -> OrderPlaced:
    """What order says when somebody bought these units, by SKU."""
    price = cny("19.90")
    lines = tuple(
        OrderLine(
            line_id=str(number),
            sku_id=sku_id,
            merchant_id="m-mei",
            quantity=quantity,
            unit_price=price,
            discount_share=cny("0.00"),
            payable=price * quantity,
        )
        for number, (sku_id, quantity) in enumerate(units.items(), start=1)
    )
    return OrderPlaced(
        order_id=order_id,
        number=order_id,
        account_id=by,
        lines=lines,
        shipping=cny("0.00"),
        total=price * sum(units.values()),
        delivery_method="express",
        division_code="310101",
        payment_method=PaymentMethod.CARD,
        pay_by=_ANY_TIME,
    )


class Visitor:
    """Somebody with a cart: an account, or a guest who keeps the token that came."""

    def __init__(self, bench: Bench, identity: Identity | None = None, token: str = "") -> None:
        self._client = bench.client(identity)
        self.token = token

    def sends(self, method: str, path: str, body: object = None, **headers: str) -> TestResponse:
        """Any request to the cart, with the token; header names with ``_`` for ``-``."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        token = {"X-Cart-Token": self.token} if self.token else {}
        answer = self._client.send(method, f"/cart{path}", body, headers={**token, **sent})
        self.token = answer.headers.get("X-Cart-Token", self.token)
        return answer

    def sees(self, **headers: str) -> Body:
        """The cart."""
        return _body(self.sends("GET", "", **headers))

    def adds(self, sku_id: str = BLUE, quantity: int = 1, **headers: str) -> Body:
        """Puts units in."""
        body = {"sku_id": sku_id, "quantity": quantity}
        return _body(self.sends("POST", "/lines", body, **headers))

    def changes(self, line_id: str, **change: object) -> Body:
        """Gives a line another quantity, SKU or tick."""
        return _body(self.sends("PATCH", f"/lines/{line_id}", change))

    def removes(self, line_id: str) -> int:
        """Takes a line out; the status."""
        return self.sends("DELETE", f"/lines/{line_id}").status_code

    def accepts(self) -> Body:
        """Agrees to all changes."""
        return _body(self.sends("POST", "/accept-changes"))

    def merges(self, token: str, **chosen: str) -> Body:
        """Keeps what is in a guest's cart."""
        return _body(self.sends("POST", "/merge", {"cart_token": token, **chosen}))

    def line(self, sku_id: str = BLUE) -> Body:
        """The line of a SKU."""
        return next(line for line in self.sees()["lines"] if line["sku_id"] == sku_id)

    def units(self) -> dict[str, int]:
        """How many units of what there are."""
        return {line["sku_id"]: line["quantity"] for line in self.sees()["lines"]}


class Stall:
    """Cart alone, on a bench; catalog, logistics and order are put into its ears."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self._versions: dict[str, int] = {}

    def opens(self) -> None:
        """Mugs at 19.90 and 21.90, twenty of each; a teapot at 88.00, twenty of it too."""
        self.sells()
        self.sells("p-teapot", a_sku(TEAPOT, cny("88.00")))
        for sku_id in (BLUE, RED, TEAPOT):
            self.stocks(sku_id, 20)

    def sells(
        self,
        product_id: str = MUG,
        *skus: CatalogSku,
        status: ProductStatus = ProductStatus.PUBLISHED,
    ) -> None:
        """Catalog tells of a product as it is now."""
        version = self._next(product_id)
        self.bench.hears(a_product(product_id, *skus, version=version, status=status))

    def stocks(self, sku_id: str, available: int) -> None:
        """Logistics tells how many there are now."""
        self.bench.hears(a_level(sku_id, available, version=self._next(sku_id)))

    def guest(self, token: str = "") -> Visitor:
        """Somebody without an account."""
        return Visitor(self.bench, token=token)

    def of(self, identity: Identity) -> Visitor:
        """Somebody who signed in."""
        return Visitor(self.bench, identity)

    def problems(self) -> list[str]:
        """What the auditor finds wrong."""
        with self.bench.database.read() as connection:
            return list(problems(connection, now=self.bench.clock.now()))

    def passes(self, days: float) -> None:
        """Time passes, and the sweep comes by."""
        self.bench.advance(timedelta(days=days).total_seconds())
        self.bench.do_chores()

    def _next(self, about: str) -> int:
        self._versions[about] = self._versions.get(about, 0) + 1
        return self._versions[about]


def _body(answer: TestResponse) -> Body:
    if answer.status_code != 200:
        raise AssertionError(f"{answer.status_code}, not 200: {answer.text}")
    body: Body = answer.get_json()
    return body
