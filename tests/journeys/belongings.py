"""What a buyer and her merchant have in the town; each thing is made the way people make it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from shop_events import new_id
from tests.journeys.grounds import Said
from tests.journeys.townsfolk import CLERKS, NOBODY, PASSWORD, Town
from tests.support import eventually

CATEGORY: Final = "cups"
TITLES: Final = {"zh-CN": "手工杯子", "en": "A cup made by hand"}
TEXTS: Final = {"zh-CN": "手工制作", "en": "Made by hand."}
PICTURE: Final = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" id="%s"/>'
GOODS: Final = b"product_id,title_zh,sku_code,price\nX1,X,X1-1,9.90\n"
HOME: Final = {
    "recipient": "王安",
    "phone": "+8613800138000",
    "country": "CN",
    "division_code": "310115",
    "line1": "世纪大道 1 号 2 室",
}
CARRIER: Final = "pretend"
GOOD_CARD: Final = "tok_visa"
ASKS_FIRST: Final = "pm_card_authenticationRequired"
WITHIN_S: Final = 20.0
CARD: Final = {"method": "card", "card_token": GOOD_CARD}


def cny(amount: str) -> dict[str, str]:
    """An amount as it is written in bodies."""
    return {"amount": amount, "currency": "CNY"}


def order(town: Town, who: str, quote: str, **more: str) -> Said:
    """What somebody is answered who orders what the quote says."""
    return town.ask(who, "POST /orders", {"quote_id": quote, "payment_method": "card"} | more)


def refund(order_id: str, amount: str) -> dict[str, Any]:
    """So much of the first line is to be paid back."""
    share = {"merchant_id": "m-clay", "line_id": "1", "amount": cny(amount)}
    return {"order_id": order_id, "reason": "because", "shares": [share]}


@dataclass
class Household:
    """A buyer, the clerk who sells to her, and all that they have."""

    town: Town
    buyer: str
    clerk: str
    last_order: str = ""
    _kept: dict[str, str] = field(default_factory=dict)

    def have(self, kind: str) -> str:
        """The id of a thing of this kind, which may serve several purposes; of a "new" one."""
        if kind.startswith("new "):
            return self.make(kind.removeprefix("new "))
        if kind not in self._kept:
            self._kept[kind] = self.make(kind)
        return self._kept[kind]

    def make(self, kind: str) -> str:
        """The id of a new one."""
        maker: Callable[[], str] = getattr(self, f"_{kind}")
        return maker()

    def _account(self) -> str:
        return str(self.town.get(self.buyer, "GET /account/me")["id"])

    def _merchant(self) -> str:
        return CLERKS[self.clerk]

    def _email(self) -> str:
        return f"{self.buyer}@town.example"

    def _customer(self) -> str:
        """The account of somebody else, for what an admin does with accounts."""
        body = {"email": f"c-{new_id()}@town.example", "password": PASSWORD, "display_name": "C"}
        return str(self.town.get(NOBODY, "POST /dev/accounts", body)["id"])

    def _address(self) -> str:
        return str(self.town.get(self.buyer, "POST /account/addresses", HOME)["id"])

    def _session(self) -> str:
        """One of several, so that ending it signs nobody out here."""
        self.town.sign_in(self.buyer)
        found = self.town.get(self.buyer, "GET /auth/sessions")["items"]
        return next(str(one["id"]) for one in found if not one["current"])

    def _refresh_token(self) -> str:
        return str(self.town.sign_in(self.buyer)["refresh_token"])

    def _notification(self) -> str:
        self.have("order")
        found = eventually(lambda: self.town.get(self.buyer, "GET /notifications")["items"])
        return str(found[0]["id"])

    # What the merchant has.

    def _picture(self) -> str:
        picture = PICTURE % new_id().encode()
        call, kind = "POST /catalog/media", {"Content_Type": "image/svg+xml"}
        return str(self.town.get(self.clerk, call, picture, **kind)["digest"])

    def _draft(self) -> str:
        body = {"titles": TITLES, "skus": [{"sku_code": new_id()}]}
        return str(self.town.get(self.clerk, "POST /catalog/products", body)["id"])

    def _product(self) -> str:
        """For sale, and ten thousand of it are there; see `_sku`."""
        made = self.sell(10_000)
        self._kept["sku"] = str(made["skus"][0]["sku_id"])
        return str(made["id"])

    def sell(self, on_hand: int) -> Any:
        """A new product that is for sale; so many of it are there."""
        call = f"PUT /catalog/categories/{CATEGORY}"
        self.town.get("ada", call, {"titles": {"zh-CN": "杯子", "en": "Cups"}})
        sku = {"sku_id": f"cup-{new_id()}", "sku_code": new_id(), "price": cny("20.00")}
        body = {
            "titles": TITLES,
            "descriptions": TEXTS,
            "category": CATEGORY,
            "images": [self.make("picture")],
            "skus": [{**sku, "weight_g": 300}],
            "publish": True,
        }
        made = self.town.get(self.clerk, "POST /dev/products", body)
        stock = f"POST /stock/{made['skus'][0]['sku_id']}/movements"
        received = {"type": "received", "quantity": on_hand, "reason": "delivery"}
        self.town.soon(self.clerk, stock, received)
        self.town.rest()
        return made

    def _category(self) -> str:
        self.have("product")
        return CATEGORY

    def _hidden_sku(self) -> str:
        """Of a product that is not for sale yet."""
        draft = self.town.get(self.clerk, f"GET /merchant/products/{self.have('draft')}")
        self.town.rest()
        return str(draft["skus"][0]["sku_id"])

    def _sku(self) -> str:
        self.have("product")
        return self._kept["sku"]

    def _import(self) -> str:
        """A merchant has one at a time."""
        call, kind = "POST /catalog/imports?dry_run=true", {"Content_Type": "text/csv"}
        return str(self.town.soon(self.clerk, call, GOODS, **kind)["id"])

    def _promotion(self) -> str:
        return self.promotion()

    def _promotion_to_come(self) -> str:
        """Nobody can claim of it yet, so it may be changed."""
        return self.promotion(begins_in=timedelta(days=1))

    def promotion(self, *, total: int = 100, begins_in: timedelta = timedelta()) -> str:
        """A new one with so many coupons."""
        begins = self.town.clock.now() + begins_in
        body = {
            "title": "满减",
            "benefit": "amount",
            "amount": cny("5.00"),
            "min_spend": cny("10.00"),
            "scope": "merchant",
            "total": total,
            "per_user": total,
            "claim_from": begins,
            "claim_until": begins + timedelta(days=1),
            "use_from": begins,
            "use_until": begins + timedelta(days=2),
        }
        return str(self.town.get(self.clerk, "POST /promotions", body)["id"])

    def _coupon(self) -> str:
        call = f"POST /coupons/{self.have('promotion')}/claim"
        return str(self.town.get(self.buyer, call)["id"])

    def _line(self) -> str:
        body = {"sku_id": self.have("sku"), "quantity": 1}
        lines = self.town.soon(self.buyer, "POST /cart/lines", body)["lines"]
        return next(str(one["id"]) for one in lines if one["sku_id"] == body["sku_id"])

    def _cart_token(self) -> str:
        body = {"sku_id": self.have("sku"), "quantity": 1}
        return str(self.town.soon(NOBODY, "POST /cart/lines", body)["token"])

    def _quote(self, **more: Any) -> str:
        line = {"sku_id": self.have("sku"), "quantity": 2}
        body = {"lines": [line], "address": HOME, "coupon_codes": [], **more}
        return str(self.town.soon(self.buyer, "POST /checkout/quotes", body)["id"])

    # An order, as far as it has come.

    def quote_with(self, coupon_id: str) -> str:
        """A quote for what this coupon is for."""
        return self._quote(coupon_codes=[coupon_id])

    def quote_of(self, sku_id: str) -> str:
        """A quote for one of these."""
        return self._quote(lines=[{"sku_id": sku_id, "quantity": 1}])

    def place(self, quote_id: str, method: str = "card") -> str:
        """Order what the quote says; the stock has answered."""
        body = {"quote_id": quote_id, "payment_method": method}
        order = self.town.get(self.buyer, "POST /orders", body, Prefer="wait=5")["id"]
        self.until(order, lambda seen: seen["status"] != "placed")
        return str(order)

    def until(self, order: str, condition: Callable[[Any], bool]) -> None:
        """Wait until the order is so."""
        call = f"GET /orders/{order}"
        eventually(lambda: condition(self.town.get(self.buyer, call)), within_s=WITHIN_S)

    def _unpaid(self) -> str:
        self.last_order = self.place(self.make("quote"))
        self.town.rest()  # payment knows it, too
        return self.last_order

    def _paid(self) -> str:
        """Paid; its goods wait to be packed."""
        order = self.make("unpaid")
        paid = self.town.soon(self.buyer, "POST /payments", {"order_id": order, **CARD})
        assert paid["status"] == "captured", paid
        self.shipment_of(order)
        return order

    def _order(self) -> str:
        """Paid, shipped and delivered."""
        order = self.make("paid")
        self.carry(self.ship(self.shipment_of(order))["waybill"])
        self.until(order, lambda seen: seen["parcels"][0]["state"] == "delivered")
        return order

    def shipment_of(self, order: str) -> str:
        """What the merchant packs for it; waits until there is something."""
        call = f"GET /shipments?order_id={order}"
        found = eventually(lambda: self.town.get(self.clerk, call)["items"], within_s=WITHIN_S)
        return str(found[0]["id"])

    def ship(self, shipment: str, carrier: str = CARRIER) -> Any:
        """The parcel, which the carrier has now."""
        return self.town.get(self.clerk, f"POST /shipments/{shipment}/ship", {"carrier": carrier})

    def carry(self, waybill: str, carrier: str = CARRIER) -> None:
        """The carrier brings it, and somebody signs."""
        body = {"waybill": waybill, "journey": "signed"}
        self.town.get(NOBODY, f"POST /dev/simulators/carriers/{carrier}", body)

    def _number(self) -> str:
        call = f"GET /orders/{self.have('order')}"
        return str(self.town.get(self.buyer, call)["number"])

    def _shipment(self) -> str:
        return self.shipment_of(self.make("paid"))

    def _carrier(self) -> str:
        return CARRIER

    def _parcel(self) -> str:
        return str(self._parcel_of_order()["id"])

    def _waybill(self) -> str:
        return str(self._parcel_of_order()["waybill"])

    def _parcel_of_order(self) -> Any:
        return self.town.get(self.buyer, f"GET /orders/{self.have('order')}")["parcels"][0]

    def _shipped_parcel(self) -> str:
        return str(self.ship(self.make("shipment"))["id"])

    def _payment(self) -> str:
        found = self.town.get(self.buyer, f"GET /payments?order_id={self.have('order')}")
        return str(found["items"][0]["id"])

    def _payment_to_confirm(self) -> str:
        body = {"order_id": self.make("unpaid"), "method": "card"}
        return str(self.town.soon(self.buyer, "POST /payments", body)["id"])

    def _refund(self) -> str:
        share = {"merchant_id": self.have("merchant"), "line_id": "1", "amount": cny("1.00")}
        body = {"order_id": self.have("order"), "reason": "a scratch", "shares": [share]}
        return str(self.town.get(self.clerk, "POST /refunds", body)["id"])

    def _intent(self) -> str:
        body = {"order_id": self.make("unpaid"), "method": "card", "card_token": ASKS_FIRST}
        paid = self.town.soon(self.buyer, "POST /payments", body)
        return str(urlsplit(paid["action"]["url"]).path).rpartition("/")[2]
