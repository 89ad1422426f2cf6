"""Rows 2 and 144: somebody is reached by another address once both mailboxes have agreed to it."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest

from shop_events import new_id
from shop_suite.caller import Caller, Refused
from shop_suite.chaos.ways import Way
from shop_suite.signing_in import SignedIn, nobody
from tests.support import eventually

pytestmark = pytest.mark.timeout(120)

PASSWORD = "one-person-two-mailboxes"
CONFIRM = "/account/identifiers/confirm"


def test_row_2_a_changed_mail_address_counts_once_it_was_confirmed_at_both(town: Way) -> None:
    address, unique = town.road().address, new_id()[-8:]
    old, new = f"ann-{unique}@old.example", f"ann-{unique}@new.example"
    shop = Caller(nobody, address=address)
    account = {"email": old, "password": PASSWORD, "display_name": "Ann", "role": "shopper"}
    shop.post("/dev/accounts", account)

    def signed_in(email: str) -> Caller:
        session = SignedIn(
            address,
            email=email,
            password=PASSWORD,
            role="shopper",
            now=lambda: town.clock.now().timestamp(),
        )
        return Caller(session, address=address)

    ann = signed_in(old)
    ann.post("/account/identifiers", {"email": new, "password": PASSWORD, "replaces": old})

    assert ann.post(CONFIRM, {"token": mailed_token(shop, new)}) == {"status": "waiting"}
    assert signs_in_no_more(signed_in(new))
    assert ann.post(CONFIRM, {"token": mailed_token(shop, old)}) == {"status": "done"}
    (mine,) = signed_in(new).get("/account/me")["identifiers"]
    assert (mine["value"], mine["verified"]) == (new, True)
    assert signs_in_no_more(signed_in(old))
    eventually(lambda: "/account/forgot" in links(letters(shop, old)), within_s=60)


def letters(shop: Caller, to: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = shop.get(f"/dev/mailbox?to={quote(to)}")["items"]
    return found


def links(found: list[dict[str, Any]]) -> dict[str, str]:
    """Where the letters lead: what each page is told."""
    return {urlsplit(link).path: urlsplit(link).query for one in found for link in one["links"]}


def mailed_token(shop: Caller, to: str) -> str:
    """The token of the link that is sent there; waits until the mail has come."""
    query = eventually(lambda: links(letters(shop, to)).get(CONFIRM), within_s=60)
    (token,) = parse_qs(str(query))["token"]
    return token


def signs_in_no_more(caller: Caller) -> bool:
    try:
        caller.get("/account/me")
    except Refused as refused:
        return refused.status == 401
    return False
