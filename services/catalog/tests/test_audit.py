"""The audit finds what must not be, and nothing where all is well."""

from typing import Any

from sqlalchemy import delete, text, update

from catalog_service.store import tables as t
from catalog_service.store.audit import contradictions
from catalog_service.testing import Stall, a_mug, a_sku, at
from shop_events.tables import aggregate_sequence, deadlines

BROKEN: list[tuple[list[Any], str]] = [
    ([delete(t.listing_titles), delete(t.listing_attributes), delete(t.listings)], "is not listed"),
    ([update(t.products).values(status="withdrawn")], "is listed and is not for sale"),
    ([update(t.products).values(version=9)], "its history ends at"),
    ([update(aggregate_sequence).values(last=9)], "was told 9 times"),
    ([update(t.products).values(category_path="x/")], "lies in x/"),
    ([update(t.products).values(sales=7)], "counts 7 sold"),
    ([update(t.listings).values(in_stock=True)], "says in stock"),
    ([update(t.skus).values(price=1)], "its SKUs 1 to 1"),
    ([delete(deadlines)], "no deadline will wake it"),
    ([update(t.products).values(status="in_review")], "is in_review and waits in review since"),
    ([text("DELETE FROM listing_words")], "no search finds it"),
]


def test_it_finds_what_must_not_be(quick_stall: Stall) -> None:
    quick_stall.sells()
    planned = quick_stall.drafts(a_mug(skus=[a_sku("LATER")]))
    later = quick_stall.bench.clock.now().replace(year=2027)
    quick_stall.publishes(planned["id"], at=at(later))
    assert quick_stall.problems() == []

    for breaks, complaint in BROKEN:
        with quick_stall.bench.database.engine.connect() as connection:
            for statement in breaks:
                connection.execute(statement)
            found = list(contradictions(connection))
            connection.rollback()
        assert any(complaint in one for one in found), (complaint, found)
    assert quick_stall.problems() == []


def test_it_finds_an_import_without_its_file(quick_stall: Stall) -> None:
    quick_stall.hands_in("product_id,sku_code\nP,S\n")

    with quick_stall.bench.database.begin() as tx:
        tx.connection.execute(delete(t.import_pieces))

    assert any("its file is gone" in one for one in quick_stall.problems())
