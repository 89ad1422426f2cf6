"""Who comes in, and with what."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from marshmallow import ValidationError

from chassis import Role, Runtime, Service, anyone, who
from chassis.http import Blueprint, Instant
from chassis.routes import UndeclaredRoute
from chassis.testing import Bench, admin, merchant, shopper
from libs.chassis.tests.kiosk.errors import KioskError
from libs.chassis.tests.kiosk.service import service
from shop_events import Subscriptions


def test_somebody_without_a_token_is_asked_for_one(kiosk: Bench) -> None:
    refused = kiosk.client().post("/sales", {"mugs": 1})

    assert refused.status_code == 401
    assert refused.get_json()["code"] == "not_signed_in"
    assert refused.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("identity", [merchant(), admin()], ids=["merchant", "admin"])
def test_another_role_is_refused_even_with_a_broken_body(kiosk: Bench, identity: Any) -> None:
    refused = kiosk.client(identity).post("/sales", {"nonsense": 1})

    assert refused.status_code == 403
    assert refused.get_json()["code"] == "not_allowed"


@pytest.mark.parametrize("header", ["Bearer nonsense", "Basic YTpi", "Bearer", ""])
def test_a_token_that_is_none_is_refused_where_anyone_may_come_too(
    kiosk: Bench, header: str
) -> None:
    refused = kiosk.client().post("/baskets", {"lines": []}, headers={"Authorization": header})

    assert refused.status_code == 401
    assert refused.get_json()["code"] == "token_refused"
    assert "invalid_token" in refused.headers["WWW-Authenticate"]


def test_an_open_route_knows_who_came_with_a_token(kiosk: Bench) -> None:
    assert kiosk.client().post("/baskets", {"lines": []}).get_json()["caller"] is None
    assert (
        kiosk.client(shopper("ann")).post("/baskets", {"lines": []}).get_json()["caller"] == "ann"
    )


def test_a_token_ends_while_the_clock_goes_on(kiosk: Bench) -> None:
    ann = kiosk.client(shopper())
    old = ann._token()
    kiosk.advance(700)

    assert kiosk.client().get("/sales", headers=old).status_code == 401
    assert ann.get("/sales").status_code == 200


def test_a_signed_webhook_needs_no_token(kiosk: Bench) -> None:
    came = kiosk.client().post("/webhooks/supplier", {"a": 1}, headers={"Authorization": "X y"})

    assert came.status_code == 200


def test_a_service_with_an_undeclared_route_does_not_start(kiosk: Bench) -> None:
    open_door = Blueprint("open", __name__)

    @open_door.get("/back-door")
    def back_door() -> str:
        return "come in"

    careless = Service(
        name="careless",
        blueprints=(open_door,),
        subscriptions=Subscriptions("careless"),
        errors=KioskError,
        migrations=Path(),
    )

    with pytest.raises(UndeclaredRoute, match="/api/v1/back-door"):
        careless.flask_app(Runtime(careless, kiosk.runtime.settings))


def test_a_declaration_counts_wherever_it_stands() -> None:
    @who(Role.ADMIN)
    def closed() -> None: ...

    with pytest.raises(ValueError, match="at least one role"):
        who()
    assert anyone(closed) is closed


WRONG_BODIES = {
    "half a text": (b'{"mugs": 1', "application/json", 400),
    "Latin-1": ('{"mugs": "ö"}'.encode("latin-1"), "application/json", 400),
    "another charset": (b'{"mugs": 1}', "application/json; charset=latin-1", 415),
    "a key twice": (b'{"mugs": 1, "mugs": 2}', "application/json", 400),
    "a key twice further down": (b'{"lines": [{"a": 1, "a": 2}]}', "application/json", 400),
    "too deep": (b"[" * 40 + b"]" * 40, "application/json", 400),
    "far too deep": (b"[" * 100_000 + b"]" * 100_000, "application/json", 400),
    "NaN": (b'{"mugs": NaN}', "application/json", 400),
    "beyond all numbers": (b'{"mugs": 1e999}', "application/json", 400),
    "a number of 5000 digits": (b'{"mugs": ' + b"9" * 5000 + b"}", "application/json", 400),
    "a NUL": (b'{"mugs": "\\u0000"}', "application/json", 400),
    "half a surrogate pair": (b'{"mugs": "\\ud800"}', "application/json", 400),
    "a form": (b"mugs=1", "application/x-www-form-urlencoded", 415),
    "no type": (b'{"mugs": 1}', None, 415),
    "XML": (b"<mugs/>", "application/xml", 415),
    "too large": (b" " * 1_000_001, "application/json", 413),
    "a list": (b"[]", "application/json", 422),
    "nothing": (b"", "application/json", 422),
    "null": (b"null", "application/json", 422),
}


@pytest.mark.parametrize(("data", "kind", "status"), WRONG_BODIES.values(), ids=WRONG_BODIES.keys())
def test_a_body_that_is_not_plain_json_is_refused_as_a_problem(
    kiosk: Bench, data: bytes, kind: str | None, status: int
) -> None:
    refused = kiosk.client(shopper()).post("/sales", data=data, content_type=kind)

    assert refused.status_code == status, refused.text
    assert refused.content_type == "application/problem+json"
    assert refused.get_json(force=True)["trace_id"]


def test_a_doubled_slash_leads_nowhere(kiosk: Bench) -> None:
    lost = kiosk.client(shopper()).get("//sales", headers={"Host": "evil.example"})

    assert (lost.status_code, lost.get_json()["code"]) == (404, "not_found")
    assert "Location" not in lost.headers


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_an_instant_that_utc_has_no_year_for_is_refused(text: str) -> None:
    with pytest.raises(ValidationError, match="Not a valid"):
        Instant().deserialize(text)


def test_an_instant_is_read_into_utc() -> None:
    assert Instant().deserialize("2026-11-22T08:00:00+08:00") == datetime(2026, 11, 22, tzinfo=UTC)


WRONG_FIELDS = {
    "missing": ({}, "mugs"),
    "unknown": ({"mugs": 1, "price": 0}, "price"),
    "zero": ({"mugs": 0}, "mugs"),
    "negative": ({"mugs": -1}, "mugs"),
    "huge": ({"mugs": 10_000}, "mugs"),
    "half a mug": ({"mugs": 1.5}, "mugs"),
    "a text": ({"mugs": "1"}, "mugs"),
    "true": ({"mugs": True}, "mugs"),
    "null": ({"mugs": None}, "mugs"),
    "money as a number": ({"mugs": 1, "tip": 19.9}, "tip"),
    "an amount as a number": ({"mugs": 1, "tip": {"amount": 19.9, "currency": "CNY"}}, "tip"),
    "a currency nobody knows": ({"mugs": 1, "tip": {"amount": "1", "currency": "XXX"}}, "tip"),
    "three digits": ({"mugs": 1, "tip": {"amount": "1.999", "currency": "CNY"}}, "tip"),
    "money and more": ({"mugs": 1, "tip": {"amount": "1", "currency": "CNY", "x": 1}}, "tip"),
}


@pytest.mark.parametrize(("body", "field"), WRONG_FIELDS.values(), ids=WRONG_FIELDS.keys())
def test_a_wrong_field_is_named(kiosk: Bench, body: dict[str, Any], field: str) -> None:
    refused = kiosk.client(shopper()).post("/sales", body)

    assert refused.status_code == 422
    told = refused.get_json()
    assert told["code"] == "validation_failed"
    assert list(told["errors"]) == [field]
    assert all(isinstance(text, str) for text in told["errors"][field])


def test_a_wrong_field_far_down_is_named_by_its_path(kiosk: Bench) -> None:
    refused = kiosk.client().post("/baskets", {"lines": [{"mugs": 1}, {"mugs": 0, "price": 1}]})

    assert set(refused.get_json()["errors"]) == {"lines.1.mugs", "lines.1.price"}


def test_a_whole_number_with_a_point_is_a_whole_number(kiosk: Bench) -> None:
    sold = kiosk.client(shopper()).post(
        "/sales", data=b'{"mugs": 2.0}', content_type="application/json"
    )

    assert sold.status_code == 201
    assert sold.get_json()["mugs"] == 2


def test_money_goes_out_as_it_came_in(kiosk: Bench) -> None:
    tip = {"amount": "19.90", "currency": "CNY"}

    said = kiosk.client().post("/baskets", {"lines": [{"mugs": 1, "tip": tip}]})

    assert said.get_json()["lines"] == [{"mugs": 1, "tip": tip}]


@pytest.mark.parametrize("body", [b"null", b"[]", b"5"])
def test_a_body_that_is_no_object_is_told_so(kiosk: Bench, body: bytes) -> None:
    refused = kiosk.client().post("/baskets", data=body, content_type="application/json")

    assert refused.status_code == 422
    assert refused.get_json()["errors"] == {"_schema": ["This is no JSON object."]}


def test_a_route_may_take_another_type_and_then_takes_no_json(kiosk: Bench) -> None:
    mo = kiosk.client(merchant())

    assert mo.post("/lists", data=b"a,b\n", content_type="text/csv").get_json() == {"bytes": 4}
    assert mo.post("/lists", {"a": 1}).status_code == 415


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("/sales?limit=1&limit=2", "duplicate_parameter"),
        ("/sales/%00", "bad_address"),
        ("/sales?cursor=%00", "bad_address"),
        ("/sales?cursor=%C2%ED%BF%CB", "bad_address"),  # GBK
    ],
)
def test_an_ambiguous_or_unstorable_address_is_refused(
    kiosk: Bench, address: str, code: str
) -> None:
    refused = kiosk.client(shopper()).get(address)

    assert refused.status_code == 400
    assert refused.get_json()["code"] == code


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=101", "limit=x", "cursor=x", "unknown=1", "cursor=bnVsbA=="]
)
def test_a_list_takes_only_the_parameters_it_knows(kiosk: Bench, query: str) -> None:
    assert kiosk.client(shopper()).get(f"/sales?{query}").status_code == 422


@pytest.mark.parametrize("path", ["/sales", "/no-such-place", "/health/live"])
def test_no_answer_is_kept_by_somebody_else_or_taken_for_another_type(
    kiosk: Bench, path: str
) -> None:
    answer = kiosk.client(shopper()).get(path)

    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_importing_a_service_connects_to_nothing() -> None:
    assert isinstance(service.blueprints[0], Blueprint)
    assert not isinstance(service.wsgi(), Flask)


def test_a_streamed_body_comes_in_pieces_up_to_the_size_its_route_allows(kiosk: Bench) -> None:
    client = kiosk.client()

    whole = client.post("/long-lists", data=b"x" * 1_500_000, content_type="text/csv")
    more = client.post("/long-lists", data=b"x" * 1_500_001, content_type="text/csv")
    other = client.post("/long-lists", data=b"x", content_type="application/json")

    assert whole.get_json() == {"bytes": 1_500_000, "largest": 65_536}
    assert (more.status_code, other.status_code) == (413, 415)
