"""Where in a text the words stand that it was found by, for people to see why.

The parts are plain texts with a flag, so that nothing has to be escaped and no offset counted: a
character is one thing to Python and another to JavaScript.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from catalog_service.store import analyser


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a text; ``hit``: it was looked for."""

    text: str
    hit: bool


def parts(text: str, asked: Collection[str], *, single: bool) -> list[Part]:
    """The whole of ``text``, in pieces; ``single``: single characters were looked for."""
    sought = frozenset(analyser.characters(asked) if single else asked)
    normal = analyser.normal(text)
    hits = [False] * len(text)
    origins = _origins(text, normal)
    for start, end, word in _findable(normal, single=single) if origins else ():
        if word in sought:
            first, last = origins[start], origins[end - 1]
            hits[first.start : last.stop] = [True] * (last.stop - first.start)
    runs = groupby(zip(text, hits, strict=True), key=lambda each: each[1])
    return [Part("".join(one for one, _ in run), hit) for hit, run in runs]


def reworded(text: str, better: Mapping[str, str]) -> str:
    """``text`` with other words for some; what is between them stays as it was written."""
    normal = analyser.normal(text)
    origins = _origins(text, normal)
    if not origins:  # the words are right, if not their capitals
        text, origins = normal, _each(len(normal))
    said, at = "", 0
    for start, end, word in analyser.placed(normal):
        if word in better:
            said += text[at : origins[start].start] + better[word]
            at = origins[end - 1].stop
    return said + text[at:]


def _findable(normal: str, *, single: bool) -> Iterator[tuple[int, int, str]]:
    """All that this text is found by, as `analyser.indexed` and `analyser.characters` say."""
    for start, end, word in analyser.placed(normal):
        yield start, end, word
        if single and analyser.is_chinese(word[0]):
            yield from ((start + at, start + at + 1, one) for at, one in enumerate(word))
        else:
            for at, shorter in analyser.inside(word):
                yield start + at, start + at + len(shorter), shorter


def _origins(text: str, normal: str) -> Sequence[range]:
    """For each character of the normal form, where in ``text`` it comes from.

    Empty where that cannot be told: a few scripts join characters that stand apart.
    """
    if unicodedata.is_normalized("NFKC", text) and len(text) == len(normal):
        return _each(len(text))
    found: list[range] = []
    made = ""
    for place in _characters(text):
        one = analyser.normal(text[place.start : place.stop])
        made += one
        found += [place] * len(one)
    return found if made == normal else ()


def _each(length: int) -> Sequence[range]:
    return [range(at, at + 1) for at in range(length)]


def _characters(text: str) -> Iterator[range]:
    """Characters with the accents that follow them."""
    start = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or not unicodedata.combining(text[at]):
            yield range(start, at)
            start = at
