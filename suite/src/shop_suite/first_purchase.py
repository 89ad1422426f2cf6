"""Somebody's first purchase, from registering to holding the parcel, through the public API alone.

The demo tells it, and a journey walks it on both ways to run. Four people take part: Ann, who buys;
the potter, who sells; the carrier; and Ann's bank, which asks her whether it is she who pays.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from typing import Any, Final, Protocol, TypeVar
from urllib.parse import parse_qs, quote, urlsplit

from chassis.http.app import PREFIX
from shop_events import Clock, new_id
from shop_suite.caller import Caller, Refused
from shop_suite.signing_in import SignedIn, nobody
from shop_suite.town.logins import Login
from shop_suite.town.opening import Address, signed_in

POTTER: Final = "clay-and-fire"
CARRIER: Final = "pretend"
ASKS_THE_BUYER: Final = "pm_card_authenticationRequired"
PASSWORD: Final = "a-mug-for-every-morning"  # noqa: S105 - of somebody who is made up
HOME: Final = {
    "recipient": "王安",
    "phone": "+8613800138000",
    "country": "CN",
    "division_code": "310115",
    "line1": "世纪大道 1 号 2 室",
}
OVER: Final = frozenset({"failed", "cancelled"})
WITHIN_S: Final = 60.0

Found = TypeVar("Found")
Facts = Mapping[str, Any]


class Teller(Protocol):
    """Who listens to the story."""

    def step(self, words: str) -> None:
        """What somebody does now."""

    def answered(self, facts: Facts) -> None:
        """What the shop answered, in brief."""


class NeverCame(Exception):
    """Something that events should have brought about did not come within its time."""


class FirstPurchase:
    """One walk of one buyer through an open demo shop."""

    def __init__(
        self,
        address: Address,
        logins: tuple[Login, ...],
        clock: Clock,
        teller: Teller,
        *,
        patience_s: float = WITHIN_S,
    ) -> None:
        """``patience_s``: how long anything may take before it counts as never to come."""
        self._address = address
        self._clock = clock
        self._tell = teller
        self._patience_s = patience_s
        self._email = f"ann-{new_id()[-8:]}@demo.example"
        self._stranger = Caller(nobody, address=address, patience_s=patience_s)
        by_merchant = {login.merchant_id: login for login in logins if login.merchant_id}
        self._potter = signed_in(address, by_merchant[POTTER], now=self._seconds)
        self._ann = self._signed_in()
        self._order_id = ""

    def walk(self) -> str:
        """The whole road; the order's id, which was received by its buyer.

        Raises:
            Refused, NeverCame: the road is not what it should be.
        """
        self._offer_coupon()
        cart_token = self._browse_and_fill_a_basket()
        self._register()
        self._bring_the_basket(cart_token)
        order = self._order()
        self._order_id = str(order["id"])
        self._pay(order)
        waybill = self._ship(order["id"])
        self._deliver(waybill)
        self._receive(order["id"])
        return self._order_id

    def status_days_later(self, wanted: str) -> str:
        """Ann signs in again and looks until the order's status is the one that is waited for.

        Raises:
            NeverCame: it was not in time.
        """
        self._ann = self._signed_in()

        def look() -> str | None:
            status = str(self._ann.get(f"/orders/{self._order_id}")["status"])
            return status if status == wanted else None

        return self._until(look, f"the order {self._order_id} to be {wanted}")

    def _signed_in(self) -> Caller:
        session = SignedIn(
            self._address,
            email=self._email,
            password=PASSWORD,
            role="shopper",
            now=self._seconds,
        )
        return Caller(session, address=self._address, patience_s=self._patience_s)

    def _seconds(self) -> float:
        return self._clock.now().timestamp()

    def _offer_coupon(self) -> None:
        self._tell.step("The potter gives away a coupon: 10.00 off from 60.00 on")
        now = self._clock.now()
        until = now.replace(year=now.year + 1)
        body = {
            "title": "开张满减",
            "benefit": "amount",
            "amount": {"amount": "10.00", "currency": "CNY"},
            "min_spend": {"amount": "60.00", "currency": "CNY"},
            "scope": "merchant",
            "total": 100,
            "claim_from": now,
            "claim_until": until,
            "use_from": now,
            "use_until": until,
        }
        made = self._potter.post("/promotions", body)
        self._tell.answered({"coupons": made["total"], "title": made["title"]})

    def _browse_and_fill_a_basket(self) -> str:
        self._tell.step("A stranger searches for a mug, looks at it, and puts two into a basket")
        found = self._stranger.get(f"/catalog/products?q={quote('马克杯')}")["items"]
        seen = self._stranger.get(f"/catalog/products/{found[0]['id']}")
        blue = next(sku for sku in seen["skus"] if "海蓝" in sku["options"].values())
        wanted = {"sku_id": blue["sku_id"], "quantity": 2}
        cart = self._stranger.post("/cart/lines", wanted)
        self._tell.answered(
            {"found": seen["title"], "price": blue["price"], "subtotal": cart["subtotal"]}
        )
        return str(cart["token"])

    def _register(self) -> None:
        self._tell.step("She registers by mail and follows the link that is sent to her")
        body = {"email": self._email, "password": PASSWORD, "display_name": "Ann", "locale": "en"}
        self._stranger.post("/auth/register", body)
        letter = self._letter("a link", lambda one: bool(one["links"]))
        (token,) = parse_qs(urlsplit(letter["links"][0]).query)["token"]
        self._stranger.post("/auth/verify", {"token": token})
        self._tell.answered({"mail": letter["subject"]})

    def _bring_the_basket(self, cart_token: str) -> None:
        self._tell.step("Signed in, she takes the basket over and writes down where she lives")
        self._ann.post("/cart/merge", {"cart_token": cart_token})
        self._ann.post("/account/addresses", {**HOME, "is_default": True})
        cart = self._ann.get("/cart")
        self._tell.answered({"lines": len(cart["lines"]), "subtotal": cart["subtotal"]})

    def _order(self) -> dict[str, Any]:
        self._tell.step("She claims the coupon, asks what it costs to her door, and orders")
        coupons = self._ann.get("/coupons")["items"]
        self._ann.post(f"/coupons/{coupons[0]['id']}/claim")
        lines = [
            {"sku_id": line["sku_id"], "quantity": line["quantity"]}
            for line in self._ann.get("/cart")["lines"]
            if line["selected"]
        ]
        offer = self._ann.post("/checkout/quotes", {"lines": lines, "address": HOME})
        body = {"quote_id": offer["id"], "payment_method": "card"}
        order: dict[str, Any] = self._ann.post("/orders", body, wait_s=5)
        self._tell.answered(
            {
                "order": order["number"],
                "discount": offer["discount"],
                "shipping": offer["shipping"]["total"],
                "total": order["total"],
            }
        )
        return order

    def _pay(self, order: Facts) -> None:
        self._tell.step("She pays by card; her bank asks whether it is she, and she says yes")
        payment = self._asked_by_her_bank(order)
        page = urlsplit(payment["action"]["url"]).path
        self._stranger.ask("POST", page.removeprefix(PREFIX), b'{"outcome": "approve"}')
        paid = self._ann.post(f"/payments/{payment['id']}/confirm")
        letter = self._letter("the order", lambda one: order["number"] in one["text"])
        self._tell.answered(
            {"asked": payment["status"], "then": paid["status"], "mail": letter["subject"]}
        )

    def _begin_to_pay(self, order: Facts) -> Facts:
        body = {"order_id": order["id"], "method": "card", "card_token": ASKS_THE_BUYER}
        begun: Facts = self._ann.post("/payments", body)
        return begun

    def _asked_by_her_bank(self, order: Facts) -> Facts:
        """Her payment once the bank has its question; the provider may be slow to say so.

        A payment that ends before that, since the call to the bank was cut off, is begun anew.
        """
        payment = self._begin_to_pay(order)

        def look() -> Facts | None:
            nonlocal payment
            if payment["status"] in OVER:
                payment = self._begin_to_pay(order)
            if "url" not in payment["action"]:
                payment = self._ann.get(f"/payments/{payment['id']}")
            return payment if "url" in payment["action"] else None

        return self._until(look, "her bank to ask whether it is she")

    def _ship(self, order_id: str) -> str:
        self._tell.step("The potter finds it in the list of what is to be packed, and ships it")
        shipment = self._until(
            lambda: self._shipment_of(order_id), f"a shipment of the order {order_id}"
        )
        shipped = self._potter.post(f"/shipments/{shipment['id']}/ship", {"carrier": CARRIER})
        self._tell.answered({"carrier": CARRIER, "waybill": shipped["waybill"]})
        return str(shipped["waybill"])

    def _deliver(self, waybill: str) -> None:
        self._tell.step("The carrier brings it and Ann signs; she could follow its way")
        self._stranger.post(
            f"/dev/simulators/carriers/{CARRIER}", {"waybill": waybill, "journey": "signed"}
        )
        seen = self._ann.get(f"/tracking/{waybill}")
        self._tell.answered({"seen": [trace["state"] for trace in seen["traces"]]})

    def _receive(self, order_id: str) -> None:
        self._tell.step("She confirms that both mugs are whole")
        order = self._until(lambda: self._received(order_id), f"the parcel of {order_id}")
        story = self._ann.get(f"/orders/{order_id}/timeline")["items"]
        self._tell.answered({"status": order["status"], "timeline": [row["kind"] for row in story]})

    def _shipment_of(self, order_id: str) -> dict[str, Any] | None:
        queue = self._potter.get("/merchant/shipments?status=to_pack")["items"]
        return next((one for one in queue if one["order_id"] == order_id), None)

    def _received(self, order_id: str) -> Any:
        """The order as it is then; None while order has not heard of the delivery yet."""
        try:
            return self._ann.post(f"/orders/{order_id}/confirm-receipt")
        except Refused as refused:
            if refused.code != "nothing_to_receive":
                raise
        return None

    def _letter(
        self, about: str, wanted: Callable[[Facts], bool], *, within_s: float | None = None
    ) -> dict[str, Any]:
        def look() -> dict[str, Any] | None:
            letters = self._stranger.get(f"/dev/mailbox?to={quote(self._email)}")["items"]
            return next(filter(wanted, letters), None)

        return self._until(look, f"a mail about {about}", within_s=within_s)

    def _until(
        self, look: Callable[[], Found | None], what: str, *, within_s: float | None = None
    ) -> Found:
        patience_s = self._patience_s if within_s is None else within_s
        pause, until = threading.Event(), time.monotonic() + patience_s
        while (found := look()) is None:
            if time.monotonic() > until:
                raise NeverCame(f"Waited {patience_s} s in vain for {what}.")
            pause.wait(0.1)
        return found
