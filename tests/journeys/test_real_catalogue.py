"""A real, untidy catalogue is imported, searched and bought from.

It is read where it lies beside the project, never kept in it: third parties' texts are in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from shop_suite.caller import Caller
from shop_suite.catalogue_import import hand_in, offers_in
from shop_suite.embedded import Embedded, Served
from shop_suite.signing_in import nobody
from shop_suite.town.logins import Login, logins_in
from shop_suite.town.opening import signed_in
from tests.architecture.repository import ROOT

DATA = ROOT.parent / "shared" / "data" / "zh_shop"
HOME = {
    "recipient": "王安",
    "phone": "+8613800138000",
    "country": "CN",
    "division_code": "310115",
    "line1": "世纪大道 1 号",
}

pytestmark = [
    pytest.mark.skipif(not DATA.exists(), reason="the real catalogue is not beside the project"),
    pytest.mark.timeout(240),
]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    town = Embedded(tmp_path_factory.mktemp("town"))
    town.start()
    try:
        with Served(town.wsgi) as served:
            yield served.url
    finally:
        town.stop()


def joins(address: str, login: Login) -> Caller:
    body = {
        "email": login.email,
        "password": login.password,
        "display_name": login.display_name,
        "role": login.role,
    }
    if login.merchant_id:
        body |= {"merchant_id": login.merchant_id, "merchant_name": str(login.merchant_name)}
    Caller(nobody, address=lambda _path: address).post("/dev/accounts", body)
    return signed_in(lambda _path: address, login)


def test_row_110_a_real_catalogue_is_imported_searched_and_bought_from(
    address: str, tmp_path: Path
) -> None:
    ann_login, clerk_login, *_ = logins_in(tmp_path)
    ann, clerk = joins(address, ann_login), joins(address, clerk_login)
    offers = offers_in(DATA)

    done = hand_in(clerk, offers, lambda _words: None)

    assert (done["created"], done["rows_failed"]) == (239, 0)
    assert ann.get("/catalog/products?limit=1")["total"] == 239
    roots = ann.get("/catalog/categories")["items"]
    assert "居家" in {root["title"] for root in roots}
    found = ann.get(f"/catalog/products?q={quote('四件套')}&sort=price_asc")["items"]
    assert "四件套" in found[0]["title"]
    chosen = ann.get(f"/catalog/products/{found[0]['id']}")["skus"][0]
    offer = ann.post(
        "/checkout/quotes",
        {"lines": [{"sku_id": chosen["sku_id"], "quantity": 1}], "address": HOME},
    )
    body = {"quote_id": offer["id"], "payment_method": "card"}
    order = ann.post("/orders", body, wait_s=10)
    assert order["status"] == "awaiting_payment"
    assert order["lines"][0]["unit_price"] == chosen["price"]

    again = hand_in(clerk, offers, lambda _words: None)

    assert (again["created"], again["changed"], again["rows_failed"]) == (0, 0, 0)
