"""Keep what the goods are called."""

from __future__ import annotations

from collections.abc import Mapping

from notification_service.domain.wording import LOCALES, locale_for, one_line
from notification_service.store import titles
from shop_events import Tx


def note_titles(
    tx: Tx, by_tag: Mapping[str, str], options: Mapping[str, tuple[str, ...]], *, version: int
) -> None:
    """Name each SKU: the product's title and the SKU's own options. An older version is ignored."""
    named = {locale: title for locale in LOCALES if (title := _best(by_tag, locale))}
    by_sku = {
        sku_id: {locale: one_line(_named(title, chosen)) for locale, title in named.items()}
        for sku_id, chosen in options.items()
    }
    titles.keep(tx.connection, by_sku, version=version)


def _best(by_tag: Mapping[str, str], locale: str) -> str | None:
    near = (title for tag, title in by_tag.items() if tag and locale_for(tag) == locale)
    return by_tag.get(locale) or next(near, None)


def _named(title: str, chosen: tuple[str, ...]) -> str:
    return f"{title} ({', '.join(chosen)})" if chosen else title
