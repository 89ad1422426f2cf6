"""Ids: UUID version 7 (RFC 9562), so that newer rows sort after older ones."""

from __future__ import annotations

import uuid6


def new_id() -> str:
    """A fresh opaque id."""
    return str(uuid6.uuid7())
