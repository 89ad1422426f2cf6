"""Texts in the shop's languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

LOCALES: Final = ("zh-CN", "en")

Texts = Mapping[str, str]  # by locale


def pick(texts: Texts, locale: str) -> tuple[str, str]:
    """The text in this language, or in the first there is, with the language it is really in."""
    for one in (locale, *LOCALES):
        if texts.get(one):
            return texts[one], one
    return "", locale
