"""Opens the demo shop: accounts, categories, pictures, products and stock, through the public API.

Every step may be taken again: what is there already is left alone. So a shop that was stopped
while it opened goes on where it was.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Final

from shop_suite.caller import Caller, Refused
from shop_suite.signing_in import SignedIn, nobody
from shop_suite.town.drawing import draw
from shop_suite.town.goods import Category, Merchant, Thing, categories, merchants
from shop_suite.town.logins import Login, logins_in

Address = Callable[[str], str]

THERE_ALREADY: Final = 409
SVG: Final = "image/svg+xml"


def open_shop(address: Address, folder: Path) -> tuple[Login, ...]:
    """Fill the development shop that answers at ``address``; who can sign in now.

    Raises:
        Refused: the shop does not take what belongs to it.
    """
    logins = logins_in(folder)
    _open(address, logins, tuple(categories()), merchants())
    return logins


def open_corner_shop(address: Address, folder: Path, *, stock: int) -> tuple[Login, ...]:
    """As `open_shop`, with the potter and her mugs alone, ``stock`` of them: the rest is not needed
    where many buy the same.
    """
    logins = logins_in(folder)
    potter = merchants()[0]
    mug = replace(potter.things[0], stock=stock)
    shelf = next(one for one in categories() if one.slug == mug.category)
    shelves = tuple(one for one in categories() if one.slug in (shelf.parent, shelf.slug))
    here = tuple(one for one in logins if one.role == "admin" or one.merchant_id == potter.id)
    _open(address, here, shelves, [replace(potter, things=(mug,))])
    return logins


def _open(
    address: Address,
    logins: Iterable[Login],
    shelves: Iterable[Category],
    sellers: Iterable[Merchant],
) -> None:
    anyone = Caller(nobody, address=address)
    by_role = {login.merchant_id or login.role: login for login in logins}
    for login in by_role.values():
        anyone.post("/dev/accounts", _account(login))
    _arrange(signed_in(address, by_role["admin"]), shelves)
    for seller in sellers:
        _fill(signed_in(address, by_role[seller.id]), seller)


def open_once(address: Address, folder: Path) -> tuple[Login, ...]:
    """As `open_shop`, unless that was done to its end before.

    Raises:
        Refused: the shop does not take what belongs to it.
    """
    done = folder / "opened"
    if not done.exists():
        open_shop(address, folder)
        done.touch()
    return logins_in(folder)


def signed_in(
    address: Address, login: Login, *, now: Callable[[], float] = time.monotonic
) -> Caller:
    """This person, speaking to the shop; ``now`` as in `SignedIn`."""
    session = SignedIn(
        address, email=login.email, password=login.password, role=login.role, now=now
    )
    return Caller(session, address=address)


def token_of(address: Address, login: Login) -> str:
    """An access token for this person.

    Raises:
        Refused: the shop does not know them.
    """
    return _session(address, login)()


def _session(address: Address, login: Login) -> SignedIn:
    return SignedIn(address, email=login.email, password=login.password, role=login.role)


def _account(login: Login) -> dict[str, Any]:
    return {name: value for name, value in asdict(login).items() if value is not None}


def _arrange(admin: Caller, wanted: Iterable[Category]) -> None:
    for one in wanted:
        body = {"parent": one.parent, "titles": one.titles, "position": one.position}
        admin.put(f"/catalog/categories/{one.slug}", body)


def _fill(clerk: Caller, merchant: Merchant) -> None:
    there = {one["external_id"] for one in clerk.pages("/merchant/products")}
    for thing in merchant.things:
        if thing.id not in there:
            _receive(clerk, thing)
            _offer(clerk, thing)


def _offer(clerk: Caller, thing: Thing) -> None:
    picture = draw(*thing.picture, thing.titles["en"]).encode()
    kept = clerk.ask("POST", "/catalog/media", picture, {"Content-Type": SVG}).body
    body = {
        "external_id": thing.id,
        "titles": thing.titles,
        "descriptions": thing.descriptions,
        "category": thing.category,
        "images": [kept["digest"]],
        "skus": [
            {
                "sku_id": one.sku_id,
                "sku_code": one.sku_id,
                "options": one.options,
                "price": one.price,
                "weight_g": thing.weight_g,
            }
            for one in thing.choices
        ],
        "publish": True,
    }
    try:
        clerk.post("/dev/products", body)
    except Refused as refused:
        if refused.status != THERE_ALREADY:
            raise


def _receive(clerk: Caller, thing: Thing) -> None:
    """Its stock, spread over its SKUs; once, however often the shop is opened."""
    share = max(1, thing.stock // len(thing.choices))
    for one in thing.choices:
        body = {"type": "received", "quantity": share, "reason": "the shop opens"}
        clerk.post(f"/stock/{one.sku_id}/movements", body, key=f"opening-{one.sku_id}")
