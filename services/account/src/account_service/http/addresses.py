"""Routes of the address book, and of the table of divisions behind it."""

from __future__ import annotations

from typing import Any, Final

from flask import Response, current_app, jsonify
from flask.typing import ResponseReturnValue

from account_service.domain.divisions import below
from account_service.domain.errors import AddressNotFound, DivisionNotFound
from account_service.http import book_schemas
from account_service.http.account import SELF
from account_service.http.views import address_view, items
from account_service.store import addresses
from account_service.usecases.keep_addresses import add_address, edit_address, remove_address
from chassis.http import Blueprint
from chassis.idempotency import once
from chassis.requests import begin, current_identity, read
from chassis.routes import Header, anyone, heeds, who

book = Blueprint("addresses", __name__, url_prefix="/account/addresses")
divisions = Blueprint("divisions", __name__, url_prefix="/divisions")

A_DAY_S: Final = 86_400


@book.get("")
@who(*SELF)
@book.response(200, book_schemas.AddressList)
def get_addresses() -> Response:
    """My addresses, the default first."""
    with read() as connection:
        found = addresses.list_of(connection, current_identity().subject)
    return jsonify(items([address_view(one) for one in found]))


@book.post("")
@who(*SELF)
@heeds(Header.KEY)
@book.arguments(book_schemas.AddAddress)
@book.response(201, book_schemas.AddressAnswer)
def post_address(body: dict[str, Any]) -> ResponseReturnValue:
    """Write an address down; the first one is the default. Fifty at most.

    With an ``Idempotency-Key`` a repeat writes nothing more down, and is told it as it is then;
    404 where it was taken out meanwhile.
    """
    body["phone"] = body["phone"].value
    me = current_identity().subject
    written = once(lambda tx: ({"id": add_address(tx, me, body).id}, 201, {}))
    return _told(written, me) if written.status_code == 201 else written


def _told(written: Response, me: str) -> Response:
    """The answer with the address in it: answers that are kept for repeats hold nobody's data."""
    address_id = str(written.get_json()["id"])
    with read() as connection:
        mine = addresses.list_of(connection, me)
    address = next((one for one in mine if one.id == address_id), None)
    if address is None:
        raise AddressNotFound(address_id)
    written.set_data(current_app.json.dumps(address_view(address)))
    return written


@book.patch("/<address_id>")
@who(*SELF)
@book.arguments(book_schemas.EditAddress)
@book.response(200, book_schemas.AddressAnswer)
def patch_address(body: dict[str, Any], address_id: str) -> Response:
    """Change an address of mine; ``is_default: true`` makes it the default in place of another."""
    if "phone" in body:
        body["phone"] = body["phone"].value
    with begin() as tx:
        changed = edit_address(tx, current_identity().subject, address_id, changes=body)
    return jsonify(address_view(changed))


@book.delete("/<address_id>")
@who(*SELF)
@book.response(204)
def delete_address(address_id: str) -> ResponseReturnValue:
    """Take an address of mine out; if it was the default, the newest other one is."""
    with begin() as tx:
        remove_address(tx, current_identity().subject, address_id)
    return "", 204


@divisions.get("")
@anyone
@divisions.arguments(book_schemas.DivisionQuery, location="query")
@divisions.response(200, book_schemas.DivisionList)
def get_divisions(query: dict[str, Any]) -> Response:
    """The provinces, or what lies directly below ``parent`` (GB/T 2260)."""
    found = below(query["parent"])
    if found is None:
        raise DivisionNotFound(query["parent"])
    rows = [{"code": one.code, "name": one.name, "leaf": one.leaf} for one in found]
    answer = jsonify(items(rows))
    answer.headers["Cache-Control"] = f"public, max-age={A_DAY_S}"
    return answer
