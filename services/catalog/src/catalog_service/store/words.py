"""The index of words: SQLite's FTS5 and PostgreSQL's tsvector behind the same three functions.

Both are given words that were cut before (`analyser`), so that both find the same. Single
characters stand in the same index with a mark before them, and only those of titles and brands:
a description holds so many that everything would be found by everything.
"""

from __future__ import annotations

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
_FINEST: Final = 1_000_000  # a score becomes a whole number of millionths: the same in a cursor
MOST_WORDS: Final = 2_000

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


def matching(connection: Connection, asked: Sequence[str], *, single: bool) -> Select[Any]:
    """``number`` and ``score`` of the listings that hold all these words.

    ``single``: of the single characters in titles and brands. A larger score is a better match.
    """
    marked = [_MARK + one for one in analyser.characters(asked)] if single else list(asked)
    if connection.dialect.name == "postgresql":
        query = cast(literal(" & ".join(f"'{word}'" for word in marked)), TSQUERY)
        rank = func.ts_rank(listings.c.words, query, 1)
        score = cast(rank * _FINEST, BigInteger).label("score")
        return select(listings.c.number, score).where(listings.c.words.op("@@")(query))
    found: ColumnElement[bool] = text("listing_words MATCH :asked").bindparams(  # type: ignore[assignment]
        asked=" AND ".join(f'"{word}"' for word in marked)
    )
    score = cast(func.bm25(text("listing_words"), 10.0, 1.0) * -_FINEST, BigInteger).label("score")
    return select(_FTS.c.rowid.label("number"), score).select_from(_FTS).where(found)


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
