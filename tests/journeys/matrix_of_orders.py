"""The rows for what becomes of goods: quotes, coupons, orders, payments, parcels; see `matrix`."""

from __future__ import annotations

from typing import Final

from tests.journeys.belongings import CARD, CARRIER, GOOD_CARD, HOME, cny
from tests.journeys.matrix import (
    ADMINS,
    ANY_BUYER,
    BUYERS,
    BUYERS_AND_ADMINS,
    CONCERNED,
    EITHER,
    EVERYBODY,
    NO_ONE,
    SELF,
    SELF_OR_GUEST,
    SELLERS,
    SELLERS_AND_ADMINS,
    SELLERS_NOT_ADMINS,
    Row,
)

CHECKOUT: Final = (
    Row(call="GET /checkout/quotes/{quote_id}", who=SELF_OR_GUEST, ids={"quote_id": "quote"}),
    Row(
        call="GET /checkout/quotes/{quote_id}/explain",
        who=SELF_OR_GUEST,
        ids={"quote_id": "quote"},
    ),
    Row(
        call="POST /checkout/quotes",
        who=EVERYBODY,
        ids={"sku_id": "sku"},
        body={"lines": [{"sku_id": "$sku_id", "quantity": 1}], "address": HOME},
        ok=201,
    ),
    Row(
        call="POST /checkout/quotes",
        who=NO_ONE,
        ids={"sku_id": "hidden_sku"},
        body={"lines": [{"sku_id": "$sku_id", "quantity": 1}], "address": HOME},
        missing=409,
    ),
    Row(
        call="POST /checkout/quotes",
        who=SELF_OR_GUEST,
        ids={"coupon_codes": "coupon"},
        own={"sku_id": "sku"},
        body={
            "lines": [{"sku_id": "$sku_id", "quantity": 1}],
            "address": HOME,
            "coupon_codes": ["$coupon_codes"],
        },
        ok=201,
        missing=422,
    ),
    Row(
        call="POST /orders",
        who=BUYERS,
        ids={"quote_id": "new quote"},
        body={"quote_id": "$quote_id", "payment_method": "card"},
        ok=201,
    ),
    Row(
        call="POST /coupons/{promotion_id}/claim",
        who=ANY_BUYER,
        ids={"promotion_id": "promotion"},
        ok=201,
    ),
    Row(
        call="PATCH /promotions/{promotion_id}",
        who=SELLERS_NOT_ADMINS,
        ids={"promotion_id": "promotion_to_come"},
        body={"title": "Ten percent"},
    ),
    Row(
        call="POST /promotions/{promotion_id}/end",
        who=SELLERS_NOT_ADMINS,
        ids={"promotion_id": "new promotion"},
    ),
)

ORDERS: Final = (
    Row(call="GET /orders/{order_id}", who=BUYERS, ids={"order_id": "order"}),
    Row(call="GET /orders/{order_id}/timeline", who=BUYERS, ids={"order_id": "order"}),
    Row(call="POST /orders/{order_id}/cancel", who=BUYERS, ids={"order_id": "new unpaid"}),
    Row(call="POST /orders/{order_id}/extend-receipt", who=BUYERS, ids={"order_id": "new order"}),
    Row(call="POST /orders/{order_id}/confirm-receipt", who=BUYERS, ids={"order_id": "new order"}),
    Row(
        call="POST /orders/{order_id}/confirm-receipt",
        who=BUYERS,
        ids={"parcel_id": "parcel"},
        own={"order_id": "order"},
        body={"parcel_id": "$parcel_id"},
    ),
    Row(call="GET /orders", who=BUYERS, ids={"q": "number"}, query="q=$q", missing=200),
    Row(call="GET /merchant/orders/{order_id}", who=SELLERS, ids={"order_id": "order"}),
    Row(call="GET /merchant/orders", who=SELLERS, ids={"q": "number"}, query="q=$q", missing=200),
    Row(call="POST /merchant/orders/{order_id}/cancel", who=SELLERS, ids={"order_id": "new paid"}),
    Row(
        call="GET /aftersales/eligible",
        who=BUYERS,
        ids={"order_id": "order"},
        query="order_id=$order_id",
    ),
    Row(
        call="POST /notifications/{notification_id}/read",
        who=SELF,
        ids={"notification_id": "notification"},
    ),
)

PAYMENTS: Final = (
    Row(
        call="POST /payments",
        who=BUYERS,
        ids={"order_id": "new unpaid"},
        body={"order_id": "$order_id", **CARD},
        ok=201,
        missing=409,  # an order that payment was not told of yet is none, so far
    ),
    Row(
        call="GET /payments",
        who=BUYERS_AND_ADMINS,
        ids={"order_id": "order"},
        query="order_id=$order_id",
    ),
    Row(call="GET /payments/{payment_id}", who=BUYERS_AND_ADMINS, ids={"payment_id": "payment"}),
    Row(
        call="POST /payments/{payment_id}/confirm",
        who=BUYERS,
        ids={"payment_id": "payment_to_confirm"},
        body={"card_token": GOOD_CARD},
    ),
    Row(
        call="GET /payments/methods",
        who=SELF_OR_GUEST,
        ids={"quote_id": "quote"},
        query="quote_id=$quote_id",
    ),
    Row(
        call="POST /refunds",
        who=SELLERS_AND_ADMINS,
        ids={"order_id": "order"},
        own={"merchant_id": "merchant"},
        body={
            "order_id": "$order_id",
            "reason": "a scratch",
            "shares": [{"merchant_id": "m-clay", "line_id": "1", "amount": cny("1.00")}],
        },
        ok=201,
    ),
    Row(
        call="POST /refunds",
        who=SELLERS_NOT_ADMINS,
        ids={"merchant_id": "merchant"},
        own={"order_id": "order"},
        body={
            "order_id": "$order_id",
            "reason": "a scratch",
            "shares": [{"merchant_id": "$merchant_id", "line_id": "1", "amount": cny("1.00")}],
        },
        ok=201,
        missing=409,
    ),
    Row(call="GET /refunds/{refund_id}", who=CONCERNED, ids={"refund_id": "refund"}),
    Row(
        call="POST /refunds/{refund_id}/settle-by-hand",
        who=ADMINS,
        ids={"refund_id": "refund"},
        body={"reference": "by hand 1"},
        ok=409,  # it is there, and did not fail
    ),
    Row(call="GET /dev/simulators/stripe/3ds/{intent}", who=EVERYBODY, ids={"intent": "intent"}),
    Row(
        call="POST /dev/simulators/stripe/3ds/{intent}",
        who=EVERYBODY,
        ids={"intent": "intent"},
        body={"outcome": "refuse"},
        ok=303,
    ),
)

PARCELS: Final = (
    *(
        Row(call="GET /shipments/{shipment_id}", who=EITHER, ids={"shipment_id": kind})
        for kind in ("shipment", "parcel")
    ),
    Row(
        call="GET /shipments",
        who=EITHER,
        ids={"order_id": "order"},
        query="order_id=$order_id",
        missing=200,  # nothing is packed for it, so far
    ),
    Row(call="GET /tracking/{waybill}", who=EITHER, ids={"waybill": "waybill"}),
    *(
        Row(call="GET /merchant/scan/{code}", who=SELLERS, ids={"code": kind})
        for kind in ("waybill", "number", "shipment", "parcel")
    ),
    *(
        Row(call="GET /merchant/shipments", who=SELLERS, ids={"q": kind}, query="q=$q", missing=200)
        for kind in ("number", "waybill", "sku")
    ),
    *(
        Row(
            call=f"POST /merchant/fulfilments/{{fulfilment_id}}/{what}",
            who=SELLERS,
            ids={"fulfilment_id": "new shipment"},
        )
        for what in ("hold", "release")
    ),
    Row(
        call="POST /shipments/{shipment_id}/pack",
        who=SELLERS,
        ids={"shipment_id": "new shipment"},
        ok=201,
    ),
    Row(
        call="POST /shipments/{shipment_id}/ship",
        who=SELLERS,
        ids={"shipment_id": "new shipment"},
        body={"carrier": CARRIER},
    ),
    Row(
        call="POST /merchant/shipments/ship",
        who=SELLERS,
        ids={"shipments": "new shipment"},
        body={"shipments": ["$shipments"], "carrier": CARRIER},
        missing=200,  # each of the batch tells what became of it
    ),
    Row(
        call="POST /shipments/{shipment_id}/hand-over",
        who=SELLERS,
        ids={"shipment_id": "new shipment"},
        ok=409,  # it is there, and goes by carrier
    ),
    Row(
        call="PATCH /shipments/{parcel_id}/waybill",
        who=SELLERS,
        ids={"parcel_id": "new shipped_parcel"},
        body={"waybill": "PT5550001234", "carrier": CARRIER},
    ),
    Row(
        call="POST /logistics/webhooks/{carrier}",
        who=dict.fromkeys(EVERYBODY, 401),
        ids={"carrier": "carrier"},
        body={},
    ),
    Row(
        call="POST /dev/simulators/carriers/{carrier}",
        who=EVERYBODY,
        ids={"carrier": "carrier"},
        own={"waybill": "waybill"},
        body={"waybill": "$waybill", "journey": "one_step"},
        missing=422,
    ),
    Row(
        call="GET /logistics/delivery-options",
        who=EVERYBODY,
        ids={"merchant_id": "merchant"},
        query="division_code=310115&weight_g=1&merchant_id=$merchant_id",
        missing=200,  # who has no rates has the default ones
    ),
)

STOCK: Final = (
    Row(call="GET /stock/{sku_id}", who=SELLERS, ids={"sku_id": "sku"}),
    Row(call="PATCH /stock/{sku_id}", who=SELLERS, ids={"sku_id": "sku"}, body={"safety": 1}),
    Row(
        call="POST /stock/{sku_id}/movements",
        who=SELLERS,
        ids={"sku_id": "sku"},
        body={"type": "adjusted", "quantity": -1, "reason": "one broke"},
        ok=201,
    ),
)
