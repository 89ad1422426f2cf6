"""Whatever is sent, the answer is a 4xx that names what is wrong, and nothing happens."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Final

import pytest

from chassis.http.app import PREFIX
from chassis.problems import MEDIA_TYPE
from chassis.strict_json import LARGEST_BODY_BYTES
from tests.journeys.grounds import Said
from tests.journeys.spoilt import FILES, FORMS, Form
from tests.journeys.townsfolk import NOBODY, Town
from tests.support import eventually

pytestmark = pytest.mark.timeout(300)

JSON: Final = "application/json"
ASKS: Final = {"shopper": "ann", "merchant": "mo", "admin": "ada"}
# Nobody sets these from outside (SECURITY.md part 3, API3), unless it is their work: THEIRS.
NOT_YOURS: Final = (
    *("price", "amount", "total", "discount", "shipping", "status", "state", "user_id"),
    *("account_id", "role", "roles", "merchant_id", "verified", "paid_at", "version", "id"),
)
MONEY: Final = {"amount", "currency"}
THEIRS: Final = {
    ("PATCH /admin/merchants/{merchant_id}", "status"),
    ("POST /auth/login", "role"),
    ("POST /merchant/products/bulk", "status"),
    ("POST /merchant/products/bulk", "price"),
    ("POST /catalog/products", "price"),
    ("PATCH /catalog/products/{product_id}", "price"),
    ("POST /promotions", "amount"),
    ("POST /promotions", "total"),
    ("PATCH /promotions/{promotion_id}", "amount"),
    ("PATCH /promotions/{promotion_id}", "total"),
    ("POST /refunds", "amount"),
    ("POST /refunds", "merchant_id"),
}
# No JSON object, or none that is read the same by everybody.
NO_JSON: Final = (
    b"{",
    b"[]",
    b"null",
    b'"x"',
    b"7",
    b"\xff\xfe{}",
    b'{"x": "\xc3\x28"}',
    b'{"x": 1, "x": 2}',
    b'{"x": NaN}',
    b'{"x": 1e999}',
    b'{"x": ' + b"9" * 5_000 + b"}",
    b'{"x": "\\u0000"}',
    b'{"x": "\\ud800"}',
    b'{"x": ' + b"[" * 33 + b"]" * 33 + b"}",
    b"[" * 100_000,
)
QUERIES: Final = {
    "limit": ("0", "101", "-1", "1.5", "all", "", "9" * 30, "1&limit=2"),
    "cursor": ("garbage", "e30=", "WzEsMl0", "%00", "%ff", "W251bGxd"),
    "status": ("gold", "%00"),
    "order_id": ("", "a%20b", "x" * 65, "%00", "%ff"),
}


@pytest.fixture(scope="module")
def town(peopled: Town) -> Iterator[Town]:
    """On both ways to run. It must be sound, whatever was tried in it."""
    peopled.settle_in()
    yield peopled
    peopled.prove()


@pytest.fixture(scope="module")
def document(town: Town) -> Any:
    return town.get(NOBODY, "GET /openapi.json")


@pytest.fixture(autouse=True)
def nothing_happens(town: Town) -> Iterator[None]:
    """Not one event is told in any of these tests."""
    town.rest()
    before = town.told()
    yield
    town.rest()
    assert town.told() == before


def problem(said: Said) -> bool:
    """Whether this is a refusal as API.md has them."""
    whole = isinstance(said.body, dict) and {"type", "title", "detail", "code"} <= said.body.keys()
    return 400 <= said.status < 500 and whole and said.headers["Content-Type"] == MEDIA_TYPE


@pytest.mark.parametrize("form", FORMS, ids=[form.call for form in FORMS])
def test_a_field_that_is_wrong_is_named(town: Town, form: Form) -> None:
    wrong = []
    for field, value, body in form.spoilt():
        said = town.ask(form.who, form.call, json.dumps(body).encode(), **form.headers)
        named = said.body.get("errors", {}) if isinstance(said.body, dict) else {}
        if not problem(said) or not any(_about(field, one) for one in named):
            wrong.append(f"{field} = {str(value)[:60]!r}: {said}")

    assert not wrong, "\n".join(wrong)


def test_what_is_not_one_s_own_to_set_is_refused_by_name(town: Town, document: Any) -> None:
    """Mass assignment: in each body, and each object in it."""
    wrong, settable = [], set()
    for who, call, schema in _writes(document):
        for path, known in _objects(document, schema):
            if known == MONEY:
                continue
            settable |= {(call, name) for name in NOT_YOURS if name in known}
            names = [name for name in NOT_YOURS if name not in known]
            body = _wrapped(dict.fromkeys(names, "1"), path)
            said = town.ask(who, _about_nothing(call), body)
            named = said.body.get("errors", {})
            missed = [name for name in names if ".".join((*path, name)) not in named]
            if not problem(said) or missed:
                wrong.append(f"{call} takes {missed} in {path}: {said}")

    assert not wrong, "\n".join(wrong)
    assert {one for one in settable if not one[0].startswith("POST /dev/")} == THEIRS


def test_what_is_no_json_is_refused_on_every_route_that_takes_some(
    town: Town, document: Any
) -> None:
    wrong = []
    for who, call, _ in _writes(document):
        for raw in NO_JSON:
            said = town.ask(who, _about_nothing(call), raw)
            if not problem(said) or said.status not in (400, 422):
                wrong.append(f"{call} {raw[:30]!r}: {said}")
        large = b'{"x": "' + b"x" * LARGEST_BODY_BYTES + b'"}'
        for status, raw, kind in (
            (413, large, JSON),
            (415, b"{}", "text/plain"),
            (415, b"x=1", "application/x-www-form-urlencoded"),
            (415, b"{}", ""),
        ):
            said = town.ask(who, _about_nothing(call), raw, Content_Type=kind)
            if not problem(said) or said.status != status:
                wrong.append(f"{call} {kind} {raw[:30]!r}: {said}")

    assert not wrong, "\n".join(wrong)


def test_a_question_that_is_wrong_is_told_what_is_wrong_with_it(town: Town, document: Any) -> None:
    wrong = []
    for who, call, names in _questions(document):
        for name in names & QUERIES.keys():
            for text in QUERIES[name]:
                said = town.ask(who, f"{call}?{name}={text}")
                if not problem(said):
                    wrong.append(f"{call} {name}={text}: {said}")
        if names and not problem(said := town.ask(who, f"{call}?no_such_filter=1")):
            wrong.append(f"{call} takes what it does not know: {said}")

    assert not wrong, "\n".join(wrong)


def test_no_file_is_so_hostile_that_it_does_more_than_be_refused(town: Town) -> None:
    """Row 110: refused at once, or row by row with the row's number; nothing comes of it."""
    wrong = []
    for name, raw in FILES.items():
        said = town.ask("mo", "POST /catalog/imports", raw, Content_Type="text/csv")
        if said.status == 202:
            done = _worked_through(town, said.body["id"])
            if not done["errors_count"] or done["created"] or done["changed"]:
                wrong.append(f"{name}: {done}")
        elif not problem(said) or said.status != 422:
            wrong.append(f"{name}: {said}")
    too_large = b"x" * (32 * 1024 * 1024 + 1)
    said = town.ask("mo", "POST /catalog/imports", too_large, Content_Type="text/csv")

    assert not wrong, "\n".join(wrong)
    assert (said.status, said.code) == (413, "body_too_large")


def _worked_through(town: Town, import_id: str) -> Any:
    call = f"GET /catalog/imports/{import_id}"
    eventually(lambda: town.get("mo", call)["state"] in ("done", "failed"), within_s=30)
    return town.get("mo", call)


def _about(field: str, named: str) -> bool:
    """An error may be of a part of the field, or of the list that it is in."""
    return named.startswith(field) or field.startswith(named)


def _writes(document: Any) -> Iterator[tuple[str, str, Any]]:
    """Who sends JSON where, and in which form."""
    for who, call, operation in _operations(document):
        content = operation.get("requestBody", {}).get("content", {})
        if JSON in content:
            yield who, call, content[JSON]["schema"]


def _questions(document: Any) -> Iterator[tuple[str, str, set[str]]]:
    for who, call, operation in _operations(document):
        if call.startswith("GET ") and "{" not in call:
            found = operation.get("parameters", ())
            yield who, call, {one["name"] for one in found if one["in"] == "query"}


def _operations(document: Any) -> Iterator[tuple[str, str, Any]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if method != "parameters" and path.startswith(PREFIX):
                roles = operation.get("x-roles")
                who = ASKS[roles[-1] if "shopper" not in roles else "shopper"] if roles else NOBODY
                yield who, f"{method.upper()} {path.removeprefix(PREFIX)}", operation


def _objects(document: Any, schema: Any) -> Iterator[tuple[tuple[str, ...], set[str]]]:
    """Where there is an object in a body (lists by their first), and which fields it has."""
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    for one in (*schema.get("anyOf", ()), *schema.get("allOf", ())):
        yield from _objects(document, one)
    if "items" in schema:
        yield from ((("0", *path), known) for path, known in _objects(document, schema["items"]))
    if fields := schema.get("properties"):
        yield (), set(fields)
        for name, below in fields.items():
            yield from (((name, *path), known) for path, known in _objects(document, below))


def _wrapped(body: Any, path: tuple[str, ...]) -> Any:
    for part in reversed(path):
        body = [body] if part == "0" else {part: body}
    return body


def _about_nothing(call: str) -> str:
    return re.sub(r"\{\w+\}", "x-1", call)
