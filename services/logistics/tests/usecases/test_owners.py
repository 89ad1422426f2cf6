"""Whose a SKU is, catalog says; safety and what runs out (S1, S2, S7)."""

from dataclasses import replace

import pytest

from chassis.settings import Env
from chassis.testing import Bench, bench_fixture, merchant
from logistics_service.service import service
from logistics_service.testing import LIN, MO, MUG, POT, SECRETS, AnOrder, a_line
from services.logistics.tests.town import Town
from shop_events.contracts.catalog import CatalogSku, ProductChanged, ProductStatus
from shop_events.contracts.logistics import StockLevelChanged
from shop_events.values import Money

RECEIVED = {"type": "received", "quantity": 5}

earnest = bench_fixture(service, carrier_secrets=SECRETS, kinds=("sqlite",), env=Env.PROD)


def a_product(*sku_ids: str, of: str = MO, version: int = 1) -> ProductChanged:
    skus = tuple(
        CatalogSku(
            sku_id=sku_id, options=(), price=Money.of("1.00", "CNY"), weight_g=1, active=True
        )
        for sku_id in sku_ids
    )
    return ProductChanged(
        product_id="p-1",
        merchant_id=of,
        status=ProductStatus.PUBLISHED,
        titles=(),
        category_path=(),
        skus=skus,
        version=version,
    )


def test_only_the_merchant_whom_catalog_names_receives_a_sku(town: Town) -> None:
    town.hears(a_product(MUG, POT, of=LIN))

    mine, theirs = (who.post(f"/stock/{MUG}/movements", RECEIVED) for who in (town.mo, town.lin))

    assert (mine.status_code, mine.json["code"]) == (404, "sku_not_found")
    assert theirs.json["available"] == 5


def test_an_older_word_of_catalog_does_not_replace_a_newer_one(town: Town) -> None:
    town.hears(a_product(MUG, of=LIN, version=2), a_product(MUG, of=MO, version=1))

    assert town.mo.post(f"/stock/{MUG}/movements", RECEIVED).status_code == 404
    town.hears(a_product(MUG, of=MO, version=3))
    assert town.mo.post(f"/stock/{MUG}/movements", RECEIVED).status_code == 201


def test_a_sku_of_one_product_is_not_taken_by_another(town: Town) -> None:
    town.hears(a_product(MUG, of=LIN))

    town.hears(replace(a_product(MUG, of=MO, version=9), product_id="p-2"))

    assert town.mo.post(f"/stock/{MUG}/movements", RECEIVED).status_code == 404


def test_catalog_overrules_who_was_the_first_to_receive_in_a_development_shop(town: Town) -> None:
    town.stocks(5)

    town.hears(a_product(MUG, of=LIN))

    assert town.lin.get(f"/stock/{MUG}").json["available"] == 5
    assert town.mo.get(f"/stock/{MUG}").status_code == 404


def test_outside_of_development_nobody_receives_what_catalog_never_told_of(earnest: Bench) -> None:
    mo = earnest.client(merchant("mo", of=MO))

    unknown = mo.post(f"/stock/{MUG}/movements", RECEIVED)
    earnest.hears(a_product(MUG))
    known = mo.post(f"/stock/{MUG}/movements", RECEIVED)

    assert (unknown.status_code, unknown.json["code"]) == (404, "sku_not_found")
    assert known.status_code == 201


def test_s1_what_is_kept_back_is_not_sold_and_the_ledger_says_so(town: Town) -> None:
    town.stocks(5)

    kept = town.mo.patch(f"/stock/{MUG}", {"safety": 3}).json
    less = town.mo.patch(f"/stock/{MUG}", {"safety": 1}).json
    same = town.mo.patch(f"/stock/{MUG}", {"safety": 1}).json

    assert (kept["available"], kept["levels"][0]["safety"], less["available"]) == (2, 3, 4)
    assert same == less
    assert [one.available for one in town.said(StockLevelChanged)] == [5, 2, 4]


def test_s6_what_is_promised_stays_promised_whatever_is_kept_back(town: Town) -> None:
    town.stocks(5)
    order = AnOrder("o-1", a_line("1", quantity=4))
    town.hears(order.placed())

    town.mo.patch(f"/stock/{MUG}", {"safety": 5})
    town.hears(order.details(), order.confirmed())
    town.ships()

    assert town.counters() == (1, 0, 0)
    assert town.level().available == 0


@pytest.mark.parametrize("bench", ["sqlite"], indirect=True)
@pytest.mark.parametrize("safety", [-1, 10**7, "3", 1.5, None])
def test_what_cannot_be_kept_back_is_refused(town: Town, safety: object) -> None:
    town.stocks(5)

    answer = town.mo.patch(f"/stock/{MUG}", {"safety": safety})

    assert (answer.status_code, list(answer.json["errors"])) == (422, ["safety"])
    assert town.lin.patch(f"/stock/{MUG}", {"safety": 1}).status_code == 404


def test_of_a_sku_that_nobody_received_there_is_none(town: Town) -> None:
    town.hears(a_product(MUG, POT))

    seen = town.mo.get(f"/stock/{MUG}").json
    fewer = {"type": "adjusted", "quantity": -1, "reason": "counted"}

    assert (seen["available"], seen["band"], seen["levels"]) == (0, "none", [])
    assert town.mo.post(f"/stock/{MUG}/movements", fewer).json["code"] == "on_hand_below_promised"
    assert town.mo.patch(f"/stock/{POT}", {"safety": 2}).json["available"] == 0


def test_a_merchant_lists_its_stock_and_what_runs_out(town: Town) -> None:
    town.stocks(9, "sku-a")
    town.stocks(5, "sku-b")
    town.stocks(9, "sku-c")
    town.stocks(1, "sku-d", of=LIN)
    town.mo.patch("/stock/sku-c", {"safety": 9})

    first = town.mo.get("/stock?limit=2").json
    rest = town.mo.get(f"/stock?limit=2&cursor={first['next_cursor']}").json
    low = town.mo.get("/stock?low=true").json["items"]

    assert [one["sku_id"] for one in first["items"] + rest["items"]] == ["sku-a", "sku-b", "sku-c"]
    assert [(one["sku_id"], one["band"]) for one in low] == [("sku-b", "low"), ("sku-c", "none")]
