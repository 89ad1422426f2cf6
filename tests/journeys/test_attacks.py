"""What attackers try: to be somebody else, to name a price, to skip a step, to forge a message."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any, Final

import orjson
import pytest

from chassis.identity import Identity, Role
from shop_events import new_id
from shop_suite.keys import key_in
from tests.journeys.belongings import CARD, CARRIER, HOME, Household, order, refund
from tests.journeys.townsfolk import NOBODY, PASSWORD, Town
from tests.support import eventually

pytestmark = pytest.mark.timeout(300)

ADA: Final = Identity(subject="ada", role=Role.ADMIN, session_id="of-ada")


@pytest.fixture(scope="module")
def town(peopled: Town) -> Iterator[Town]:
    """On both ways to run. It must be sound, whatever was tried in it."""
    yield peopled
    peopled.prove()


@pytest.fixture(scope="module")
def home(town: Town) -> Household:
    """Ann's, and Mo's who sells to her."""
    return Household(town, "ann", "mo")


# To be somebody else.


def test_a_token_that_was_changed_or_made_elsewhere_opens_nothing(
    town: Town, tmp_path_factory: pytest.TempPathFactory
) -> None:
    pair = town.sign_in("ann")
    real = pair["access_token"]
    head, claims, mark = real.split(".")
    strangers = key_in(tmp_path_factory.mktemp("strangers-key"))
    said = orjson.loads(base64.urlsafe_b64decode(claims + "=="))
    tokens = {
        "as an admin": f"{head}.{_coded(said | {'role': 'admin'})}.{mark}",
        "as somebody else": f"{head}.{_coded(said | {'sub': new_id()})}.{mark}",
        "for ever": f"{head}.{_coded(said | {'exp': 4_102_444_800})}.{mark}",
        "without a signature": f"{head}.{claims}.",
        "with no algorithm": f"{_coded({'alg': 'none', 'typ': 'at+jwt'})}.{claims}.",
        "signed by a stranger": strangers.mint(ADA, now=town.clock.now()),
        "a refresh token": pair["refresh_token"],
        "with a byte more": f"{real}A",
    }

    for name, token in tokens.items():
        for path in ("/orders", "/account/me", "/admin/accounts"):
            answer = town.ask(NOBODY, f"GET {path}", Authorization=f"Bearer {token}")
            assert answer.status == 401, f"{path} {name}: {answer}"
    assert town.ask(NOBODY, "GET /orders", Authorization=f"Bearer {real}").status == 200


def test_a_session_that_was_ended_is_over_everywhere(town: Town) -> None:
    pair = town.sign_in("ann")
    bearer = {"Authorization": f"Bearer {pair['access_token']}"}
    said = {"refresh_token": pair["refresh_token"]}
    assert town.ask(NOBODY, "GET /orders", **bearer).status == 200

    town.get(NOBODY, "POST /auth/logout", said)

    for path in ("/orders", "/account/me", "/cart", "/notifications", "/shipments?order_id=o"):
        eventually(lambda path=path: town.ask(NOBODY, f"GET {path}", **bearer).status == 401)  # type: ignore[misc]
    assert town.ask(NOBODY, "POST /auth/refresh", said).status == 401


def test_nobody_becomes_more_than_they_are(town: Town) -> None:
    """API5: a role is what the account has, whatever is asked for."""
    for who, roles in {"ann": ("merchant", "admin"), "mo": ("admin",)}.items():
        town.session(who)  # the account is there
        for role in roles:
            body = {"identifier": f"{who}@town.example", "password": PASSWORD, "role": role}
            refused = town.ask(NOBODY, "POST /auth/login", body)
            assert (refused.status, refused.code) == (403, "not_that_role")
    body = {"token": "x" * 43, "email": "eve@town.example", "password": new_id()}
    eve = town.ask(NOBODY, "POST /auth/first-admin", body | {"display_name": "Eve"})
    assert eve.status in (401, 409)


def test_headers_from_outside_make_nobody_somebody_else(town: Town, home: Household) -> None:
    """SECURITY.md part 2, ASVS 4.1.3: who somebody is, the token alone says."""
    order, ann = home.have("order"), home.have("account")
    pretences = {
        "X_User_Id": ann,
        "X_Account_Id": ann,
        "X_Role": "admin",
        "X_Merchant_Id": "m-clay",
        "X_Forwarded_For": "127.0.0.1",
        "X_Forwarded_User": ann,
        "X_Client_Address": "127.0.0.1",
        "X_Gateway_Token": town.token("ada"),
        "X_Original_URL": f"/api/v1/admin/accounts/{ann}",
        "X_Rewrite_URL": f"/api/v1/orders/{order}",
        "X_HTTP_Method_Override": "DELETE",
        "Forwarded": "for=127.0.0.1",
        "Cookie": f"token={town.token('ann')}",
        "Proxy_Authorization": f"Bearer {town.token('ann')}",
    }

    for who, status in (("bob", 404), ("mo", 403), (NOBODY, 401)):
        plain = town.ask(who, f"GET /orders/{order}")
        dressed = town.ask(who, f"GET /orders/{order}", **pretences)
        assert (plain.status, dressed.status, plain.code) == (status, status, dressed.code)
    address = home.have("address")
    town.get("ann", f"PATCH /account/addresses/{address}", {"line1": "3 Road"}, **pretences)
    assert address in str(town.get("ann", "GET /account/addresses"))


def test_a_token_of_ten_minutes_ago_opens_nothing(town: Town) -> None:
    bearer = {"Authorization": f"Bearer {town.sign_in('ann')['access_token']}"}
    assert town.ask(NOBODY, "GET /orders", **bearer).status == 200

    town.pass_time(timedelta(minutes=11))

    assert town.ask(NOBODY, "GET /orders", **bearer).status == 401


# To skip a step, or to take one twice. After each of these the order is as it was.


def skipping(home: Household) -> Iterator[tuple[str, str, Any, tuple[int, str]]]:
    """Who asks what, and how it is refused; each of an order that is not so far, or is over."""
    unpaid, paid, order = home.make("unpaid"), home.have("paid"), home.have("order")
    received = home.make("order")
    home.town.get("ann", f"POST /orders/{received}/confirm-receipt")
    cancelled = home.make("unpaid")
    home.town.get("ann", f"POST /orders/{cancelled}/cancel")
    called_off = home.make("paid")
    shipment_called_off = home.shipment_of(called_off)
    home.town.get("ann", f"POST /orders/{called_off}/cancel")
    home.town.rest()
    shipment = home.shipment_of(paid)
    yield "ann", "POST /payments", {"order_id": cancelled, **CARD}, (409, "order_not_payable")
    yield "ann", "POST /payments", {"order_id": order, **CARD}, (409, "order_not_payable")
    yield "ann", f"POST /orders/{unpaid}/confirm-receipt", None, (409, "nothing_to_receive")
    yield "ann", f"POST /orders/{unpaid}/extend-receipt", None, (409, "nothing_to_extend")
    yield "ann", f"POST /orders/{paid}/confirm-receipt", None, (409, "nothing_to_receive")
    yield "ann", f"POST /orders/{received}/cancel", None, (409, "order_not_cancellable")
    yield "ann", f"POST /orders/{received}/confirm-receipt", None, (200, "")  # that it was
    ship = {"carrier": CARRIER}
    yield "mo", f"POST /shipments/{shipment_called_off}/ship", ship, (409, "nothing_to_pack")
    too_many = {"lines": [{"line_id": "1", "quantity": 9_999}]}
    yield "mo", f"POST /shipments/{shipment}/pack", too_many, (409, "not_packable")
    yield "ada", "POST /refunds", refund(unpaid, "1.00"), (409, "nothing_captured")
    yield "mo", "POST /refunds", refund(order, "40.01"), (409, "exceeds_line")
    yield "ada", "POST /refunds", refund(order, "9999.00"), (409, "exceeds_line")
    settle = f"POST /refunds/{home.have('refund')}/settle-by-hand"
    yield "ada", settle, {"reference": "again"}, (409, "")


def test_no_step_can_be_skipped_or_taken_when_it_is_over(town: Town, home: Household) -> None:
    wrong = []
    for who, call, body, (status, code) in skipping(home):
        town.rest()
        before = town.told()
        said = town.ask(who, call, body)
        town.rest()
        if said.status != status or (code and said.code != code):
            wrong.append(f"{who} was answered to {call}: {said}")
        if town.told() != before:
            wrong.append(f"{call} of {who} had an effect")

    assert not wrong, "\n".join(wrong)


def test_an_order_whose_time_is_over_is_paid_by_nobody(town: Town, home: Household) -> None:
    order, waiting = home.make("unpaid"), home.make("payment_to_confirm")

    town.pass_time(timedelta(minutes=31))

    body = {"order_id": order, **CARD}
    assert town.ask("ann", "POST /payments", body).code == "order_not_payable"
    late = town.ask("ann", f"POST /payments/{waiting}/confirm", {"card_token": "tok_visa"})
    assert late.status == 409
    assert town.get("ann", f"GET /orders/{order}")["status"] == "cancelled"


def test_a_quote_is_ordered_by_whom_it_was_given_to_while_it_is_good(
    town: Town, home: Household
) -> None:
    """Row 55: what is ordered is a quote that is binding, one's own, and not ten minutes old."""
    lines = [{"sku_id": home.have("sku"), "quantity": 1}]
    asked = {"lines": lines, "division_code": HOME["division_code"]}
    estimate = town.get("ann", "POST /checkout/quotes", asked)["id"]
    nobodys = town.get(NOBODY, "POST /checkout/quotes", {"lines": lines, "address": HOME})["id"]
    old, cash = home.make("quote"), home.make("quote")

    assert order(town, "ann", estimate).code == "quote_not_binding"
    assert order(town, "ann", nobodys).code == "quote_not_found"
    assert order(town, "ann", cash, payment_method="alipay").status in (409, 422)
    town.pass_time(timedelta(minutes=10))
    assert order(town, "ann", old).code == "quote_expired"


def _coded(value: Mapping[str, Any]) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(value)).rstrip(b"=").decode()
