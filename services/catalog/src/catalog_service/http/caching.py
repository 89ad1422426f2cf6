"""What a browser, and a cache between us and it, may keep."""

from __future__ import annotations

import hashlib
from typing import Final

from flask import Response, jsonify, request

from catalog_service.domain.category import Category
from chassis.problems import Problem
from chassis.requests import asked_with, maybe_identity
from chassis.routes import Header

SHORT_S: Final = 15  # stock and prices are never older than that on somebody's page


def public(body: object, *, tag: str | None = None) -> Response:
    """An answer that is the same for everybody: shared for 15 s, and asked for again by its tag.

    ``tag`` where it is more than the body's own: it must be another one for every other body.
    """
    response = jsonify(body)
    response.set_etag(tag or hashlib.sha256(response.get_data()).hexdigest()[:32])
    anonymous = maybe_identity() is None
    response.headers["Cache-Control"] = (
        f"public, max-age={SHORT_S}" if anonymous else "private, no-cache"
    )
    response.make_conditional(request)
    return response


def category_tag(category: Category) -> str:
    """The entity tag of a category: of all that an admin may change of it, in every language."""
    texts = sorted(category.titles.items())
    content = repr((category.slug, category.path, category.position, texts))
    return hashlib.sha256(content.encode()).hexdigest()[:32]


def version_tag(version: int) -> str:
    """The entity tag of a product at this version."""
    return f'"v{version}"'


def wanted_version() -> int | None:
    """The version the caller read, from ``If-Match``; None: he does not say.

    Raises:
        Problem: 400, the header is no tag of ours.
    """
    tag = (asked_with(Header.UNCHANGED) or "*").strip()
    if tag == "*":
        return None
    number = tag.removeprefix('"v').removesuffix('"')
    if not (number.isascii() and number.isdecimal() and tag == version_tag(int(number[:9]))):
        raise Problem(400, "bad_if_match", "If-Match takes the ETag the product was read with.")
    return int(number)
