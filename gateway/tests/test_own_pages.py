"""The gateway's own pages: the document of the API, the page to read it, and health."""

import re
from pathlib import Path
from typing import Any

import pytest

from gateway.openapi import merge
from gateway.routes import Route, Table
from gateway.table import ANYONE
from gateway.upstream import Answer, InProcess, Unreachable
from shop_events import ManualClock
from tests.support.doors import Shelf, Town, Visitor, gateway

TABLE = Table(
    [
        Route("GET", "/mugs", "shelf", ANYONE),
        Route("POST", "/mugs", "shelf", ANYONE),
        Route("GET", "/cellar", "cellar", ANYONE),
    ]
)


def document(*paths: str, **schemas: Any) -> dict[str, Any]:
    ref = {"$ref": "#/components/schemas/Page"}
    operation = {
        "tags": ["whatever"],
        "responses": {"200": {"content": {"application/json": {"schema": ref}}}},
    }
    item = {"get": operation, "post": operation, "delete": operation}
    return {"paths": dict.fromkeys(paths, item), "components": {"schemas": schemas}}


PROBLEM = {"type": "object"}
PAGE_OF_MUGS = {"items": {"$ref": "#/components/schemas/Thing"}}


def test_the_document_has_what_the_table_has_and_nothing_else() -> None:
    shelf = document("/api/v1/mugs", "/api/v1/hidden", "/api/v1/cellar", Page={})
    merged = merge({"shelf": shelf}, TABLE)

    assert list(merged["paths"]) == ["/api/v1/mugs"]
    assert sorted(merged["paths"]["/api/v1/mugs"]) == ["get", "post"]
    assert merged["paths"]["/api/v1/mugs"]["get"]["tags"] == ["shelf"]


def test_components_of_one_name_that_differ_are_told_apart_and_equal_ones_are_one() -> None:
    merged = merge(
        {
            "shelf": document("/api/v1/mugs", Page={"title": "mugs"}, Problem=PROBLEM),
            "cellar": document("/api/v1/cellar", Page={"title": "wine"}, Problem=PROBLEM),
        },
        TABLE,
    )

    assert merged["components"]["schemas"] == {
        "CellarPage": {"title": "wine"},
        "ShelfPage": {"title": "mugs"},
        "Problem": PROBLEM,
    }
    assert used(merged, "/api/v1/cellar") == "#/components/schemas/CellarPage"
    assert used(merged, "/api/v1/mugs") == "#/components/schemas/ShelfPage"


def test_components_that_differ_in_what_they_are_made_of_differ() -> None:
    merged = merge(
        {
            "shelf": document("/api/v1/mugs", Page=PAGE_OF_MUGS, Thing={"title": "mug"}),
            "cellar": document("/api/v1/cellar", Page=PAGE_OF_MUGS, Thing={}),
        },
        TABLE,
    )
    schemas = merged["components"]["schemas"]

    assert sorted(schemas) == ["CellarPage", "CellarThing", "ShelfPage", "ShelfThing"]
    assert schemas["ShelfPage"] == {"items": {"$ref": "#/components/schemas/ShelfThing"}}


def used(merged: dict[str, Any], path: str) -> str:
    answer = merged["paths"][path]["get"]["responses"]["200"]
    return str(answer["content"]["application/json"]["schema"]["$ref"])


def test_the_document_is_told_and_kept(town: Town) -> None:
    first = town.ask("GET", "/api/v1/openapi.json")

    assert first.get_json()["openapi"] == "3.1.0"
    assert town.ask("GET", "/api/v1/openapi.json").data == first.data
    assert town.ask("POST", "/api/v1/openapi.json").headers["Allow"] == "GET, HEAD, OPTIONS"


def test_the_page_needs_nothing_from_elsewhere_and_runs_nothing_but_its_own(town: Town) -> None:
    page = town.ask("GET", "/api/docs")
    policy = page.headers["Content-Security-Policy"]
    (nonce,) = set(re.findall(r'nonce="([^"]+)"', page.text))

    assert page.content_type == "text/html; charset=utf-8"
    assert f"script-src 'nonce-{nonce}'" in policy
    assert "default-src 'none'" in policy
    assert "{{" not in page.text
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', page.text)
    assert not re.findall(r"\son\w+=|innerHTML|\bstyle=", page.text)
    assert nonce not in town.ask("GET", "/api/docs").text


class Down:
    """A service that cannot work."""

    def answer(self, call: Any, *, within_s: float, streamed: bool) -> Answer:
        raise Unreachable("Nobody listens there.", sent=False)


def test_it_is_ready_while_anybody_answers_and_says_who_does_not(tmp_path: Path) -> None:
    both = {"shelf": InProcess(Shelf()), "cellar": Down()}
    gate = gateway(tmp_path, both, ManualClock())
    told = Visitor(gate, ManualClock()).ask("GET", "/health/ready")
    gate.close()

    assert told.status_code == 200
    assert told.get_json() == {
        "status": "degraded",
        "checks": {"cellar": "unavailable", "shelf": "ok"},
    }


def test_it_is_not_ready_when_nobody_answers(tmp_path: Path) -> None:
    gate = gateway(tmp_path, {"cellar": Down()}, ManualClock())
    visitor = Visitor(gate, ManualClock())
    told, live = visitor.ask("GET", "/health/ready"), visitor.ask("GET", "/health/live")
    document = visitor.ask("GET", "/api/v1/openapi.json")
    gate.close()

    assert (told.status_code, told.get_json()["status"]) == (503, "not_ready")
    assert (live.status_code, document.status_code) == (200, 503)


@pytest.mark.parametrize("path", ["/health/live", "/health/ready"])
def test_health_is_told_to_all(town: Town, path: str) -> None:
    assert town.ask("GET", path).status_code == 200
