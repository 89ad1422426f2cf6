"""Which passwords are refused (ASVS 6.2): short ones, and those that are guessed first.

Nothing is demanded of their characters, and none expires.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from typing import Final

from account_service.domain.errors import WeakPassword

SHORTEST: Final = 8
LONGEST: Final = 128  # counted before anything is computed from it
_SHOP: Final = ("jishi", "集市")
_LEFT_OVER: Final = 6  # what must remain once the words anybody would try are taken away


def normalised(password: str) -> str:
    """The same password however a keyboard composes its characters (NIST SP 800-63B, 5.1.1.2)."""
    return unicodedata.normalize("NFKC", password)


def must_be_good(
    password: str, *, about: Iterable[str], common: Collection[str], field: str = "password"
) -> None:
    """Refuse a password that is short, common or made of the words in ``about``.

    Raises:
        WeakPassword: it is; the message says which.
    """
    text = normalised(password).casefold()
    if len(text) < SHORTEST:
        raise WeakPassword(f"A password has {SHORTEST} characters at least.", field=field)
    if text in common:
        raise WeakPassword("This password is among the first that are guessed.", field=field)
    if len(_without(text, about)) < _LEFT_OVER:
        why = "This password is made of your name, your address or the shop's name."
        raise WeakPassword(why, field=field)


def _without(text: str, about: Iterable[str]) -> str:
    words = {part for one in about for part in re.split(r"[\W_]+", one.casefold())}
    for word in sorted({*words, *_SHOP}, key=len, reverse=True):
        if len(word) > 2 or not word.isascii():
            text = text.replace(word, "")
    return text
