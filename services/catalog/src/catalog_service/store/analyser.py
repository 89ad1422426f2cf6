"""Cuts texts into the words they are found by: the same for what is written and what is asked.

    words("苹果手机保护壳")   苹果 手机 保护 壳
    words("３００ＭＬ Mugs")  300ml mug

Chinese is cut along its most probable words (a path of largest probability over a dictionary of
word frequencies); other scripts at what is no letter and no digit. Full width, case and an English
plural make no difference.

Only the dictionary is jieba's. Its own code keeps half a million Python strings, 100 MB, where one
text per first character needs 7 (both measured), and caches them in a folder that everybody can
write to.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cached_property
from importlib.util import find_spec
from itertools import groupby
from pathlib import Path
from typing import Final

LONGEST_TOKEN: Final = 64
NOTHING: Final = "∅"
LONGEST_WORD: Final = 8  # characters of Chinese; longer entries are proverbs and titles
# Runs of Chinese, and runs of other letters and digits.
_RUN: Final = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]+|[^\W_\u3400-\u9fff]+")
_STOP: Final = frozenset(("a", "an", "the", "of", "for", "and", "with", "的"))


class _Dictionary:
    """How often each word is used; read when the first text is cut."""

    @cached_property
    def _blocks(self) -> dict[str, str]:
        """By first character: a line ``word<TAB>count`` for each word, all in one text."""
        spec = find_spec("jieba")
        if spec is None or spec.origin is None:
            raise LookupError("The dictionary of Chinese words (package jieba) is missing.")
        blocks: dict[str, str] = {}
        with (Path(spec.origin).parent / "dict.txt").open(encoding="utf-8") as text:
            for first, lines in groupby(text, key=lambda line: line[0]):
                entries = (line.split(" ") for line in lines)
                some = (f"{one[0]}\t{one[1]}" for one in entries if len(one[0]) <= LONGEST_WORD)
                blocks[first] = "\n".join((blocks.get(first, ""), *some, ""))
        return blocks

    @cached_property
    def log_of_all(self) -> float:
        """The logarithm of how many words were counted."""
        blocks = self._blocks.values()
        return math.log(sum(int(n) for one in blocks for n in re.findall(r"\t(\d+)", one)))

    def words_at(self, text: str, start: int) -> Iterator[tuple[str, int]]:
        """The words ``text`` may go on with from ``start``, and how often each is used."""
        block = self._blocks.get(text[start], "")
        for end in range(start + 1, min(start + LONGEST_WORD, len(text)) + 1):
            word = text[start:end]
            if f"\n{word}" not in block:
                return
            if (at := block.find(f"\n{word}\t")) >= 0:
                yield word, int(block[at + len(word) + 2 : block.index("\n", at + 1)])


_dictionary: Final = _Dictionary()


def words(text: str) -> list[str]:
    """The words of ``text``, in order."""
    return [word for _start, _end, word in placed(normal(text))]


def placed(text: str) -> Iterator[tuple[int, int, str]]:
    """The words of a text that is `normal` already, each with where it starts and ends in it."""
    for run in _RUN.finditer(text):
        start, end = run.span()
        if not is_chinese(text[start]):
            yield start, end, _singular(run[0][:LONGEST_TOKEN])
            continue
        for word in _cut(run[0]):
            yield start, start + len(word), word
            start += len(word)


def indexed(text: str) -> list[str]:
    """The words that ``text`` is found by: its own, and the shorter ones inside long ones."""
    found: list[str] = []
    for word in words(text):
        found.append(word)
        found += (shorter for _start, shorter in inside(word))
    return found


def asked(text: str) -> list[str]:
    """The words to look for: those of ``text``, each once, without what says nothing.

    Where there is something and no word in it, a word that nothing is called by.
    """
    every = list(dict.fromkeys(words(text))) or ([NOTHING] if text.strip() else [])
    return [word for word in every if word not in _STOP] or every


def characters(tokens: Iterable[str]) -> list[str]:
    """The same words with Chinese taken apart into single characters, each once."""
    found: dict[str, None] = {}
    for token in tokens:
        for part in token if is_chinese(token[0]) else (token,):
            found[part] = None
    return list(found)


def normal(text: str) -> str:
    """``text`` without the difference of full and half width, and of capitals."""
    return unicodedata.normalize("NFKC", text).casefold()


def inside(word: str) -> Iterator[tuple[int, str]]:
    """The shorter words in a long Chinese one, each with where it starts."""
    for start in range(len(word)) if len(word) > 2 and is_chinese(word[0]) else ():
        for shorter, _count in _dictionary.words_at(word, start):
            if 1 < len(shorter) < len(word):
                yield start, shorter


def is_chinese(character: str) -> bool:
    """Whether it is a Chinese character."""
    return "\u3400" <= character <= "\u9fff" or character >= "\U00020000"


def _singular(word: str) -> str:
    """Without the plural's s: mugs, mug. So short a rule suffices: it cuts both sides alike."""
    plural = len(word) > 3 and word.isascii() and word.endswith("s") and not word.endswith("ss")
    return word[:-1] if plural else word


def _cut(run: str) -> Iterator[str]:
    """The most probable words of Chinese text."""
    best: list[tuple[float, str]] = [(0.0, "")] * (len(run) + 1)
    for start in range(len(run) - 1, -1, -1):
        choices = [
            (math.log(count or 1) - _dictionary.log_of_all + best[start + len(word)][0], word)
            for word, count in _dictionary.words_at(run, start)
        ]
        alone = (best[start + 1][0] - _dictionary.log_of_all, run[start])
        best[start] = max(choices, default=alone)
    at = 0
    while at < len(run):
        yield best[at][1]
        at += len(best[at][1])
