"""What the demo shop sells, read from the files beside this one."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from itertools import product
from typing import Any, Final

from shop_events import Money

CURRENCY: Final = "CNY"
LOCALES: Final = ("zh-CN", "en")
MERCHANTS: Final = ("clay_and_fire", "half_hill")

Texts = Mapping[str, str]  # by locale


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """A category; a root has no parent."""

    slug: str
    parent: str | None
    titles: Texts
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One SKU of a thing."""

    sku_id: str
    options: Mapping[str, str]
    price: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """A product, with everything that is said of it."""

    id: str
    titles: Texts
    descriptions: Texts
    category: str
    weight_g: int
    stock: int  # of all its SKUs together
    picture: tuple[str, str]  # shape and colour
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Merchant:
    """Who sells them."""

    id: str
    name: str
    email: str
    things: tuple[Thing, ...]


def categories() -> Iterator[Category]:
    """All of them, parents first."""
    for position, (slug, told) in enumerate(_read("categories").items()):
        yield _category(slug, None, told["name"], position)
        children = [name for name in told if name != "name"]
        for place, child in enumerate(children):
            yield _category(child, slug, told[child], place)


def merchants() -> tuple[Merchant, ...]:
    """Both of them."""
    return tuple(_merchant(_read(name)) for name in MERCHANTS)


def _merchant(told: Mapping[str, Any]) -> Merchant:
    return Merchant(
        id=told["merchant"],
        name=told["name"],
        email=told["owner"],
        things=tuple(_thing(one) for one in told["product"]),
    )


def _thing(told: Mapping[str, Any]) -> Thing:
    return Thing(
        id=told["id"],
        titles=_texts(told["title"]),
        descriptions=_texts(told["text"]),
        category=told["category"],
        weight_g=told["weight_g"],
        stock=told["stock"],
        picture=tuple(told["picture"]),
        choices=tuple(_choices(told)),
    )


def _choices(told: Mapping[str, Any]) -> Iterator[Choice]:
    """Every combination of its options; one SKU where there is nothing to choose."""
    names = tuple(told["options"])
    extra = told.get("extra", {})
    for number, values in enumerate(product(*told["options"].values()), start=1):
        price = Money.of(told["price"], CURRENCY)
        for value in values:
            price += Money.of(extra.get(value, "0.00"), CURRENCY)
        options = dict(zip(names, values, strict=True))
        yield Choice(sku_id=f"{told['id']}-{number}", options=options, price=price)


def _category(slug: str, parent: str | None, names: list[str], position: int) -> Category:
    return Category(slug=slug, parent=parent, titles=_texts(names), position=position)


def _texts(told: list[str]) -> Texts:
    return dict(zip(LOCALES, told, strict=True))


def _read(name: str) -> dict[str, Any]:
    file = resources.files("shop_suite.town") / f"{name}.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))
