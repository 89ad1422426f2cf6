"""What passes the door in a call and in an answer, and what does not."""

import re
from pathlib import Path

import pytest
from werkzeug.wrappers import Response

from chassis.gateway import GatewayCheck
from chassis.signing import SigningKeys
from chassis.testing import shopper
from chassis.tokens import SigningKey, key_set_of
from gateway.headers import ALWAYS
from tests.support.doors import Town

LIES = {
    "X-User-Id": "bob",
    "X-User-Role": "admin",
    "X-Forwarded-For": "203.0.113.9",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Anything": "x",
    "X-Real-IP": "203.0.113.9",
    "Forwarded": "for=203.0.113.9",
    "X-Gateway-Token": "mine",
    "X-Http-Method-Override": "DELETE",
    "X-Original-Url": "/admin",
    "Cookie": "session=1",
    "Keep-Alive": "timeout=5",
    "Te": "trailers",
    "Upgrade": "h2c",
    "Proxy-Authorization": "Basic YTpi",
}


def test_what_only_the_gateway_may_say_is_taken_out_of_a_call(town: Town) -> None:
    town.ask("GET", "/mugs", headers=LIES)

    assert not LIES.keys() & set(town.shelf.last.headers.keys())


def test_a_header_that_is_about_the_connection_ends_with_it(town: Town) -> None:
    town.ask("GET", "/mugs", headers={"Connection": "close, X-Secret-Hop", "X-Secret-Hop": "1"})

    assert not {"Connection", "X-Secret-Hop"} & set(town.shelf.last.headers.keys())


def test_a_service_is_told_where_the_client_is_and_how_long_there_is(town: Town) -> None:
    lie = {"X-Client-Address": "203.0.113.9", "X-Deadline-Ms": "999999"}
    town.ask(
        "POST",
        "/mugs",
        shopper("ann"),
        headers=lie,
        environ_base={"REMOTE_ADDR": "198.51.100.7"},
    )

    assert town.shelf.last.headers["X-Client-Address"] == "198.51.100.7"
    assert town.shelf.last.headers["X-Deadline-Ms"] == "500"


def test_what_a_client_wishes_is_handed_on(town: Town) -> None:
    wishes = {"Prefer": "wait=5", "Idempotency-Key": "k1", "X-Cart-Token": "c1", "If-Match": '"3"'}
    town.ask("GET", "/mugs", headers=wishes)

    assert wishes.items() <= dict(town.shelf.last.headers).items()


@pytest.mark.parametrize(
    "headers",
    [{f"X-Number-{n}": "1" for n in range(90)}, {"X-Long": "a" * 8_001}],
    ids=["many", "long"],
)
def test_headers_that_no_service_would_read_are_refused(
    town: Town, headers: dict[str, str]
) -> None:
    refused = town.ask("GET", "/mugs", headers=headers)

    assert (refused.status_code, refused.get_json(force=True)["code"]) == (431, "headers_too_large")


def test_a_call_belongs_to_one_trace_from_outside_to_the_service(town: Town) -> None:
    parent = f"00-{'a' * 32}-{'b' * 16}-01"
    answer = town.ask("GET", "/mugs", headers={"traceparent": parent, "X-Request-Id": "r-1"})

    assert town.shelf.last.headers["X-Request-Id"] == answer.headers["X-Request-Id"] == "r-1"
    handed_on = town.shelf.last.headers["Traceparent"]
    assert handed_on.split("-")[1] == "a" * 32
    assert handed_on != parent


def test_a_call_without_ids_gets_some_and_nonsense_is_replaced(town: Town) -> None:
    answer = town.ask("GET", "/mugs", headers={"X-Request-Id": "a b\tc", "traceparent": "00-1"})

    assert re.fullmatch(r"[0-9a-f-]{36}", answer.headers["X-Request-Id"])
    assert re.fullmatch(r"00-[0-9a-f]{32}-[0-9a-f]{16}-01", town.shelf.last.headers["Traceparent"])


ADDRESSES = {
    "an answer": ("GET", "/mugs"),
    "nothing there": ("GET", "/nowhere"),
    "a wrong method": ("PATCH", "/mugs"),
    "no token": ("POST", "/mugs"),
    "a service that is down": ("GET", "/gone"),
    "the methods": ("OPTIONS", "/mugs"),
    "health": ("GET", "/health/live"),
    "the document": ("GET", "/api/v1/openapi.json"),
    "outside the API": ("GET", "/api/nothing"),
}


@pytest.mark.parametrize(("method", "path"), ADDRESSES.values(), ids=ADDRESSES.keys())
def test_every_answer_tells_browsers_to_be_careful(town: Town, method: str, path: str) -> None:
    answer = town.ask(method, path)

    assert ALWAYS.items() <= dict(answer.headers).items()
    assert answer.headers["X-Request-Id"]
    assert "Server" not in answer.headers


def test_what_a_service_says_of_caching_and_of_itself_is_kept_or_not(town: Town) -> None:
    town.shelf.answer = lambda _request: Response(
        b"{}", headers={"Cache-Control": "max-age=60", "ETag": '"1"', "Server": "x", "Via": "y"}
    )
    answer = town.ask("GET", "/mugs")

    assert (answer.headers["Cache-Control"], answer.headers["ETag"]) == ("max-age=60", '"1"')
    assert not {"Server", "Via"} & set(answer.headers.keys())


def test_a_problem_of_a_service_passes_as_it_is(town: Town) -> None:
    words = b'{"code":"out_of_stock","left":3}'
    town.shelf.answer = lambda _request: Response(
        words, 409, {"Retry-After": "3"}, content_type="application/problem+json"
    )
    answer = town.ask("GET", "/mugs")

    assert (answer.status_code, answer.data, answer.content_type) == (
        409,
        words,
        "application/problem+json",
    )
    assert answer.headers["Retry-After"] == "3"


def test_no_foreign_page_may_call_unless_it_is_named(town: Town) -> None:
    answer = town.ask("GET", "/mugs", headers={"Origin": "https://evil.example"})

    assert not [name for name, _ in answer.headers if name.startswith("Access-Control")]


def test_a_named_page_may_call_and_asks_first(tmp_path: Path) -> None:
    town = Town(tmp_path, cors_origins=("https://shop.example",))
    origin = {"Origin": "https://shop.example"}
    asked_first = town.ask(
        "OPTIONS", "/mugs", headers={**origin, "Access-Control-Request-Method": "POST"}
    )
    answer = town.ask("GET", "/mugs", headers=origin)
    foreign = town.ask("GET", "/mugs", headers={"Origin": "https://evil.example"})
    town.close()

    assert asked_first.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS, POST"
    assert "Idempotency-Key" in asked_first.headers["Access-Control-Allow-Headers"]
    assert answer.headers["Access-Control-Allow-Origin"] == "https://shop.example"
    assert answer.headers.getlist("Vary") == ["Origin"]
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert "Access-Control-Allow-Origin" not in foreign.headers


def test_a_service_can_tell_that_a_call_came_by_the_gateway(tmp_path: Path) -> None:
    key = SigningKey.generate("gateway-1")
    town = Town(tmp_path, signing_keys=SigningKeys.of(key))
    town.ask("GET", "/mugs", headers={"X-Gateway-Token": "mine"})
    first = town.shelf.last.headers["X-Gateway-Token"]
    town.ask("GET", "/mugs")
    town.close()

    GatewayCheck(key_set_of(key), service="shelf").check(first)
    assert town.shelf.last.headers["X-Gateway-Token"] == first
