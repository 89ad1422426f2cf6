"""A foreign id answers like one that nobody has, on every route that takes an id (API1, API5)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

import pytest

from chassis.http.app import PREFIX
from shop_events import new_id
from tests.journeys import matrix, matrix_of_orders
from tests.journeys.belongings import Household
from tests.journeys.grounds import Cost, Said
from tests.journeys.matrix import OK, Row
from tests.journeys.townsfolk import PEOPLE, Town

pytestmark = pytest.mark.timeout(300)

ROWS: Final = (
    *matrix.ACCOUNT,
    *matrix.CATALOG,
    *matrix.CART,
    *matrix_of_orders.CHECKOUT,
    *matrix_of_orders.ORDERS,
    *matrix_of_orders.PAYMENTS,
    *matrix_of_orders.PARCELS,
    *matrix_of_orders.STOCK,
)
# What looks like an id in a query, a header or a body. In a path everything is one.
LOOKS_LIKE_AN_ID: Final = re.compile(
    r".*(_id|_ids|_token|_codes|-Token)\Z|(token|waybill|shipments|cursor)\Z"
)
# What looks like one and is none of somebody's: the route, the name, and why.
NO_ONES: Final = {
    ("*", "cursor"): "a place in one's own list; see the test of lists",
    ("*", "X-Cart-Token"): "a secret: whoever shows it is the owner",
    ("*", "token"): "a secret: whoever shows it is the owner",
    ("*", "refresh_token"): "a secret: whoever shows it is the owner",
    ("*", "cart_token"): "a secret: whoever shows it is the owner",
    ("*", "card_token"): "a card's, which the provider knows",
    ("*", "external_id"): "the merchant's own word for a product",
    ("*", "order_line_id"): "a number within an order",
    ("*", "line_id"): "a number within an order",
    ("*", "product_ids"): "products are public, and coupons of a merchant are for its own alone",
    ("*", "waybill"): "a number that a carrier gave out; it is looked for at GET /tracking",
    ("PATCH /cart/lines/{line_id}", "sku_id"): "goods are public; it must be of the same product",
    ("POST /dev/accounts", "merchant_id"): "development: whoever fills the town names them",
    ("POST /dev/products", "sku_id"): "development: whoever fills the town names them",
    ("POST /dev/quotes", "sku_id"): "development: a replay brings its own goods",
    ("POST /dev/quotes", "merchant_id"): "development: a replay brings its own goods",
}
NOBODYS: Final = {
    "email": "anybody@town.example",  # masked like Ann's
    "waybill": "PT9999999999",
    "number": "2611229999999999",
    "picture": "0" * 64,
    "category": "no-such-category",
    "carrier": "nobodys",
    "intent": "pi_0",
}


@pytest.fixture(scope="module")
def town(inhabited: Town) -> Iterator[Town]:
    """It must be sound, whatever was tried in it."""
    yield inhabited
    inhabited.prove()


@pytest.fixture(scope="module")
def homes(town: Town) -> Mapping[str, Household]:
    return _homes(town)


def _homes(town: Town) -> Mapping[str, Household]:
    """Whose home is whose; who has none is a guest at the strangers'."""
    first, second = Household(town, "ann", "mo"), Household(town, "bob", "fay")
    return dict.fromkeys(PEOPLE, second) | {"ann": first, "mo": first}


@pytest.fixture(scope="module")
def document(town: Town) -> Any:
    return town.get("nobody", "GET /openapi.json")


def test_every_id_that_a_route_takes_has_its_row_and_every_row_its_route(document: Any) -> None:
    named = {(row.call, name) for row in ROWS for name in row.ids}
    known = set(_names(document))
    looks = {(call, name) for call, name in known if _is_an_id(call, name)}

    assert not sorted(looks - named), "a row of tests/journeys/matrix*.py is missing"
    assert not sorted(named - known), "these rows are about nothing"


def test_whoever_is_in_a_row_is_in_all_of_them() -> None:
    assert {frozenset(row.who) for row in ROWS} == {frozenset(PEOPLE)}


@pytest.mark.parametrize(
    "row", ROWS, ids=[f"{row.call} {' '.join(row.ids.values())}" for row in ROWS]
)
def test_a_foreign_id_is_answered_like_one_that_nobody_has(
    town: Town, homes: Mapping[str, Household], row: Row
) -> None:
    wrong = list(_told_apart(town, homes, row))

    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("way", ["deployed"], indirect=True)
def test_a_foreign_id_is_answered_so_by_processes_on_postgresql_too(peopled: Town) -> None:
    homes = _homes(peopled)

    wrong = [f"{row.call}: {one}" for row in ROWS for one in _told_apart(peopled, homes, row)]

    assert not wrong, "\n".join(wrong)
    peopled.prove()


def _told_apart(town: Town, homes: Mapping[str, Household], row: Row) -> Iterator[str]:
    """By what somebody is answered otherwise than he should be."""
    real = {name: homes["ann"].have(kind) for name, kind in row.ids.items()}
    nobodys = {name: _nobodys(kind) for name, kind in row.ids.items()}
    for who in sorted(PEOPLE, key=lambda who: row.who[who] == OK):  # the owners come last
        own = {name: homes[who].have(kind) for name, kind in row.own.items()}
        said = _ask(town, who, row, real | own)
        if said.status != row.expected(who):
            yield f"{who} got {said.status}, not {row.expected(who)}: {said.body}"
        elif row.who[who] != OK:
            other = _ask(town, who, row, nobodys | own)
            if _told(said, real) != _told(other, nobodys):
                costs = f"{said.cost} and {other.cost}"
                yield f"{who} can tell them apart: {said.body} and {other.body}, {costs}"


def test_no_list_shows_anything_of_anybody_else_whatever_its_cursor(
    town: Town, homes: Mapping[str, Household], document: Any
) -> None:
    """A cursor is not signed: it says where to go on in one's own list, never in whose."""
    for kind in ("order", "address", "promotion", "coupon", "import", "notification", "draft"):
        homes["ann"].have(kind)
    seen = 0
    for path in _lists_of_one_owner(document):
        for owner, stranger in (("ann", "bob"), ("mo", "fay")):
            if town.ask(owner, f"GET {path}").status == 403:
                continue
            cursor = town.get(owner, f"GET {path}?limit=1")["next_cursor"]
            mine = _shown(town, owner, f"{path}?limit=100")
            for more in ("", f"&cursor={cursor}") if cursor else ("",):
                theirs = _shown(town, stranger, f"{path}?limit=100{more}")
                assert not mine & theirs, (path, stranger)
            seen += bool(mine)

    assert seen >= 9


def _shown(town: Town, who: str, path: str) -> set[str]:
    names = ("id", "sku_id", "digest", "order_id")
    items = town.get(who, f"GET {path}")["items"]
    return {next(one[name] for name in names if name in one) for one in items}


def _lists_of_one_owner(document: Any) -> Iterator[str]:
    """Those with pages that shoppers or merchants have; the claim centre is the same for all."""
    for path, item in document["paths"].items():
        operation = item.get("get", {})
        pages = any(one["name"] == "cursor" for one in operation.get("parameters", ()))
        roles = operation.get("x-roles", ["admin"])
        if pages and "{" not in path and roles != ["admin"] and path != f"{PREFIX}/coupons":
            yield path.removeprefix(PREFIX)


def _ask(town: Town, who: str, row: Row, ids: Mapping[str, str]) -> Said:
    method, path = row.call.split(" ")
    query = f"?{_filled(row.query, ids)}" if row.query else ""
    call = f"{method} {path.format_map(ids)}{query}"
    return town.ask(who, call, _filled(row.body, ids), **_filled(row.headers, ids))


def _filled(form: Any, ids: Mapping[str, str]) -> Any:
    match form:
        case str():
            return re.sub(r"\$(\w+)", lambda found: ids[found[1]], form)
        case Mapping():
            return {name: _filled(part, ids) for name, part in form.items()}
        case list():
            return [_filled(part, ids) for part in form]
    return form


def _nobodys(kind: str) -> str:
    return NOBODYS.get(kind.removeprefix("new "), f"x-{new_id()}")


def _told(said: Said, ids: Mapping[str, str]) -> tuple[str, str, str, Cost]:
    """What somebody learns from an answer, but for what is in every answer another.

    By its time, too: SECURITY.md part 3. A clock would be now and then wrong, what is done
    meanwhile is not: as many statements and calls of services.
    """
    text = str(said.body)
    for one in ids.values():
        text = text.replace(one, "...")
    text = re.sub(r"'trace_id': '[0-9a-f]+'", "", text)
    return text, said.headers.get("Content-Type", ""), said.headers.get("ETag", ""), said.cost


def _is_an_id(call: str, name: str) -> bool:
    if f"{{{name}}}" in call:
        return True
    excused = ("*", name) in NO_ONES or (call, name) in NO_ONES
    return LOOKS_LIKE_AN_ID.match(name) is not None and not excused


def _names(document: Any) -> Iterator[tuple[str, str]]:
    """Each call, with the name of each parameter and of each field of its body."""
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if method == "parameters":
                continue
            call = f"{method.upper()} {path.removeprefix(PREFIX)}"
            for one in (*item.get("parameters", ()), *operation.get("parameters", ())):
                yield call, one["name"]
            for content in operation.get("requestBody", {}).get("content", {}).values():
                yield from ((call, name) for name in _fields(document, content["schema"]))


def _fields(document: Any, schema: Any) -> Iterator[str]:
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    for name, below in schema.get("properties", {}).items():
        yield name
        yield from _fields(document, below)
    yield from _fields(document, schema["items"]) if "items" in schema else ()
    for one in (*schema.get("anyOf", ()), *schema.get("allOf", ())):
        yield from _fields(document, one)
