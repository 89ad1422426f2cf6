"""Pictures, by what is in them: the same bytes are kept once, whoever puts them in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from catalog_service.domain.errors import MediaNotFound
from catalog_service.store.tables import media, media_owners
from shop_events.sql import insert_once


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture and what kind it is."""

    digest: str
    media_type: str
    content: bytes


def put(connection: Connection, picture: Picture, *, merchant_id: str, at: datetime) -> None:
    """Keep a picture, and that it may be used by this merchant."""
    row = {
        "digest": picture.digest,
        "media_type": picture.media_type,
        "size": len(picture.content),
        "content": picture.content,
    }
    insert_once(connection, media, row)
    owned = {"merchant_id": merchant_id, "digest": picture.digest, "added_at": at}
    insert_once(connection, media_owners, owned)


def get(connection: Connection, digest: str) -> Picture:
    """The picture.

    Raises:
        MediaNotFound: nobody ever put it in.
    """
    row = connection.execute(select(media).where(media.c.digest == digest)).first()
    if row is None:
        raise MediaNotFound(digest)
    return Picture(digest=row.digest, media_type=row.media_type, content=bytes(row.content))


def owned(connection: Connection, merchant_id: str, digests: Iterable[str]) -> set[str]:
    """Those of these pictures that the merchant put in."""
    query = select(media_owners.c.digest).where(
        media_owners.c.merchant_id == merchant_id, media_owners.c.digest.in_(list(digests))
    )
    return set(connection.scalars(query))


def list_of(
    connection: Connection, merchant_id: str, *, after: str, at_most: int
) -> Sequence[Row[Any, Any, Any, Any]]:
    """The merchant's pictures without their content, by digest."""
    query = (
        select(media.c.digest, media.c.media_type, media.c.size, media_owners.c.added_at)
        .join(media_owners, media_owners.c.digest == media.c.digest)
        .where(media_owners.c.merchant_id == merchant_id, media.c.digest > after)
        .order_by(media.c.digest)
        .limit(at_most)
    )
    return connection.execute(query).all()
