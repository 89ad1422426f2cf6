"""A merchant puts in a picture."""

from __future__ import annotations

import hashlib

from catalog_service.domain.picture import media_type_of
from catalog_service.store import media
from catalog_service.store.media import Picture
from shop_events import Tx


def keep_picture(tx: Tx, content: bytes, *, merchant_id: str) -> Picture:
    """Keep it under the digest of its bytes; the same bytes again change nothing.

    Raises:
        NotReadable: it is no picture, or too large.
    """
    digest = hashlib.sha256(content).hexdigest()
    picture = Picture(digest=digest, media_type=media_type_of(content), content=content)
    media.put(tx.connection, picture, merchant_id=merchant_id, at=tx.now)
    return picture
