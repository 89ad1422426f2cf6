"""Making texts of strangers harmless, and choosing a language."""

from __future__ import annotations

import unicodedata
from typing import Final

LOCALES: Final = ("zh-CN", "en")
LONGEST: Final = 200

# They turn the text that follows them around (Unicode TR 9): "gnp.exe" reads "exe.png".
_TURNING: Final = dict.fromkeys(
    (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
)


def one_line(text: str) -> str:
    """The text on one line of at most 200 characters, without what controls or turns a line.

    A header can so never get a second line (RFC 5322 section 2.2), nor a mail a paragraph that
    we did not write.
    """
    plain = (" " if unicodedata.category(one) in ("Cc", "Cs", "Zl", "Zp") else one for one in text)
    return " ".join("".join(plain).translate(_TURNING).split())[:LONGEST]


def locale_for(tag: str) -> str:
    """The language of ours that serves a reader of this BCP 47 tag best."""
    return "zh-CN" if tag.lower().startswith("zh") or not tag else "en"
