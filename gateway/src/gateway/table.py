"""The public API, route by route: where it leads, who may call it, how often, how long, how much.

A route that is not here does not exist outside, and one that is here exists in its service, for
the same roles and with the same bodies: tests/architecture/test_public_routes.py compares them.
"""

from __future__ import annotations

from typing import Final

from chassis.identity import Role
from chassis.routes import Door
from gateway.routes import Limit, Route

ANYONE: Final = Door.ANYONE
SIGNED: Final = Door.SIGNED  # no token; the service checks the sender's signature
SHOPPER: Final = frozenset({Role.SHOPPER})
MERCHANT: Final = frozenset({Role.MERCHANT})
ADMIN: Final = frozenset({Role.ADMIN})
SIGNED_IN: Final = frozenset(Role)

WAITS_S: Final = 15.0  # Prefer: wait=10, and time to answer after it
OUTSIDE_S: Final = 20.0  # a bank or a carrier is asked while the client waits

ORDER: Final = (
    Route("POST", "/orders", "order", SHOPPER, Limit.CHECKOUT, deadline_s=WAITS_S),
    Route("GET", "/orders", "order", SHOPPER),
    Route("GET", "/orders/{order_id}", "order", SHOPPER),
    Route("POST", "/orders/{order_id}/cancel", "order", SHOPPER),
    Route("POST", "/orders/{order_id}/confirm-receipt", "order", SHOPPER),
    Route("POST", "/dev/quotes", "order", SHOPPER, dev=True),
)

PAYMENT: Final = (
    Route("GET", "/payments/methods", "payment", ANYONE),
    Route("POST", "/payments", "payment", SHOPPER, Limit.CHECKOUT, deadline_s=OUTSIDE_S),
    Route("GET", "/payments", "payment", SHOPPER | ADMIN),
    Route("GET", "/payments/{payment_id}", "payment", SHOPPER | ADMIN),
    Route(
        "POST",
        "/payments/{payment_id}/confirm",
        "payment",
        SHOPPER,
        Limit.CHECKOUT,
        deadline_s=OUTSIDE_S,
    ),
    Route("POST", "/payments/webhooks/pretend", "payment", SIGNED, Limit.PARTNER),
    Route("POST", "/refunds", "payment", MERCHANT | ADMIN, Limit.CHECKOUT, deadline_s=OUTSIDE_S),
    Route("GET", "/refunds/{refund_id}", "payment", SIGNED_IN),
)

LOGISTICS: Final = (
    Route("GET", "/shipments", "logistics", SHOPPER | MERCHANT),
    Route("GET", "/shipments/{shipment_id}", "logistics", SHOPPER | MERCHANT),
    Route("GET", "/tracking/{waybill}", "logistics", SHOPPER | MERCHANT),
    Route("GET", "/merchant/shipments", "logistics", MERCHANT),
    Route("POST", "/shipments/{shipment_id}/pack", "logistics", MERCHANT),
    Route("POST", "/shipments/{shipment_id}/ship", "logistics", MERCHANT, deadline_s=OUTSIDE_S),
    Route("POST", "/merchant/fulfilments/{fulfilment_id}/hold", "logistics", MERCHANT),
    Route("POST", "/merchant/fulfilments/{fulfilment_id}/release", "logistics", MERCHANT),
    Route("GET", "/stock/{sku_id}", "logistics", MERCHANT),
    Route("POST", "/stock/{sku_id}/movements", "logistics", MERCHANT),
    Route("POST", "/logistics/webhooks/{carrier}", "logistics", SIGNED, Limit.PARTNER),
    Route("POST", "/dev/simulators/carriers/{carrier}", "logistics", ANYONE, dev=True),
)

ROUTES: Final = (*ORDER, *PAYMENT, *LOGISTICS)
