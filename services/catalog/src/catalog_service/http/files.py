"""What merchants send and fetch as files: pictures, and their catalogue as CSV."""

from __future__ import annotations

from typing import Any, Final

from flask import Response, jsonify
from flask.typing import ResponseReturnValue

from catalog_service.http import merchant_answers as answers
from catalog_service.http import merchant_schemas as schemas
from catalog_service.http.back_office import merchant_of
from catalog_service.http.views import import_view
from catalog_service.usecases.export_products import export_products
from catalog_service.usecases.keep_picture import keep_picture
from catalog_service.usecases.messages import MEDIA
from catalog_service.usecases.read_own import read_import, read_pictures
from catalog_service.usecases.start_import import received, start_import
from chassis.http import Blueprint, body_pieces, raw_body
from chassis.http.paging import PageQuery, page
from chassis.idempotency import Answer, once
from chassis.identity import Role
from chassis.requests import begin, current_identity, current_runtime, read
from chassis.routes import Header, accepts, heeds, who
from shop_events import Tx
from shop_events.sql import Connection

files = Blueprint("files", __name__, url_prefix="/catalog")
own_media = Blueprint("own_media", __name__, url_prefix="/merchant/media")

LARGEST_FILE: Final = 32 * 1024 * 1024
_PICTURES: Final = ("image/png", "image/jpeg", "image/webp", "image/svg+xml")
_BINARY: Final = {"schema": {"type": "string", "format": "binary"}}


@files.post("/media")
@who(Role.MERCHANT)
@accepts(*_PICTURES)
@files.doc(requestBody={"required": True, "content": dict.fromkeys(_PICTURES, _BINARY)})
@files.response(201, answers.MediaAnswer)
def post_media() -> ResponseReturnValue:
    """Put in a picture of 512 KiB at most; what it is, its content says."""
    with begin() as tx:
        kept = keep_picture(tx, raw_body(), merchant_id=_mine())
    answer = _media(kept.digest, kept.media_type, len(kept.content))
    return jsonify(answer), 201, {"Location": MEDIA + kept.digest}


@own_media.get("")
@who(Role.MERCHANT)
@own_media.arguments(PageQuery, location="query")
@own_media.response(200, answers.MediaPage)
def get_own_media(query: dict[str, Any]) -> ResponseReturnValue:
    """The pictures I put in."""
    limit, cursor = query["limit"], query["cursor"]
    after = str(cursor[0]) if cursor else ""
    with read() as connection:
        found = read_pictures(connection, _mine(), after=after, at_most=limit + 1)
    return jsonify(
        page(
            found,
            limit=limit,
            key=lambda one: (one.digest,),
            show=lambda one: _media(one.digest, one.media_type, one.size),
        )
    )


@files.post("/imports")
@who(Role.MERCHANT)
@heeds(Header.KEY)
@accepts("text/csv", at_most=LARGEST_FILE, streamed=True)
@files.doc(requestBody={"required": True, "content": {"text/csv": _BINARY}})
@files.arguments(schemas.ImportQuery, location="query")
@files.response(202, answers.ImportAnswer)
def post_import(query: dict[str, Any]) -> ResponseReturnValue:
    """Hand in my catalogue as CSV (UTF-8 or GBK, 32 MiB at most); it is worked through by and by.

    ``dry_run`` only tells what would become of it. ``create_categories`` makes those it names. With
    an ``Idempotency-Key`` a repeat of the same file begins no second import.
    """
    mine, me = _mine(), current_identity().subject
    with received(body_pieces()) as file:

        def act(tx: Tx) -> Answer:
            import_id = start_import(tx, file, merchant_id=mine, by=me, **query)
            location = {"Location": f"/api/v1/catalog/imports/{import_id}"}
            return _import(tx.connection, import_id), 202, location

        return once(act, body=file.digest)


@files.get("/imports/<import_id>")
@who(Role.MERCHANT)
@files.response(200, answers.ImportAnswer)
def get_import(import_id: str) -> ResponseReturnValue:
    """How far my import is, and what was wrong in it."""
    with read() as connection:
        return jsonify(_import(connection, import_id))


@files.get("/export")
@who(Role.MERCHANT)
@files.response(200, content_type="text/csv", schema={"type": "string"})
def get_export() -> Response:
    """My catalogue as CSV, in the columns that imports have."""
    lines = export_products(current_runtime().database, merchant_id=_mine())
    response = Response(lines, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="catalogue.csv"'
    return response


def _import(connection: Connection, import_id: str) -> dict[str, Any]:
    return import_view(*read_import(connection, import_id, _mine()))


def _media(digest: str, media_type: str, size: int) -> dict[str, Any]:
    return {"digest": digest, "media_type": media_type, "size": size, "url": MEDIA + digest}


def _mine() -> str:
    return merchant_of(current_identity())
