"""A product of one merchant, with the things that can really be bought: its SKUs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from itertools import islice, product
from typing import Final

from catalog_service.domain.errors import NotPublishable
from catalog_service.domain.text import Texts
from shop_events.values import Money

HEAVIEST_G: Final = 1_000_000
LARGEST_CM3: Final = 10_000_000  # ten cubic metres
MOST_TOLD: Final = 100  # combinations that do not exist; nobody reads more


class Status(StrEnum):
    """Whether it is for sale, as far as its merchant says, and an admin where the shop reviews."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"  # its merchant put it up, and nobody approved it yet
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


# What must stay fit for sale, whoever writes it.
UP_OR_WAITING: Final = frozenset({Status.PUBLISHED, Status.IN_REVIEW})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sku:
    """One thing that can be bought; ``options`` says which one, in the order people are asked.

    ``code`` is the merchant's own word for it. Without a price it cannot be sold yet. Weight and
    volume are those of one unit, packed; 0: its merchant did not say.
    """

    id: str
    code: str
    options: Mapping[str, str] = field(default_factory=dict)
    price: Money | None = None
    weight_g: int = 0
    volume_cm3: int = 0
    barcode: str | None = None
    image: str | None = None
    active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """A product as its merchant wrote it. ``version`` grows with every change.

    ``approved`` is the digest of what an admin approved last (`review.digest_of`), ``sent_back``
    why one did not.
    """

    id: str
    merchant_id: str
    created_at: datetime
    changed_at: datetime
    external_id: str | None = None
    status: Status = Status.DRAFT
    category_path: tuple[str, ...] = ()
    titles: Texts = field(default_factory=dict)
    descriptions: Texts = field(default_factory=dict)
    brand: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    images: tuple[str, ...] = ()
    skus: tuple[Sku, ...] = ()
    version: int = 0
    sales: int = 0
    published_at: datetime | None = None
    publish_at: datetime | None = None
    approved: str | None = None
    review_since: datetime | None = None
    sent_back: str | None = None

    @property
    def category_id(self) -> str | None:
        """The category it lies in."""
        return self.category_path[-1] if self.category_path else None

    @property
    def for_sale(self) -> tuple[Sku, ...]:
        """The SKUs people are shown."""
        return tuple(sku for sku in self.skus if sku.active and sku.price is not None)

    def must_be_publishable(self) -> None:
        """Make sure that it can be shown and sold.

        Raises:
            NotPublishable: something is missing or contradicts itself; every fault is told.
        """
        if faults := faults_of(self):
            raise NotPublishable(self.id, faults)


def faults_of(one: Product) -> dict[str, list[str]]:
    """What keeps the product from being published, by field; nothing: it can be."""
    faults: dict[str, list[str]] = {}
    if not any(one.titles.values()):
        faults["titles"] = ["It has no title."]
    if not one.category_path:
        faults["category"] = ["It has no category."]
    active = [sku for sku in one.skus if sku.active]
    if not active:
        faults["skus"] = ["Nothing of it can be bought: it has no active SKU."]
    for sku in active:
        if sku.price is None:
            faults.setdefault("skus", []).append(f"The SKU {sku.code} has no price.")
    if told := _options_wrong(active):
        faults.setdefault("skus", []).extend(told)
    return faults


def published(one: Product, now: datetime) -> Product:
    """The product for sale; the hour it first was stays."""
    first = one.published_at or now
    return replace(
        one,
        status=Status.PUBLISHED,
        published_at=first,
        publish_at=None,
        review_since=None,
        sent_back=None,
    )


def withdrawn(one: Product) -> Product:
    """The product out of the shop, and not planned to come back."""
    return replace(one, status=Status.WITHDRAWN, publish_at=None, review_since=None, sent_back=None)


def _options_wrong(active: list[Sku]) -> list[str]:
    if len({frozenset(sku.options) for sku in active}) > 1:
        return ["Its SKUs do not all have the same options."]
    combinations = Counter(frozenset(sku.options.items()) for sku in active)
    return [
        f"The SKUs {_codes(active, twice)} have the same options."
        for twice, times in combinations.items()
        if times > 1
    ]


def _codes(active: list[Sku], options: frozenset[tuple[str, str]]) -> str:
    return ", ".join(sku.code for sku in active if frozenset(sku.options.items()) == options)


def option_matrix(skus: tuple[Sku, ...]) -> dict[str, list[str]]:
    """The choices people have, by option, in the order the SKUs name them."""
    matrix: dict[str, list[str]] = {}
    for sku in skus:
        for name, value in sku.options.items():
            values = matrix.setdefault(name, [])
            if value not in values:
                values.append(value)
    return matrix


def impossible(skus: tuple[Sku, ...]) -> list[dict[str, str]]:
    """Combinations of choices that no SKU has; the first hundred."""
    matrix = option_matrix(skus)
    known = {frozenset(sku.options.items()) for sku in skus}
    every = (dict(zip(matrix, values, strict=True)) for values in product(*matrix.values()))
    looked_at = islice(every, 10_000)
    return list(
        islice((one for one in looked_at if frozenset(one.items()) not in known), MOST_TOLD)
    )
