"""Which word of the shop somebody meant who typed one that no listing holds.

Two words that are one slip apart become the same when a letter is taken out of each. So each word
lies under what is left of its first seven letters when one or two are taken out, and a question
looks at its own such keys, 29 at most: no walk over all words. (The method is Wolf Garbe's
"symmetric delete".)

Words are only ever added, since counting them up and down would have all merchants wait for one
row. Whether a listing holds a word at this moment the index of words is asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Final

from sqlalchemy import Connection, Executable, func, select

from catalog_service.store import analyser, words
from catalog_service.store.tables import vocabulary, vocabulary_keys
from shop_events.sql import Upsert, on_conflict

SHORTEST: Final = 3
LONGEST: Final = 32  # what is longer costs the most to compare, and is a word of no shop
HEAD: Final = 7  # letters that make keys; as many as SymSpell takes
MOST_NEAR: Final = 1_000  # words compared with one that was typed
MOST_ASKED: Final = 4  # strange words in a question
_COUNTED: Final = 20  # words equally near
_AT_ONCE: Final = 500  # words in a statement


def learn(connection: Connection, found: Iterable[str]) -> None:
    """Remember the words that a slip could change; known ones cost a look."""
    every = sorted({word for word in found if _is_spelt(word)})
    for start in range(0, len(every), _AT_ONCE):
        some = every[start : start + _AT_ONCE]
        query = select(vocabulary.c.word).where(vocabulary.c.word.in_(some))
        known = set(connection.scalars(query))
        if new := [word for word in some if word not in known]:
            _add(connection, new)


def meant(connection: Connection, asked: Sequence[str]) -> Mapping[str, str]:
    """For words that no listing holds the nearest that one does, of equals the more frequent.

    Nothing where one of them has none near, since the others would find nothing either, and where
    so many are strange that it is another language rather than a slip. One slip is forgiven in 4
    to 7 letters, two in more; a slip is a letter too many, too few, another, or two in the wrong
    order.
    """
    strange = [one for one in asked if _slips(one) and not words.holding(connection, one, 1)]
    found: dict[str, str] = {}
    for word in strange if len(strange) <= MOST_ASKED else ():
        near = _nearest(connection, word)
        if near is None:
            return {}
        found[word] = near
    return found


def keys(word: str, slips: int) -> set[str]:
    """What is left of a word's beginning when up to so many letters are taken out."""
    found = {word[:HEAD]}
    for _ in range(slips):
        found |= {one[:at] + one[at + 1 :] for one in found for at in range(len(one))}
    return found


def keys_of(word: str) -> set[str]:
    """The keys a word of the shop lies under: two slips are forgiven in 8 letters typed for 6."""
    return keys(word, 2 if len(word) >= 6 else 1)


def distance(one: str, other: str) -> int:
    """How many slips lie between two words (optimal string alignment)."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, mine in enumerate(one, start=1):
        row = [i]
        for j, theirs in enumerate(other, start=1):
            best = min(row[-1] + 1, last[j] + 1, last[j - 1] + (mine != theirs))
            if i > 1 and j > 1 and (mine, one[i - 2]) == (other[j - 2], theirs):
                best = min(best, before[j - 2] + 1)
            row.append(best)
        before, last = last, row
    return last[-1]


def _is_spelt(word: str) -> bool:
    """Whether it is written in letters; a number or a code that is not known is no slip."""
    written = SHORTEST <= len(word) <= LONGEST and word.isalpha()
    return written and not analyser.is_chinese(word[0])


def _slips(word: str) -> int:
    """How many slips are forgiven in a word somebody typed."""
    return (len(word) >= 4) + (len(word) >= 8) if _is_spelt(word) else 0


def _nearest(connection: Connection, word: str) -> str | None:
    slips = _slips(word)
    length = func.length(vocabulary_keys.c.word)
    query = select(vocabulary_keys.c.word).distinct()
    query = query.where(vocabulary_keys.c.key.in_(keys(word, slips)))
    query = query.where(length.between(len(word) - slips, len(word) + slips)).limit(MOST_NEAR)
    near = sorted((distance(word, one), str(one)) for one in connection.scalars(query))
    within = [found for found in near if 0 < found[0] <= slips]
    for _slips_away, equals in groupby(within, key=lambda found: found[0]):
        some = [one for _, one in equals][:_COUNTED]
        often = {one: words.holding(connection, one, words.OFTEN) for one in some}
        best = max(some, key=lambda one: often[one])
        if often[best]:
            return best
    return None


def _add(connection: Connection, new: Sequence[str]) -> None:
    """In order, so that two who learn the same words wait for one another and not in a ring."""
    connection.execute(on_conflict(connection, vocabulary, _once), [{"word": one} for one in new])
    rows = [{"key": key, "word": one} for one in new for key in sorted(keys_of(one))]
    connection.execute(on_conflict(connection, vocabulary_keys, _once), rows)


def _once(row: Upsert) -> Executable:
    return row.on_conflict_do_nothing()
