"""The OpenAPI document is the route table, in words others' tools understand."""

import re
from typing import Any

import pytest

from chassis.http.app import PREFIX
from chassis.routes import routes_of
from chassis.testing import Bench
from libs.chassis.tests.kiosk.service import service


@pytest.fixture
def document(kiosk: Bench) -> Any:
    return kiosk.client().get("/openapi.json").get_json()


def test_the_document_has_every_route_of_the_api_and_no_other(kiosk: Bench, document: Any) -> None:
    told = {
        (path, method.upper())
        for path, item in document["paths"].items()
        for method in item
        if method != "parameters"
    }
    served = {
        (re.sub("<([^>]+)>", r"{\1}", path), method)
        for path, methods, _ in routes_of(kiosk.app)
        for method in methods
        if path.startswith(PREFIX)
    }

    assert told == served
    assert document["openapi"] == "3.1.0"


def test_a_route_tells_who_may_call_it_and_what_it_says(document: Any) -> None:
    post = document["paths"]["/api/v1/sales"]["post"]

    assert post["security"] == [{"token": []}]
    assert post["x-roles"] == ["shopper"]
    assert post["x-publishes"] == ["kiosk_sale.made.v1"]
    assert post["summary"] == "Buy mugs."
    assert document["paths"]["/api/v1/baskets"]["post"]["security"] == [{}, {"token": []}]


def test_a_route_tells_which_headers_it_needs_and_which_it_heeds(document: Any) -> None:
    def headers(path: str) -> dict[str, bool]:
        told = document["paths"][f"/api/v1/{path}"]["post"].get("parameters", [])
        return {one["name"]: one["required"] for one in told if one["in"] == "header"}

    assert headers("sales") == {"Idempotency-Key": True}
    assert headers("kiosks") == {"Idempotency-Key": False, "If-Match": False, "Prefer": False}
    assert headers("baskets") == {}


def test_every_error_is_told_to_be_a_problem_document(document: Any) -> None:
    default = document["components"]["responses"]["DEFAULT_ERROR"]

    assert list(default["content"]) == ["application/problem+json"]
    for item in document["paths"].values():
        for method, operation in item.items():
            assert method == "parameters" or operation["responses"]["default"] == {
                "$ref": "#/components/responses/DEFAULT_ERROR"
            }


def test_money_is_told_as_a_closed_object(document: Any) -> None:
    tip = document["components"]["schemas"]["BuyMugs"]["properties"]["tip"]

    assert tip["additionalProperties"] is False
    assert tip["required"] == ["amount", "currency"]
    assert tip["properties"]["amount"]["type"] == "string"


def test_the_entry_points_tell_what_they_may_say() -> None:
    said = {
        name: {event.__name__ for event in events} for name, events in service.publishes().items()
    }

    assert said == {
        "http post_sale": {"SaleMade"},
        "http post_wrapped_sale": {"SaleMade"},
        "at collect": {"SaleForgotten"},
    }
