"""Bad input is a 4xx problem that names the field; never a 500, never half an effect."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from chassis.identity import Identity, Role
from shop_events.tables import outbox
from shop_suite.caller import Refused
from shop_suite.chaos.ways import Way
from shop_suite.keys import merchant, shopper
from shop_suite.road import Road, Wanted
from tests.support import eventually
from tests.support.towns import prove

ANN = shopper("ann-who-errs")
MO = merchant("m-pottery")
ADMIN = Identity(subject="root", role=Role.ADMIN, session_id="of-root")
CNY = {"amount": "1.00", "currency": "CNY"}
LINE = {
    "sku_id": "mug",
    "merchant_id": "m-pottery",
    "name": "A mug",
    "quantity": 1,
    "unit_price": CNY,
}
HOME = {"recipient": "Ann", "phone": "+100", "division_code": "310101", "address": "1 Road"}
QUOTE = {
    "lines": [LINE],
    "discount": CNY,
    "shipping": CNY,
    "delivery_method": "express",
    "destination": HOME,
}
ORDER = {"quote_id": "q-1", "payment_method": "card"}
PAYMENT = {"order_id": "o-1", "method": "card", "card_token": "tok_visa"}
RECEIVED = {"type": "received", "quantity": 1, "reason": "delivery"}
REFUND = {
    "order_id": "o-1",
    "reason": "a scratch",
    "shares": [{"merchant_id": "m-pottery", "line_id": "1", "amount": CNY}],
}


def line(**changes: Any) -> dict[str, Any]:
    return QUOTE | {"lines": [LINE | changes]}


def without(body: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in body.items() if key != name}


# Who sends what where, and the field that the answer must name.
WRONG: list[tuple[Identity, str, Any, str]] = [
    (ANN, "/dev/quotes", QUOTE | {"lines": []}, "lines"),
    (ANN, "/dev/quotes", line(quantity=0), "lines.0.quantity"),
    (ANN, "/dev/quotes", line(quantity=-3), "lines.0.quantity"),
    (ANN, "/dev/quotes", line(quantity=10_000), "lines.0.quantity"),
    (ANN, "/dev/quotes", line(quantity=1.5), "lines.0.quantity"),
    (ANN, "/dev/quotes", line(quantity="2"), "lines.0.quantity"),
    (ANN, "/dev/quotes", line(quantity=True), "lines.0.quantity"),
    (ANN, "/dev/quotes", line(quantity=None), "lines.0.quantity"),
    (ANN, "/dev/quotes", line(sku_id=""), "lines.0.sku_id"),
    (ANN, "/dev/quotes", line(sku_id="x" * 65), "lines.0.sku_id"),
    (ANN, "/dev/quotes", line(sku_id=["mug"]), "lines.0.sku_id"),
    (ANN, "/dev/quotes", line(unit_price=19.9), "lines.0.unit_price"),
    (ANN, "/dev/quotes", line(unit_price=CNY | {"amount": "-1.00"}), "lines.0.unit_price"),
    (ANN, "/dev/quotes", line(unit_price=CNY | {"amount": "1.001"}), "lines.0.unit_price"),
    (ANN, "/dev/quotes", line(unit_price=CNY | {"amount": "NaN"}), "lines.0.unit_price"),
    (ANN, "/dev/quotes", line(unit_price=CNY | {"currency": "XXX"}), "lines.0.unit_price"),
    (ANN, "/dev/quotes", line(colour="blue"), "lines.0.colour"),
    (ANN, "/dev/quotes", QUOTE | {"discount": CNY | {"currency": "USD"}}, "discount"),
    (ANN, "/dev/quotes", QUOTE | {"coupon": "FREE"}, "coupon"),
    (ANN, "/dev/quotes", without(QUOTE, "destination"), "destination"),
    (ANN, "/dev/quotes", QUOTE | {"destination": HOME | {"phone": ""}}, "destination.phone"),
    (ANN, "/dev/quotes", QUOTE | {"destination": "home"}, "destination._schema"),
    (ANN, "/orders", without(ORDER, "quote_id"), "quote_id"),
    (ANN, "/orders", ORDER | {"quote_id": 7}, "quote_id"),
    (ANN, "/orders", ORDER | {"quote_id": "' OR 1=1 --"}, "quote_id"),
    (ANN, "/orders", ORDER | {"payment_method": "gold"}, "payment_method"),
    (ANN, "/orders", ORDER | {"note": "x" * 501}, "note"),
    (ANN, "/orders", ORDER | {"total": CNY}, "total"),
    (ANN, "/payments", without(PAYMENT, "order_id"), "order_id"),
    (ANN, "/payments", PAYMENT | {"method": "barter"}, "method"),
    (ANN, "/payments", PAYMENT | {"amount": CNY}, "amount"),
    (ANN, "/payments", PAYMENT | {"card_token": "4111111111111111"}, "card_token"),
    (ANN, "/payments", PAYMENT | {"card_token": "tok visa"}, "card_token"),
    (MO, "/stock/mug/movements", RECEIVED | {"quantity": "5"}, "quantity"),
    (MO, "/stock/mug/movements", RECEIVED | {"quantity": 10**7}, "quantity"),
    (MO, "/stock/mug/movements", RECEIVED | {"type": "shipped"}, "type"),
    (MO, "/stock/mug/movements", RECEIVED | {"quantity": 0}, "quantity"),
    (MO, "/stock/mug/movements", {"type": "adjusted", "quantity": -1}, "reason"),
    (MO, "/shipments/f-1/ship", {"carrier": 7}, "carrier"),
    (MO, "/shipments/f-1/ship", {"carrier": "pretend", "waybill": "a b"}, "waybill"),
    (MO, "/shipments/f-1/ship", {"carrier": "pigeon"}, "carrier"),
    (MO, "/shipments/f-1/pack", {"lines": []}, "lines"),
    (
        MO,
        "/shipments/f-1/pack",
        {"lines": [{"line_id": "1", "quantity": 0}]},
        "lines.0.quantity",
    ),
    (ADMIN, "/refunds", REFUND | {"shares": []}, "shares"),
    (ADMIN, "/refunds", REFUND | {"reason": ""}, "reason"),
]
# Bodies that are no JSON object at all.
NO_JSON = [
    b"",
    b"{",
    b"[]",
    b'"x"',
    b"null",
    b'{"quote_id": "q", "quote_id": "r"}',
    b"[" * 100_000,
    b"\xff",
]
# Ids that nobody has, written as people and attackers write them.
NOBODYS = [
    "nope",
    "01a2041e-105c-7281-84dd-6d326b5321c4",
    "%27%20OR%201=1",
    "..%2f..%2fetc",
    "x" * 500,
    "%E5%B8%82",
    "%00",
]


@pytest.fixture(scope="module", autouse=True)
def nothing_half_done(way: Way) -> Iterator[None]:
    """After all these refusals the town is as sound as it was.

    A new town has first delivery rates, which it may still be about to say.
    """
    eventually(lambda: said(way)["logistics"] > 0)
    yield
    prove(way)


def refused(
    road: Road,
    who: Identity | None,
    method: str,
    path: str,
    body: bytes | None = None,
    **headers: str,
) -> Refused:
    """The refusal of this request; that it is one, and a problem document, is part of the test."""
    sent = {"Idempotency-Key": uuid4().hex} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    caller = road.caller(who)
    caller._patience_s = 0  # "not yet" is an answer, too
    with pytest.raises(Refused) as caught:
        caller.ask(method, path, body, sent)
    problem = caught.value
    assert 400 <= problem.status < 500, problem
    assert problem.body["status"] == problem.status
    assert {"type", "title", "detail", "code", "trace_id"} <= problem.body.keys()
    return problem


def said(way: Way) -> dict[str, int]:
    """How many events each service has ever said."""
    counts = {}
    for name, database in way.audit.databases.items():
        with database.read() as connection:
            counts[name] = connection.execute(select(func.count()).select_from(outbox)).scalar_one()
    return counts


@pytest.mark.parametrize(
    ("who", "path", "body", "field"),
    WRONG,
    ids=[f"{one[1]} {one[3]} {n}" for n, one in enumerate(WRONG)],
)
def test_a_wrong_field_is_named_and_nothing_happens(
    way: Way, who: Identity, path: str, body: Any, field: str
) -> None:
    before = said(way)

    problem = refused(way.road(), who, "POST", path, json.dumps(body).encode())

    assert problem.status == 422
    assert field in problem.body["errors"]
    assert said(way) == before


@pytest.mark.parametrize("body", NO_JSON, ids=range(len(NO_JSON)))
@pytest.mark.parametrize("path", ["/orders", "/payments", "/stock/mug/movements"])
def test_what_is_no_json_object_is_refused(way: Way, path: str, body: bytes) -> None:
    refused(way.road(), MO if "stock" in path else ANN, "POST", path, body)


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/orders?limit=0", "limit"),
        ("/orders?limit=all", "limit"),
        ("/orders?cursor=garbage", "cursor"),
        ("/orders?colour=blue", "colour"),
        ("/payments", "order_id"),
        ("/shipments", "order_id"),
    ],
)
def test_a_wrong_question_is_told_what_is_wrong_with_it(way: Way, path: str, field: str) -> None:
    problem = refused(way.road(), ANN, "GET", path)

    assert problem.status in (400, 422)
    assert field in problem.body["errors"]


@pytest.mark.parametrize("key", ["", "x" * 256, "tab\tkey"])
def test_a_key_that_is_none_is_named(way: Way, key: str) -> None:
    body = json.dumps(ORDER).encode()

    problem = refused(way.road(), ANN, "POST", "/orders", body, Idempotency_Key=key)

    assert (problem.status, problem.code) == (400, "idempotency_key_invalid")


@pytest.mark.parametrize("nobodys", NOBODYS)
def test_what_nobody_has_is_not_found(way: Way, nobodys: str) -> None:
    road = way.road()
    for who, method, path in (
        (ANN, "GET", "/orders/{}"),
        (ANN, "POST", "/orders/{}/cancel"),
        (ANN, "POST", "/orders/{}/confirm-receipt"),
        (ANN, "GET", "/payments/{}"),
        (ANN, "GET", "/shipments/{}"),
        (ANN, "GET", "/tracking/{}"),
        (MO, "GET", "/stock/{}"),
        (MO, "POST", "/shipments/{}/pack"),
        (MO, "POST", "/merchant/fulfilments/{}/hold"),
    ):
        assert refused(road, who, method, path.format(nobodys)).status in (400, 404, 422)


def test_what_is_somebody_elses_is_not_found_either(
    town: Way, road: Road, ann: str, mug: Wanted
) -> None:
    bob, other = shopper("bob"), merchant("m-other")
    quote = road.quote(ann, [mug])
    body = json.dumps({"quote_id": quote, "payment_method": "card"}).encode()
    assert refused(road, bob, "POST", "/orders", body).status == 404
    order = road.place(ann, quote)
    pay = json.dumps({"order_id": order["id"], "method": "card"}).encode()
    assert refused(road, bob, "POST", "/payments", pay).status in (404, 409)
    payment = road.pay(ann, order["id"])
    (fulfilment,) = road.fulfilments(ann, order["id"])
    ship = json.dumps({"carrier": "pretend"}).encode()

    for who, method, path, sent in (
        (bob, "GET", f"/orders/{order['id']}", None),
        (bob, "POST", f"/orders/{order['id']}/cancel", None),
        (bob, "POST", f"/orders/{order['id']}/confirm-receipt", None),
        (bob, "GET", f"/payments/{payment['id']}", None),
        (bob, "GET", f"/shipments/{fulfilment['id']}", None),
        (other, "GET", f"/stock/{mug.sku_id}", None),
        (other, "GET", f"/shipments/{fulfilment['id']}", None),
        (other, "POST", f"/shipments/{fulfilment['id']}/pack", None),
        (other, "POST", f"/shipments/{fulfilment['id']}/ship", ship),
    ):
        assert refused(road, who, method, path, sent).status == 404, path

    waybill = road.ship(mug.merchant_id, fulfilment["id"])
    assert refused(road, bob, "GET", f"/tracking/{waybill}").status == 404
    assert road.caller(bob).get(f"/shipments?order_id={order['id']}")["items"] == []
    road.trace(waybill, "signed")
    road.receive(ann, order["id"])


def test_nobody_in_particular_and_the_wrong_role_do_not_come_in(way: Way) -> None:
    road = way.road()

    assert refused(road, None, "GET", "/orders").status == 401
    assert refused(road, MO, "GET", "/orders").status == 403
    assert refused(road, ANN, "GET", "/stock/mug").status == 403
    assert refused(road, None, "GET", "/orders", Authorization="Bearer nonsense").status == 401
    assert refused(road, ANN, "DELETE", "/orders").status == 405
    assert refused(road, ANN, "GET", "/no/such/place").status == 404
