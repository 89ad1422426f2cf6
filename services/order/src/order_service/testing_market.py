"""Goods, delivery rates and coupons for tests: what the shop prices by itself.

`Market` is order on a bench that was told of Mei's mugs and Lan's teapots, and of how they are
delivered. Imported by tests alone.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from werkzeug.test import TestResponse

from chassis.identity import Identity
from chassis.testing import Bench, merchant
from order_service.testing import LAN, MEI, Body, ann
from shop_events import Money
from shop_events.contracts.account import MerchantChanged, MerchantStatus
from shop_events.contracts.catalog import (
    CatalogSku,
    LocalText,
    ProductChanged,
    ProductStatus,
    SkuOption,
)
from shop_events.contracts.logistics import DeliveryMethod, DeliveryRatesChanged, RateZone

HOME: Final = {
    "recipient": "Ann Marked",
    "phone": "+8613800000000",
    "country": "CN",
    "division_code": "310101",
    "line1": "1 Lilac Road",
    "postal_code": "200001",
}
LHASA: Final = "540102"

mei = merchant("mei", of=MEI)
lan = merchant("lan", of=LAN)


def a_product(
    name: str = "mug",
    *,
    of: str = MEI,
    price: str = "19.90",
    version: int = 1,
    weight_g: int = 400,
    status: ProductStatus = ProductStatus.PUBLISHED,
    **more: Any,
) -> ProductChanged:
    """What catalog says of a product with one SKU, ``sku-<name>``."""
    sku = CatalogSku(
        sku_id=f"sku-{name}",
        options=(SkuOption(name="colour", value="blue"),),
        price=Money.of(price, more.pop("currency", "CNY")),
        weight_g=weight_g,
        volume_cm3=more.pop("volume_cm3", 0),
        active=more.pop("active", True),
    )
    titles = (LocalText(locale="zh-CN", text=f"{name} 杯"), LocalText(locale="en", text=name))
    return ProductChanged(
        product_id=f"p-{name}",
        merchant_id=of,
        status=status,
        titles=more.pop("titles", titles),
        category_path=("kitchen",),
        skus=(sku,),
        version=version,
    )


def rates(*methods: DeliveryMethod, of: str = "default", version: int = 1) -> DeliveryRatesChanged:
    """What logistics says of how goods are delivered; unless told: express, post and pick-up."""
    return DeliveryRatesChanged(
        rates_id=of, methods=methods or (express(), post(), pick_up()), version=version
    )


def a_zone(first: str, *divisions: str, step: str = "2.00", free_over: str = "") -> RateZone:
    """A kilogram for ``first``, each further begun half for ``step``."""
    return RateZone(
        divisions=divisions,
        first_g=1_000,
        first=Money.of(first, "CNY"),
        step_g=500,
        step=Money.of(step, "CNY"),
        free_over=Money.of(free_over, "CNY") if free_over else None,
    )


def by_piece(zone: RateZone, *, first: int, step: int) -> RateZone:
    """The zone with its units counted instead of weighed."""
    return replace(zone, first_g=0, step_g=0, first_pieces=first, step_pieces=step)


def express(*zones: RateZone, days: int = 3, volume_divisor: int | None = None) -> DeliveryMethod:
    """Traceable, takes cash; dearer in Tibet, free from 99 yuan elsewhere."""
    return DeliveryMethod(
        code="express",
        zones=zones or (a_zone("8.00", free_over="99.00"), a_zone("18.00", "54", step="6.00")),
        days=days,
        traceable=True,
        cash_on_delivery=True,
        volume_divisor=volume_divisor,
    )


def post() -> DeliveryMethod:
    """Nobody can trace it, nobody takes cash; not to Shanghai's Huangpu."""
    return DeliveryMethod(
        code="post",
        zones=(a_zone("5.00", "31", "11"),),
        days=9,
        traceable=False,
        cash_on_delivery=False,
    )


def pick_up() -> DeliveryMethod:
    """The buyer fetches it, in Shanghai."""
    return DeliveryMethod(
        code="pick_up",
        zones=(a_zone("0.00", "31", step="0.00"),),
        days=1,
        traceable=True,
        cash_on_delivery=True,
        pick_up=True,
    )


class Market:
    """Order on a bench that knows some goods and how they are delivered."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        bench.hears(a_product("mug"))
        bench.hears(a_product("teapot", of=LAN, price="88.00", weight_g=1_200))
        bench.hears(rates())

    def asks(self, *lines: tuple[str, int], by: Identity | None = ann, **more: Any) -> TestResponse:
        """Somebody asks what goods cost: to her home, unless told otherwise."""
        if "division_code" not in more:
            more.setdefault("address", HOME)
        wanted = [{"sku_id": f"sku-{name}", "quantity": count} for name, count in lines]
        return self.bench.client(by).post("/checkout/quotes", {"lines": wanted, **more})

    def quotes(self, *lines: tuple[str, int], by: Identity | None = ann, **more: Any) -> Body:
        """The quote somebody gets."""
        answer = self.asks(*lines, by=by, **more)
        if answer.status_code != 201:
            raise AssertionError(f"{answer.status_code}: {answer.text}")
        body: Body = answer.get_json()
        return body

    def orders(self, quote: Body, *, by: Identity = ann, **more: Any) -> TestResponse:
        """Somebody orders what a quote offers."""
        body = {"quote_id": quote["id"], "payment_method": "card", **more}
        return self.bench.client(by).post("/orders", body)

    def places(self, *lines: tuple[str, int], method: str = "card", **more: Any) -> str:
        """Ann orders at once; the order's id."""
        answer = self.orders(self.quotes(*lines, **more), payment_method=method)
        if answer.status_code != 201:
            raise AssertionError(f"{answer.status_code}: {answer.text}")
        return str(answer.get_json()["id"])

    def promotes(self, *, by: Identity = mei, **more: Any) -> str:
        """A merchant offers coupons: ten yuan from a hundred on, unless told otherwise; its id."""
        answer = self.bench.client(by).post("/promotions", self.a_promotion(**more))
        if answer.status_code != 201:
            raise AssertionError(f"{answer.status_code}: {answer.text}")
        return str(answer.get_json()["id"])

    def a_promotion(self, **more: Any) -> Body:
        """The body of ``POST /promotions``; runs from now on for a month."""
        now = self.bench.clock.now()
        later = (now + timedelta(days=30)).isoformat()
        benefit = {} if "percent" in more else {"amount": yuan("10.00")}
        return {
            "title": "Ten off",
            "benefit": "percent" if "percent" in more else "amount",
            **benefit,
            "min_spend": yuan("100.00"),
            "scope": "merchant",
            "total": 100,
            "claim_from": now.isoformat(),
            "claim_until": later,
            "use_from": now.isoformat(),
            "use_until": later,
            **more,
        }

    def claims(self, promotion_id: str, *, by: Identity = ann) -> str:
        """Somebody claims a coupon; its id."""
        answer = self.bench.client(by).post(f"/coupons/{promotion_id}/claim")
        if answer.status_code != 201:
            raise AssertionError(f"{answer.status_code}: {answer.text}")
        return str(answer.get_json()["id"])

    def coupon(self, coupon_id: str, *, by: Identity = ann) -> Body:
        """A coupon as its owner sees it."""
        mine = self.bench.client(by).get("/coupons/mine").get_json()["items"]
        return next(one for one in mine if one["id"] == coupon_id)

    def suspends(self, merchant_id: str, *, version: int = 1) -> None:
        """A merchant may not sell any more."""
        status = MerchantStatus.SUSPENDED
        self.bench.hears(
            MerchantChanged(merchant_id=merchant_id, name="M", status=status, version=version)
        )


def yuan(amount: str) -> Body:
    """So many yuan, as they are sent."""
    return {"amount": amount, "currency": "CNY"}
