"""Somebody with an account who buys mugs, step by step, in a town of all services."""

from __future__ import annotations

from typing import Any

from shop_events import new_id
from shop_suite.caller import Caller
from shop_suite.first_purchase import HOME, POTTER
from shop_suite.keys import shopper
from shop_suite.road import Road
from shop_suite.signing_in import SignedIn
from shop_suite.town.goods import merchants

MUG = merchants()[0].things[0].choices[0].sku_id
PASSWORD = "one-cup-a-day"


class Buyer:
    """One who was registered before the test began."""

    def __init__(self, road: Road) -> None:
        self.road = road
        self.email = f"ann-{new_id()}@demo.example"
        account = {"email": self.email, "password": PASSWORD, "role": "shopper"}
        made = road.caller(None).post("/dev/accounts", {**account, "display_name": "Ann"})
        self.id = str(made["id"])
        self.ask = road.caller(shopper(self.id))

    def sign_in(self) -> None:
        """From now on she shows a token that account gave her."""
        session = SignedIn(
            self.road.address,
            email=self.email,
            password=PASSWORD,
            role="shopper",
            now=lambda: self.road.clock.now().timestamp(),
        )
        self.ask = Caller(session, address=self.road.address)
        self.ask.get("/account/me")

    def fill_basket(self) -> list[dict[str, Any]]:
        """Two mugs; the lines of a checkout."""
        self.ask.post("/cart/lines", {"sku_id": MUG, "quantity": 2})
        cart = self.ask.get("/cart")
        return [{"sku_id": one["sku_id"], "quantity": one["quantity"]} for one in cart["lines"]]

    def order(self, lines: list[dict[str, Any]]) -> str:
        """Order them to her door; the order's id, once it can be paid."""
        offer = self.ask.post("/checkout/quotes", {"lines": lines, "address": HOME})
        body = {"quote_id": offer["id"], "payment_method": "card"}
        order_id = str(self.ask.post("/orders", body, wait_s=5)["id"])
        self.road.settled(self.id, order_id, lambda one: one["status"] == "awaiting_payment")
        return order_id

    def hold(self, order_id: str) -> None:
        """Pay it, have it shipped and brought, and say that it came."""
        self.road.pay_until_taken(self.id, order_id)
        (fulfilment,) = self.road.fulfilments(self.id, order_id)
        self.road.trace(self.road.ship(POTTER, fulfilment["id"]), "signed")
        self.road.receive(self.id, order_id)
