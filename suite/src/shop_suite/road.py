"""The thin road as people walk it: each step one call over HTTP, in the words of the shop.

The demo, the replay, the journeys and the fault tests all walk here, on whichever way to run.
"""

from __future__ import annotations

import hashlib
import hmac
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

from chassis.http.json_out import write
from chassis.identity import Identity
from chassis.tokens import SigningKey
from shop_events import Clock, Money, new_id
from shop_suite.caller import Caller, Refused
from shop_suite.keys import merchant, shopper
from shop_suite.settings import secret_of

CARRIER: Final = "pretend"
GOOD_CARD: Final = "tok_visa"
GROWS_OLD: Final = timedelta(minutes=4)  # a push is taken for five, and is on its way a while
SETTLES_WITHIN_S: Final = 60.0
LOOK_FIRST_S: Final = 0.005
LOOK_LAST_S: Final = 0.1

Found = TypeVar("Found")


class NotSettled(Exception):
    """Something that events should have brought about did not come within its time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A line of a quote."""

    sku_id: str
    merchant_id: str
    quantity: int
    unit_price: Money
    name: str = "A disc"


class Road:
    """One town, walked by any number of people. Thread-safe."""

    def __init__(
        self,
        *,
        key: SigningKey,
        clock: Clock,
        address: Callable[[str], str],
        patience_s: float = SETTLES_WITHIN_S,
    ) -> None:
        """``address`` gives the server's URL for a path; see `shop_suite.caller`."""
        self._key = key
        self.clock = clock
        self.address = address
        self._patience_s = patience_s

    def caller(self, who: Identity | None) -> Caller:
        """Speaks as ``who``."""

        def token() -> str:
            return self._key.mint(who, now=self.clock.now()) if who else ""

        return Caller(token, address=self.address, patience_s=self._patience_s)

    def receive_stock(self, sku_id: str, merchant_id: str, quantity: int) -> None:
        """The merchant puts goods into the warehouse."""
        movement = {"type": "received", "quantity": quantity, "reason": "delivery of the day"}
        self.caller(merchant(merchant_id)).post(f"/stock/{sku_id}/movements", movement)

    def quote(
        self,
        buyer: str,
        wanted: Iterable[Wanted],
        *,
        discount: Money | None = None,
        shipping: Money | None = None,
    ) -> str:
        """Have a quote given; its id."""
        lines = list(wanted)
        nothing = Money.zero(lines[0].unit_price.currency)
        body = {
            "lines": [
                {
                    "sku_id": line.sku_id,
                    "merchant_id": line.merchant_id,
                    "name": line.name,
                    "quantity": line.quantity,
                    "unit_price": line.unit_price,
                }
                for line in lines
            ],
            "discount": discount or nothing,
            "shipping": shipping or nothing,
            "delivery_method": "express",
            "destination": {
                "recipient": "The buyer",
                "phone": "+10000000000",
                "division_code": "310101",
                "address": "1 Market Street",
            },
        }
        return str(self.caller(shopper(buyer)).post("/dev/quotes", body)["id"])

    def place(
        self, buyer: str, quote_id: str, *, method: str = "card", key: str | None = None
    ) -> dict[str, Any]:
        """Turn the quote into an order; the answer waits until the stock has answered."""
        body = {"quote_id": quote_id, "payment_method": method}
        placed: dict[str, Any] = self.caller(shopper(buyer)).post(
            "/orders", body, key=key, wait_s=5
        )
        if placed["status"] != "placed":
            return placed
        return self.settled(buyer, placed["id"], lambda order: order["status"] != "placed")

    def pay(
        self, buyer: str, order_id: str, *, card: str = GOOD_CARD, key: str | None = None
    ) -> dict[str, Any]:
        """Pay by card; the payment as it stands."""
        body = {"order_id": order_id, "method": "card", "card_token": card}
        paid: dict[str, Any] = self.caller(shopper(buyer)).post("/payments", body, key=key)
        return paid

    def pay_until_taken(self, buyer: str, order_id: str) -> dict[str, Any]:
        """Pay, and pay again if an interrupted payment turns out to have failed.

        Raises:
            NotSettled: no payment was taken within the time for it.
        """
        payment = self.pay(buyer, order_id, key=new_id())
        until = time.monotonic() + self._patience_s
        pause = threading.Event()
        while payment["status"] != "captured":
            if time.monotonic() > until:
                raise NotSettled(f"The payment {payment['id']} is still {payment['status']}.")
            if payment["status"] in ("failed", "cancelled"):
                payment = self.pay(buyer, order_id, key=new_id())
                continue
            pause.wait(LOOK_LAST_S)
            payment = self.caller(shopper(buyer)).get(f"/payments/{payment['id']}")
        return payment

    def order(self, buyer: str, order_id: str) -> dict[str, Any]:
        """The order as its buyer sees it."""
        seen: dict[str, Any] = self.caller(shopper(buyer)).get(f"/orders/{order_id}")
        return seen

    def settled(
        self, buyer: str, order_id: str, condition: Callable[[dict[str, Any]], bool]
    ) -> dict[str, Any]:
        """Wait until the order is as ``condition`` says.

        Raises:
            NotSettled: it was not within the time for it; the message has the order.
        """
        seen: dict[str, Any] = {}

        def look() -> dict[str, Any] | None:
            seen.update(self.order(buyer, order_id))
            return seen if condition(seen) else None

        return self._wait(look, lambda: f"the order {order_id}, which is {seen.get('status')}")

    def cancel(self, buyer: str, order_id: str) -> dict[str, Any]:
        """The buyer cancels.

        Raises:
            Refused: it cannot be cancelled any more.
        """
        seen: dict[str, Any] = self.caller(shopper(buyer)).post(f"/orders/{order_id}/cancel")
        return seen

    def fulfilments(self, buyer: str, order_id: str) -> list[dict[str, Any]]:
        """What logistics works on for the order; waits until there is something."""

        def look() -> list[dict[str, Any]] | None:
            found = self.caller(shopper(buyer)).get(f"/shipments?order_id={order_id}")
            return found["items"] or None

        return self._wait(look, lambda: f"a fulfilment of the order {order_id}")

    def ship(self, merchant_id: str, fulfilment_id: str, *, key: str | None = None) -> str:
        """The merchant packs and ships; the waybill's number."""
        answer = self.caller(merchant(merchant_id)).post(
            f"/shipments/{fulfilment_id}/ship", {"carrier": CARRIER}, key=key
        )
        return str(answer["waybill"])

    def trace(self, waybill: str, state: str, *, event_id: str | None = None) -> None:
        """The carrier pushes a signed trace; one that grew old on its way is signed anew."""
        push = {
            "event_id": event_id or new_id(),
            "waybill": waybill,
            "state": state,
            "place": "Shanghai",
        }
        until = time.monotonic() + self._patience_s
        while True:
            signed_at = self.clock.now()
            try:
                return self._push({**push, "at": signed_at}, signed_at)
            except Refused as refused:
                is_old = self.clock.now() - signed_at > GROWS_OLD
                may_go_again = is_old and time.monotonic() < until
                if refused.code != "webhook_refused" or not may_go_again:
                    raise

    def _push(self, body: Mapping[str, object], signed_at: datetime) -> None:
        raw, stamp = write(body), str(int(signed_at.timestamp()))
        signed = stamp.encode() + b"." + raw
        signature = hmac.new(secret_of(CARRIER).encode(), signed, hashlib.sha256).hexdigest()
        headers = {"X-Webhook-Timestamp": stamp, "X-Webhook-Signature": signature}
        self.caller(None).ask("POST", f"/logistics/webhooks/{CARRIER}", raw, headers)

    def receive(self, buyer: str, order_id: str) -> dict[str, Any]:
        """The buyer confirms the receipt; waits until order knows of the delivery."""

        def confirm() -> dict[str, Any] | None:
            try:
                seen: dict[str, Any] = self.caller(shopper(buyer)).post(
                    f"/orders/{order_id}/confirm-receipt"
                )
            except Refused as refused:
                if refused.code == "nothing_to_receive":
                    return None
                raise
            return seen

        return self._wait(confirm, lambda: f"a delivered parcel of the order {order_id}")

    def _wait(self, look: Callable[[], Found | None], what: Callable[[], str]) -> Found:
        until = time.monotonic() + self._patience_s
        pause, pause_s = threading.Event(), LOOK_FIRST_S
        while True:
            found = look()
            if found is not None:
                return found
            if time.monotonic() > until:
                raise NotSettled(f"Waited {self._patience_s} s in vain for {what()}.")
            pause.wait(pause_s)
            pause_s = min(pause_s * 1.6, LOOK_LAST_S)
