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
FILES_S: Final = 60.0  # between two pieces of a file that comes or goes

ACCOUNT: Final = (
    Route("GET", "/.well-known/jwks.json", "account", ANYONE),
    Route("GET", "/account/addresses", "account", SIGNED_IN),
    Route("POST", "/account/addresses", "account", SIGNED_IN),
    Route("PATCH", "/account/addresses/{address_id}", "account", SIGNED_IN),
    Route("DELETE", "/account/addresses/{address_id}", "account", SIGNED_IN),
    Route("POST", "/account/identifiers", "account", SIGNED_IN, Limit.LOGIN),
    Route("DELETE", "/account/identifiers", "account", SIGNED_IN, Limit.LOGIN),
    Route("POST", "/account/identifiers/confirm", "account", SIGNED_IN, Limit.LOGIN),
    Route("GET", "/account/me", "account", SIGNED_IN),
    Route("PATCH", "/account/me", "account", SIGNED_IN),
    Route("POST", "/account/password", "account", SIGNED_IN, Limit.LOGIN),
    Route("GET", "/admin/accounts", "account", ADMIN),
    Route("POST", "/admin/accounts/{account_id}/disable", "account", ADMIN),
    Route("POST", "/admin/accounts/{account_id}/enable", "account", ADMIN),
    Route("POST", "/admin/accounts/{account_id}/unlock", "account", ADMIN),
    Route("GET", "/admin/merchants", "account", ADMIN),
    Route("POST", "/admin/merchants", "account", ADMIN),
    Route("PATCH", "/admin/merchants/{merchant_id}", "account", ADMIN),
    Route("POST", "/auth/first-admin", "account", ANYONE, Limit.LOGIN),
    Route("POST", "/auth/login", "account", ANYONE, Limit.LOGIN),
    Route("POST", "/auth/logout", "account", ANYONE),
    Route("POST", "/auth/password/forgot", "account", ANYONE, Limit.LOGIN),
    Route("POST", "/auth/password/reset", "account", ANYONE, Limit.LOGIN),
    Route("POST", "/auth/refresh", "account", ANYONE),
    Route("POST", "/auth/register", "account", ANYONE, Limit.LOGIN),
    Route("GET", "/auth/sessions", "account", SIGNED_IN),
    Route("DELETE", "/auth/sessions/{session_id}", "account", SIGNED_IN),
    Route("POST", "/auth/verify", "account", ANYONE, Limit.LOGIN),
    Route("POST", "/auth/verify/resend", "account", ANYONE, Limit.LOGIN),
    Route("GET", "/divisions", "account", ANYONE),
    Route("GET", "/merchants/{merchant_id}", "account", ANYONE),
    Route("POST", "/dev/accounts", "account", ANYONE, dev=True),
)

CATALOG: Final = (
    Route("GET", "/admin/products/reviews", "catalog", ADMIN),
    Route("POST", "/admin/products/{product_id}/approve", "catalog", ADMIN),
    Route("POST", "/admin/products/{product_id}/send-back", "catalog", ADMIN),
    Route("GET", "/catalog/categories", "catalog", ANYONE),
    Route("GET", "/catalog/categories/{slug}", "catalog", ANYONE),
    Route("PUT", "/catalog/categories/{slug}", "catalog", ADMIN),
    Route("GET", "/catalog/export", "catalog", MERCHANT, deadline_s=FILES_S, streamed=True),
    Route(
        "POST",
        "/catalog/imports",
        "catalog",
        MERCHANT,
        deadline_s=FILES_S,
        body_bytes=33_554_432,
        streamed=True,
    ),
    Route("GET", "/catalog/imports/{import_id}", "catalog", MERCHANT),
    Route("POST", "/catalog/media", "catalog", MERCHANT),
    Route("GET", "/catalog/media/{digest}", "catalog", ANYONE),
    Route("GET", "/catalog/products", "catalog", ANYONE, Limit.SEARCH),
    Route("POST", "/catalog/products", "catalog", MERCHANT),
    Route("GET", "/catalog/products/{product_id}", "catalog", ANYONE),
    Route("PATCH", "/catalog/products/{product_id}", "catalog", MERCHANT),
    Route("DELETE", "/catalog/products/{product_id}", "catalog", MERCHANT),
    Route("POST", "/catalog/products/{product_id}/publish", "catalog", MERCHANT),
    Route("GET", "/catalog/products/{product_id}/versions", "catalog", MERCHANT),
    Route("GET", "/catalog/suggest", "catalog", ANYONE, Limit.SEARCH),
    Route("GET", "/merchant/media", "catalog", MERCHANT),
    Route("GET", "/merchant/products", "catalog", MERCHANT, Limit.SEARCH),
    Route("GET", "/merchant/products/{product_id}", "catalog", MERCHANT),
    Route("POST", "/merchant/products/bulk", "catalog", MERCHANT),
    Route("POST", "/dev/products", "catalog", MERCHANT, dev=True),
)

CART: Final = (
    Route("GET", "/cart", "cart", ANYONE),
    Route("POST", "/cart/accept-changes", "cart", ANYONE),
    Route("POST", "/cart/lines", "cart", ANYONE),
    Route("PATCH", "/cart/lines/{line_id}", "cart", ANYONE),
    Route("DELETE", "/cart/lines/{line_id}", "cart", ANYONE),
    Route("POST", "/cart/merge", "cart", SHOPPER),
)

ORDER: Final = (
    Route("POST", "/checkout/quotes", "order", ANYONE, Limit.CHECKOUT),
    Route("GET", "/checkout/quotes/{quote_id}", "order", ANYONE),
    Route("GET", "/checkout/quotes/{quote_id}/explain", "order", ANYONE),
    Route("GET", "/coupons", "order", SHOPPER),
    Route("POST", "/coupons/{promotion_id}/claim", "order", SHOPPER, Limit.CHECKOUT),
    Route("GET", "/coupons/mine", "order", SHOPPER),
    Route("GET", "/merchant/orders", "order", MERCHANT, Limit.SEARCH),
    Route("GET", "/merchant/orders/{order_id}", "order", MERCHANT),
    Route("POST", "/merchant/orders/{order_id}/cancel", "order", MERCHANT),
    Route("POST", "/orders", "order", SHOPPER, Limit.CHECKOUT, deadline_s=WAITS_S),
    Route("GET", "/orders", "order", SHOPPER),
    Route("GET", "/orders/{order_id}", "order", SHOPPER),
    Route("POST", "/orders/{order_id}/cancel", "order", SHOPPER),
    Route("POST", "/orders/{order_id}/confirm-receipt", "order", SHOPPER),
    Route("POST", "/orders/{order_id}/extend-receipt", "order", SHOPPER),
    Route("GET", "/orders/{order_id}/timeline", "order", SHOPPER),
    Route("GET", "/payments/methods", "order", ANYONE),  # a quote says how it may be paid
    Route("POST", "/promotions", "order", MERCHANT | ADMIN),
    Route("GET", "/promotions", "order", MERCHANT | ADMIN),
    Route("PATCH", "/promotions/{promotion_id}", "order", MERCHANT | ADMIN),
    Route("POST", "/promotions/{promotion_id}/end", "order", MERCHANT | ADMIN),
    Route("POST", "/dev/quotes", "order", SHOPPER, dev=True),
)

PAYMENT: Final = (
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
    Route("GET", "/payments/reconciliations", "payment", ADMIN),
    Route("POST", "/payments/reconciliations", "payment", ADMIN, Limit.CHECKOUT),
    Route("POST", "/payments/webhooks/pretend", "payment", SIGNED, Limit.PARTNER),
    Route("POST", "/payments/webhooks/stripe", "payment", SIGNED, Limit.PARTNER),
    Route("POST", "/refunds", "payment", MERCHANT | ADMIN, Limit.CHECKOUT, deadline_s=OUTSIDE_S),
    Route("GET", "/refunds", "payment", ADMIN),
    Route("GET", "/refunds/{refund_id}", "payment", SIGNED_IN),
    Route("POST", "/refunds/{refund_id}/settle-by-hand", "payment", ADMIN, Limit.CHECKOUT),
    Route("GET", "/dev/simulators/stripe/3ds/{intent}", "payment", ANYONE, dev=True),
    Route("POST", "/dev/simulators/stripe/3ds/{intent}", "payment", ANYONE, dev=True),
    Route("POST", "/dev/simulators/stripe/deliver", "payment", ANYONE, dev=True),
    Route("POST", "/dev/simulators/stripe/later", "payment", ANYONE, dev=True),
    Route("POST", "/dev/simulators/stripe/v1/payment_methods", "payment", ANYONE, dev=True),
)

LOGISTICS: Final = (
    Route("GET", "/admin/delivery-rates", "logistics", ADMIN),
    Route("PUT", "/admin/delivery-rates", "logistics", ADMIN),
    Route("GET", "/admin/stock-proofs", "logistics", ADMIN),
    Route("GET", "/logistics/delivery-options", "logistics", ANYONE),
    Route("POST", "/logistics/webhooks/{carrier}", "logistics", SIGNED, Limit.PARTNER),
    Route("GET", "/merchant/delivery-rates", "logistics", MERCHANT),
    Route("PUT", "/merchant/delivery-rates", "logistics", MERCHANT),
    Route("POST", "/merchant/fulfilments/{fulfilment_id}/hold", "logistics", MERCHANT),
    Route("POST", "/merchant/fulfilments/{fulfilment_id}/release", "logistics", MERCHANT),
    Route("GET", "/merchant/scan/{code}", "logistics", MERCHANT),
    Route("GET", "/merchant/shipments", "logistics", MERCHANT),
    Route("POST", "/merchant/shipments/ship", "logistics", MERCHANT, deadline_s=OUTSIDE_S),
    Route("GET", "/shipments", "logistics", SHOPPER | MERCHANT),
    Route("PATCH", "/shipments/{parcel_id}/waybill", "logistics", MERCHANT),
    Route("GET", "/shipments/{shipment_id}", "logistics", SHOPPER | MERCHANT),
    Route("POST", "/shipments/{shipment_id}/hand-over", "logistics", MERCHANT),
    Route("POST", "/shipments/{shipment_id}/pack", "logistics", MERCHANT),
    Route("POST", "/shipments/{shipment_id}/ship", "logistics", MERCHANT, deadline_s=OUTSIDE_S),
    Route("GET", "/stock", "logistics", MERCHANT),
    Route("GET", "/stock/{sku_id}", "logistics", MERCHANT),
    Route("PATCH", "/stock/{sku_id}", "logistics", MERCHANT),
    Route("POST", "/stock/{sku_id}/movements", "logistics", MERCHANT),
    Route("GET", "/tracking/{waybill}", "logistics", SHOPPER | MERCHANT),
    Route("POST", "/dev/simulators/carriers/{carrier}", "logistics", ANYONE, dev=True),
)

AFTERSALES: Final = (Route("GET", "/aftersales/eligible", "aftersales", SHOPPER),)

REVIEW: Final = (Route("GET", "/reviews/pending", "review", SHOPPER),)

NOTIFICATION: Final = (
    Route("GET", "/notifications", "notification", SIGNED_IN),
    Route("POST", "/notifications/{notification_id}/read", "notification", SIGNED_IN),
    Route("GET", "/notifications/preferences", "notification", SIGNED_IN),
    Route("PUT", "/notifications/preferences", "notification", SIGNED_IN),
    Route("GET", "/dev/mailbox", "notification", ANYONE, dev=True),
)

ROUTES: Final = (
    *ACCOUNT,
    *CATALOG,
    *CART,
    *ORDER,
    *PAYMENT,
    *LOGISTICS,
    *AFTERSALES,
    *REVIEW,
    *NOTIFICATION,
)
