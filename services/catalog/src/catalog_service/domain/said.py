"""What a merchant says about a product, and what the product becomes by it.

None always means: not said. The same form comes from a body, from a patch and from a file's rows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from catalog_service.domain.product import Product, Sku
from catalog_service.domain.text import Texts
from shop_events.values import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class SkuSaid:
    """What is said about one SKU; ``id`` only when a development shop is filled."""

    code: str
    id: str | None = None
    options: Mapping[str, str] | None = None
    price: Money | None = None
    weight_g: int | None = None
    volume_cm3: int | None = None
    barcode: str | None = None
    image: str | None = None
    active: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What is said about a product. ``category`` is a slug.

    ``skus`` are all it has, so that those not named are sold no more; with ``keep_others`` they
    are some of them.
    """

    titles: Texts | None = None
    descriptions: Texts | None = None
    brand: str | None = None
    category: str | None = None
    attributes: Mapping[str, str] | None = None
    images: tuple[str, ...] | None = None
    skus: tuple[SkuSaid, ...] | None = None
    keep_others: bool = False

    @property
    def pictures(self) -> set[str]:
        """Every picture that is named."""
        of_skus = {sku.image for sku in self.skus or () if sku.image}
        return of_skus | set(self.images or ())


def apply(
    before: Product, said: Said, *, category_path: tuple[str, ...] | None, new_id: Callable[[], str]
) -> Product:
    """The product with what was said; ``category_path`` is where ``said.category`` lies.

    A SKU is never taken away, since it may have been sold: it becomes inactive.
    """
    words: dict[str, Any] = {
        "titles": said.titles,
        "descriptions": said.descriptions,
        "brand": said.brand,
        "attributes": said.attributes,
        "images": said.images,
        "category_path": category_path,
    }
    changed = replace(before, **{name: one for name, one in words.items() if one is not None})
    if said.skus is None:
        return changed
    return replace(changed, skus=_skus(before, said, new_id))


def _skus(before: Product, said: Said, new_id: Callable[[], str]) -> tuple[Sku, ...]:
    known = {sku.code: sku for sku in before.skus}
    named = {one.code: _sku(known.get(one.code), one, new_id) for one in said.skus or ()}
    if said.keep_others:
        return tuple((known | named).values())
    gone = (replace(sku, active=False) for code, sku in known.items() if code not in named)
    return (*named.values(), *gone)


def _sku(known: Sku | None, said: SkuSaid, new_id: Callable[[], str]) -> Sku:
    sku = known or Sku(id=said.id or new_id(), code=said.code)
    words: dict[str, Any] = {
        "options": said.options,
        "price": said.price,
        "weight_g": said.weight_g,
        "volume_cm3": said.volume_cm3,
        "barcode": said.barcode,
        "image": said.image,
        "active": said.active,
    }
    return replace(sku, **{name: one for name, one in words.items() if one is not None})
