"""The index of words: SQLite's FTS5 and PostgreSQL's tsvector behind the same three functions.

Both are given words that were cut before (`analyser`), so that both find the same. Single
characters stand in the same index with a mark before them, and only those of titles and brands:
a description holds so many that everything would be found by everything.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Integer,
    Select,
    bindparam,
    cast,
    column,
    func,
    literal,
    select,
    table,
    text,
)
from sqlalchemy.dialects.postgresql import TSQUERY

from catalog_service.store import analyser
from catalog_service.store.tables import listings

_MARK: Final = "·"
# A score becomes a whole number, the same in a cursor. So fine, since FTS5 gives a millionth for a
# word that half of all listings hold: in a small shop those are many, and titles come first too.
_FINEST: Final = 1_000_000_000
MOST_WORDS: Final = 2_000
OFTEN: Final = 1_000  # beyond it, a word is as frequent as any
_WEIGHED: Final = 8  # words of a question; a longer one says enough by all that it holds

_FTS: Final = table("listing_words", column("rowid", Integer))


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """What a product is found by; ``heads`` (titles, brand) count ten times as much."""

    heads: Sequence[str]
    rest: Sequence[str]


def text_of(heads: Iterable[str], rest: Iterable[str]) -> Text:
    """The words in these texts."""
    cut = [word for one in heads for word in analyser.indexed(one)]
    more = [word for one in rest for word in analyser.indexed(one)]
    single = [_MARK + one for one in analyser.characters(cut)]
    return Text(heads=cut[:MOST_WORDS], rest=[*more[:MOST_WORDS], *single])


def put(connection: Connection, numbered: Mapping[int, Text]) -> None:
    """Have these listings found by these words, and by no others."""
    rows = [_row(connection, number, words) for number, words in numbered.items()]
    if connection.dialect.name == "postgresql":
        connection.execute(_SET_VECTOR, rows)
    else:
        connection.execute(_FORGET, rows)
        connection.execute(_REMEMBER, rows)


def forget(connection: Connection, numbers: Iterable[int]) -> None:
    """Have these listings found no more; PostgreSQL forgets them with their row."""
    rows = [{"number": number} for number in numbers]
    if rows and connection.dialect.name != "postgresql":
        connection.execute(_FORGET, rows)


def missing(connection: Connection) -> list[str]:
    """Products that are for sale and have no words: nobody would find them."""
    if connection.dialect.name == "postgresql":
        query = select(listings.c.product_id).where(listings.c.words.is_(None))
    else:
        query = select(listings.c.product_id).where(listings.c.number.not_in(select(_FTS.c.rowid)))
    return list(connection.scalars(query))


def matching(
    connection: Connection, asked: Sequence[str], *, single: bool, ranked: bool = True
) -> Select[Any]:
    """``number`` of the listings that hold all these words, and with ``ranked`` a ``score``.

    ``single``: of the single characters in titles and brands. A larger score is a better match.
    """
    marked = [_MARK + one for one in analyser.characters(asked)] if single else list(asked)
    if connection.dialect.name == "postgresql":
        query = select(listings.c.number).where(_holds(marked))
        return query.add_columns(_score(_rank(connection, marked))) if ranked else query
    query = select(_FTS.c.rowid.label("number")).select_from(_FTS).where(_matches(marked))
    rank = func.bm25(text("listing_words"), 10.0, 1.0) * -1
    return query.add_columns(_score(rank)) if ranked else query


def holding(connection: Connection, word: str, at_most: int) -> int:
    """How many listings hold this word; counted no further than ``at_most``."""
    some = matching(connection, [word], single=False, ranked=False).limit(at_most).subquery()
    return connection.scalar(select(func.count()).select_from(some)) or 0


def _matches(marked: Sequence[str]) -> ColumnElement[bool]:
    asked = " AND ".join(f'"{word}"' for word in marked)
    return text("listing_words MATCH :asked").bindparams(asked=asked)  # type: ignore[return-value]


def _holds(marked: Sequence[str]) -> ColumnElement[bool]:
    return listings.c.words.op("@@")(_ts_query(marked))


def _ts_query(marked: Sequence[str]) -> ColumnElement[Any]:
    return cast(literal(" & ".join(f"'{word}'" for word in marked)), TSQUERY)


def _score(rank: ColumnElement[Any]) -> ColumnElement[int]:
    return cast(rank * _FINEST, BigInteger).label("score")


def _rank(connection: Connection, marked: Sequence[str]) -> ColumnElement[Any]:
    """How well a listing matches on PostgreSQL, whose ``ts_rank`` knows one listing alone.

    It weighs where and how often a word stands, and a text's length; so it is asked for each word,
    and the rarer word counts for more, as with BM25 on SQLite.
    """
    ranks = [func.ts_rank(listings.c.words, _ts_query([word]), 1) for word in marked]
    if not 1 < len(ranks) <= _WEIGHED:
        return sum(ranks[1:], start=ranks[0])
    rarities = _rarities(connection, marked)
    weighed = [rank * rarity for rank, rarity in zip(ranks, rarities, strict=True)]
    return sum(weighed[1:], start=weighed[0])


def _rarities(connection: Connection, marked: Sequence[str]) -> list[float]:
    """What finding each word says: the logarithm of how many listings lack it for one that has."""
    counted = [select(func.count()).where(_holds([word])).scalar_subquery() for word in marked]
    everything = select(func.count()).select_from(listings).scalar_subquery()
    total, *held = connection.execute(select(everything, *counted)).one()
    return [math.log(1 + (total - n + 0.5) / (n + 0.5)) for n in held]


def _row(connection: Connection, number: int, words: Text) -> dict[str, Any]:
    if connection.dialect.name == "postgresql":
        return {"number": number, "vector": _vector(words)}
    return {"number": number, "title": " ".join(words.heads), "rest": " ".join(words.rest)}


def _vector(words: Text) -> str:
    """PostgreSQL's own form of a vector, with positions: no parser of its own cuts it again.

    The words are letters and digits alone, so that quotes need no care (`analyser`).
    """
    places: dict[str, list[str]] = {}
    for weight, some in (("A", words.heads), ("D", words.rest)):
        for place, word in enumerate(some, start=1):
            places.setdefault(word, []).append(f"{min(place, 16_000)}{weight}")
    return " ".join(f"'{word}':{','.join(at[:200])}" for word, at in places.items())


_SET_VECTOR: Final = text(
    "UPDATE listings SET words = CAST(:vector AS tsvector) WHERE number = :number"
).bindparams(bindparam("vector"), bindparam("number"))
_FORGET: Final = text("DELETE FROM listing_words WHERE rowid = :number")
_REMEMBER: Final = text(
    "INSERT INTO listing_words (rowid, title, rest) VALUES (:number, :title, :rest)"
)
