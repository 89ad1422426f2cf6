"""What somebody is told who opens the town, and the demo shop that opens in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from shop_events import ManualClock
from shop_suite.embedded import Embedded, Served
from shop_suite.town.drawing import draw, shapes
from shop_suite.town.goods import categories, merchants
from shop_suite.town.logins import NoSuchLogin, login_of
from shop_suite.town.opening import open_shop, signed_in
from shop_suite.welcome import Opening

USUAL = Path("var/shop")


def test_a_town_without_goods_says_where_it_is_and_nothing_of_a_shop(tmp_path: Path) -> None:
    said: list[str] = []

    Opening("127.0.0.1:8123", tmp_path, usual=USUAL, goods=False, say=said.append).begin()

    assert len(said) == 1
    assert "http://127.0.0.1:8123/api/docs" in said[0]
    assert str(tmp_path) in said[0]


def test_the_demo_shop_opens_once_and_a_second_opening_changes_nothing(tmp_path: Path) -> None:
    town = Embedded(tmp_path, clock=ManualClock())
    town.start()
    try:
        with Served(town.wsgi) as served:
            logins = open_shop(lambda _path: served.url, tmp_path)
            again = open_shop(lambda _path: served.url, tmp_path)
            ann = signed_in(lambda _path: served.url, logins[0])
            found = ann.get("/catalog/products?limit=100")
            roots = ann.get("/catalog/categories")["items"]
            potter = signed_in(lambda _path: served.url, login_of("clay-and-fire", tmp_path))
            stock = potter.get("/stock/gaiwan-1")
    finally:
        town.stop()

    assert again == logins
    assert found["total"] == 60
    assert {one["image"] is not None for one in found["items"]} == {True}
    assert sum(one["count"] for one in roots) == 60
    assert stock["levels"][0]["on_hand"] == 33


def test_every_thing_has_a_picture_a_category_and_choices_of_its_own() -> None:
    things = [thing for merchant in merchants() for thing in merchant.things]
    slugs = {one.slug for one in categories()}
    skus = [choice.sku_id for thing in things for choice in thing.choices]

    assert {thing.picture[0] for thing in things} <= shapes()
    assert {thing.category for thing in things} <= slugs
    assert len(set(skus)) == len(skus)
    assert all(thing.titles.keys() == {"zh-CN", "en"} for thing in things)


def test_a_picture_holds_no_markup_of_a_title() -> None:
    drawn = draw("mug", "#2b5f8a", "<script>&")

    assert "<script>" not in drawn
    assert "&lt;script>&amp;" in drawn or "&lt;script>&amp" in drawn


def test_passwords_are_the_shops_own_and_only_its_owner_reads_them(tmp_path: Path) -> None:
    with pytest.raises(NoSuchLogin, match="make run"):
        login_of("shopper", tmp_path)
    from shop_suite.town.logins import FILE, logins_in

    first = logins_in(tmp_path)

    assert logins_in(tmp_path) == first
    assert len({one.password for one in first}) == len(first)
    assert (tmp_path / FILE).stat().st_mode & 0o077 == 0
    assert login_of("admin", tmp_path).email == "admin@demo.example"
