"""A service that knows its gateway's keys answers what comes through the gateway, nothing else."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import jwt
import pytest
from werkzeug.test import Client

from chassis import client_address
from chassis.gateway import CLIENT_ADDRESS, HEADER, LEEWAY_S, LIFE_S, GatewayCheck, mint
from chassis.testing import ISSUER_KEY, Bench, bench_fixture, shopper
from chassis.tokens import SigningKey, TokenRefused, key_set_of
from libs.chassis.tests.kiosk.service import service
from shop_events import SystemClock

GATEWAY = SigningKey.generate("gateway-1")
NOW = 1_800_000_000.0

guarded = bench_fixture(service, kinds=("sqlite",), gateway_keys=key_set_of(GATEWAY))


def check(now: float = NOW) -> GatewayCheck:
    return GatewayCheck(key_set_of(GATEWAY), service="kiosk", now=lambda: now)


def by_the_gateway(**more: str) -> dict[str, str]:
    now = SystemClock().now().timestamp()
    return {HEADER: mint(GATEWAY, service="kiosk", now=now), **more}


def test_a_call_past_the_gateway_is_refused_even_with_a_good_access_token(guarded: Bench) -> None:
    refused = guarded.client(shopper("ann")).get("/sales")

    assert (refused.status_code, refused.get_json()["code"]) == (403, "not_by_the_gateway")


def test_a_call_past_the_gateway_does_not_learn_which_addresses_there_are(guarded: Bench) -> None:
    assert guarded.client().get("/no-such-thing").status_code == 403


def test_what_the_gateway_hands_on_is_answered_and_health_is_told_to_all(guarded: Bench) -> None:
    assert guarded.client(shopper("ann")).get("/sales", headers=by_the_gateway()).status_code == 200
    assert guarded.client().get("/health/live").status_code == 200


def asked_from(bench: Bench, headers: Mapping[str, str]) -> str:
    app = bench.service.flask_app(bench.runtime)

    @app.after_request
    def tell(response: Any) -> Any:
        response.headers["Seen"] = client_address()
        return response

    client = Client(app)
    answer = client.get(
        "/api/v1/sales", headers=dict(headers), environ_base={"REMOTE_ADDR": "198.51.100.7"}
    )
    return answer.headers["Seen"]


def test_the_address_that_the_gateway_tells_counts(guarded: Bench) -> None:
    told = by_the_gateway(**{CLIENT_ADDRESS: "203.0.113.9"})

    assert asked_from(guarded, told) == "203.0.113.9"


def test_the_address_that_anybody_else_tells_does_not_count(kiosk: Bench, guarded: Bench) -> None:
    assert asked_from(kiosk, {CLIENT_ADDRESS: "203.0.113.9"}) == "198.51.100.7"
    assert asked_from(guarded, {CLIENT_ADDRESS: "203.0.113.9"}) == "198.51.100.7"


def test_a_gateways_token_counts_until_it_ends_and_not_longer() -> None:
    token = mint(GATEWAY, service="kiosk", now=NOW)
    now = [NOW]
    kept = GatewayCheck(key_set_of(GATEWAY), service="kiosk", now=lambda: now[0])
    kept.check(token)
    now[0] = NOW + LIFE_S + LEEWAY_S - 0.1
    kept.check(token)
    now[0] = NOW + LIFE_S + LEEWAY_S

    with pytest.raises(TokenRefused, match="not for now"):
        kept.check(token)


def signed(**changed: Any) -> str:
    header = {"kid": "gateway-1", "typ": changed.pop("typ", "gw+jwt")}
    claims = {"aud": "kiosk", "iat": NOW, "exp": NOW + 60, **changed}
    return jwt.encode(claims, GATEWAY.private, algorithm="EdDSA", headers=header)


WRONG = {
    "none": "",
    "no token": "nonsense",
    "for another service": signed(aud="order"),
    "for several": signed(aud=["kiosk", "order"]),
    "an access token's type": signed(typ="at+jwt"),
    "a life of an hour": signed(exp=NOW + 3600),
    "from the future": signed(iat=NOW + 30, exp=NOW + 60),
    "ended": signed(iat=NOW - 120, exp=NOW - 60),
    "an end that is no number": signed(exp="soon"),
    "signed by another": mint(SigningKey.generate("gateway-1"), service="kiosk", now=NOW),
    "an access token": ISSUER_KEY.mint(
        shopper("ann"), now=SystemClock().now(), life=timedelta(seconds=60)
    ),
}


@pytest.mark.parametrize("token", WRONG.values(), ids=WRONG.keys())
def test_any_other_token_is_not_the_gateways(token: str) -> None:
    with pytest.raises(TokenRefused):
        check().check(token)


def test_a_flood_of_good_tokens_is_not_kept_for_ever() -> None:
    kept = check()
    for second in range(200):
        kept.check(mint(GATEWAY, service="kiosk", now=NOW, life_s=60 - second % 60))

    assert len(kept._ends) <= 64
