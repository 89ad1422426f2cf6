"""Mei's mugs and Lan's teapots, and how they come into the shop. Imported by tests alone.

`a_mug` and `a_teapot` give bodies as they are sent; the journeys use them too. `Stall` is catalog
on a bench with a tree of categories, and somebody to speak for the services around it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from werkzeug.test import TestResponse

from catalog_service.audit import problems
from chassis.identity import Identity
from chassis.testing import Bench, admin, merchant
from shop_events import Money
from shop_events.contracts.account import MerchantChanged, MerchantStatus
from shop_events.contracts.catalog import ProductChanged
from shop_events.contracts.logistics import (
    DeliveryMethod,
    DeliveryRatesChanged,
    RateZone,
    StockBand,
    StockLevelChanged,
)
from shop_events.contracts.order import OrderConfirmed, OrderLine

MEI: Final = "m-mei"  # sells mugs
LAN: Final = "m-lan"  # sells teapots
mei: Final = merchant("mei", of=MEI)
lan: Final = merchant("lan", of=LAN)
ada: Final = admin("ada")

DOT: Final = b'<svg xmlns="http://www.w3.org/2000/svg"><circle r="4"/></svg>'

Body = dict[str, Any]


def price(amount: str, currency: str = "CNY") -> Body:
    """An amount as it is sent."""
    return {"amount": amount, "currency": currency}


def a_sku(code: str, *, cost: str | None = "19.90", **more: Any) -> Body:
    """A SKU as it is sent; without ``cost`` nobody knows yet what it costs."""
    priced = {"price": price(cost)} if cost else {}
    return {"sku_code": code, "weight_g": 420, **priced, **more}


def a_mug(**more: Any) -> Body:
    """The body of a blue and a white mug, which Mei sells."""
    return {
        "titles": {"zh-CN": "手工马克杯", "en": "Handmade mug"},
        "descriptions": {"zh-CN": "陶土烧制，适合咖啡。"},
        "brand": "蓝窑",
        "category": "cups",
        "attributes": {"材质": "陶瓷"},
        "skus": [
            a_sku("MUG-BLUE", options={"颜色": "蓝"}),
            a_sku("MUG-WHITE", cost="17.90", options={"颜色": "白"}),
        ],
    } | more


def a_teapot(**more: Any) -> Body:
    """The body of a teapot, which Lan sells."""
    return {
        "titles": {"zh-CN": "紫砂茶壶"},
        "brand": "宜兴",
        "category": "kitchen",
        "attributes": {"材质": "紫砂"},
        "skus": [a_sku("POT", cost="188.00")],
    } | more


def a_way(code: str, *zones: RateZone, days: int = 3) -> DeliveryMethod:
    """A way to deliver, as logistics tells of it."""
    followed = code == "express"
    return DeliveryMethod(
        code=code,
        zones=zones,
        days=days,
        traceable=followed,
        cash_on_delivery=followed,
        pick_up=code == "pick_up",
    )


def a_zone(first: str, *divisions: str, free_over: str | None = None) -> RateZone:
    """A region where a kilogram costs ``first`` and each more 2.00; without divisions: the rest."""
    return RateZone(
        divisions=divisions,
        first_g=1_000,
        first=Money.of(first, "CNY"),
        step_g=1_000,
        step=Money.of("2.00", "CNY"),
        free_over=None if free_over is None else Money.of(free_over, "CNY"),
    )


class Stall:
    """Catalog on a bench, with the categories home, home > kitchen and home > kitchen > cups."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        for slug, parent, zh, en in (
            ("home", None, "居家", "Home"),
            ("kitchen", "home", "餐厨", "Kitchen"),
            ("cups", "kitchen", "杯子", "Cups"),
        ):
            self.puts_category(slug, parent, {"zh-CN": zh, "en": en})

    def puts_category(self, at: str, parent: str | None, titles: Body, **more: Any) -> TestResponse:
        """Ada arranges the category with this slug."""
        body = {"parent": parent, "titles": titles, **more}
        return self.bench.client(ada).put(f"/catalog/categories/{at}", body)

    def drafts(self, body: Body | None = None, by: Identity = mei) -> Body:
        """A merchant writes a product; the answer."""
        answer = self.bench.client(by).post("/catalog/products", a_mug() if body is None else body)
        if answer.status_code != 201:
            raise AssertionError(answer.get_data(as_text=True))
        return dict(answer.get_json())

    def sells(self, body: Body | None = None, by: Identity = mei) -> Body:
        """A merchant writes a product and puts it up for sale; it as it is then."""
        return self.publishes(self.drafts(body, by)["id"], by)

    def publishes(self, product_id: str, by: Identity = mei, **body: Any) -> Body:
        """A merchant puts a product up for sale, or plans to."""
        answer = self.bench.client(by).post(f"/catalog/products/{product_id}/publish", body)
        if answer.status_code != 200:
            raise AssertionError(answer.get_data(as_text=True))
        return dict(answer.get_json())

    def finds(self, **asked: str) -> list[str]:
        """The titles that a search gives, in its order."""
        return [item["title"] for item in self.lists(**asked)["items"]]

    def lists(self, **asked: str) -> Body:
        """The whole answer to a search; ``attr_x`` asks for ``attr.x``."""
        given = {name.replace("attr_", "attr."): text for name, text in asked.items()}
        answer = self.bench.client().get("/catalog/products", query_string=given)
        if answer.status_code != 200:
            raise AssertionError(answer.get_data(as_text=True))
        return dict(answer.get_json())

    def hears_stock(self, sku_id: str, band: str, version: int = 1) -> None:
        """Logistics told how much there is."""
        levels = {"none": 0, "low": 2, "plenty": 90}
        self.bench.hears(
            StockLevelChanged(
                sku_id=sku_id, available=levels[band], band=StockBand(band), version=version
            )
        )

    def hears_rates(self, *methods: DeliveryMethod, of: str = "default", version: int = 1) -> None:
        """Logistics told how a merchant delivers, or all who have no rates of their own."""
        self.bench.hears(DeliveryRatesChanged(rates_id=of, methods=methods, version=version))

    def hears_merchant(self, merchant_id: str, *, active: bool, version: int) -> None:
        """Account told who may sell; everything that follows from it is done."""
        status = MerchantStatus.ACTIVE if active else MerchantStatus.SUSPENDED
        self.bench.hears(
            MerchantChanged(merchant_id=merchant_id, name="Mei", status=status, version=version)
        )
        self.bench.do_chores()

    def hears_sold(self, sku_id: str, quantity: int, *, order_id: str) -> None:
        """Somebody bought something."""
        cost = Money.of("19.90", "CNY")
        line = OrderLine(
            line_id="1",
            sku_id=sku_id,
            merchant_id=MEI,
            quantity=quantity,
            unit_price=cost,
            discount_share=Money.zero("CNY"),
            payable=cost * quantity,
        )
        self.bench.hears(
            OrderConfirmed(
                order_id=order_id,
                number="261122-1",
                account_id="ann",
                on_delivery=False,
                lines=(line,),
                shipping=Money.zero("CNY"),
                amount=cost * quantity,
            )
        )

    def hands_in(self, csv: str | bytes, by: Identity = mei, **asked: str) -> TestResponse:
        """A merchant hands a file in."""
        content = csv if isinstance(csv, bytes) else csv.encode()
        return self.bench.client(by).post(
            "/catalog/imports", data=content, content_type="text/csv", query_string=asked
        )

    def imports(self, csv: str | bytes, by: Identity = mei, **asked: str) -> Body:
        """A merchant hands a file in, and the worker works it through; what became of it."""
        answer = self.hands_in(csv, by, **asked)
        if answer.status_code != 202:
            raise AssertionError(answer.get_data(as_text=True))
        self.bench.do_chores()
        found = self.bench.client(by).get(f"/catalog/imports/{answer.get_json()['id']}")
        return dict(found.get_json())

    def told(self, product_id: str) -> list[ProductChanged]:
        """What others were told of a product, in order."""
        every = self.bench.said(ProductChanged)
        return [event for event in every if event.product_id == product_id]

    def problems(self) -> list[str]:
        """What the audit finds."""
        return list(problems(self.bench.database))


def csv_of(*rows: Sequence[str], columns: str) -> str:
    """A file with these columns (joined by commas) and rows."""
    return "\n".join([columns, *(",".join(row) for row in rows)]) + "\n"


def at(instant: datetime) -> str:
    """An instant as it is sent."""
    return instant.isoformat().replace("+00:00", "Z")
