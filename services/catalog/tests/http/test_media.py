"""Pictures: what they are is in their bytes, and what they draw may do nothing."""

import hashlib

import pytest

from catalog_service.domain.errors import NotReadable
from catalog_service.domain.picture import media_type_of
from catalog_service.testing import DOT, Stall, a_mug, lan, mei

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20


def test_a_picture_is_kept_by_its_digest_and_shown_to_everybody(stall: Stall) -> None:
    put = stall.bench.client(mei).post("/catalog/media", data=DOT, content_type="image/svg+xml")

    kept = put.get_json()
    shown = stall.bench.client().get(kept["url"])
    assert (put.status_code, kept["digest"]) == (201, hashlib.sha256(DOT).hexdigest())
    assert (shown.get_data(), shown.headers["Content-Type"]) == (
        DOT,
        "image/svg+xml",
    )
    assert "immutable" in shown.headers["Cache-Control"]
    assert shown.headers["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    )
    assert shown.headers["X-Content-Type-Options"] == "nosniff"


def test_a_product_shows_only_pictures_of_its_own_merchant(quick_stall: Stall) -> None:
    put = quick_stall.bench.client(mei).post(
        "/catalog/media", data=DOT, content_type="image/svg+xml"
    )
    digest = put.get_json()["digest"]

    quick_stall.sells(a_mug(images=[digest]))
    theirs = quick_stall.bench.client(lan).post("/catalog/products", {"images": [digest]})

    assert quick_stall.lists()["items"][0]["image"] == f"/api/v1/catalog/media/{digest}"
    assert theirs.status_code == 422
    assert quick_stall.bench.client(lan).get("/merchant/media").get_json()["items"] == []
    (mine,) = quick_stall.bench.client(mei).get("/merchant/media").get_json()["items"]
    assert (mine["digest"], mine["size"]) == (digest, len(DOT))


def test_what_is_said_of_a_picture_does_not_count(quick_stall: Stall) -> None:
    client = quick_stall.bench.client(mei)

    as_jpeg = client.post("/catalog/media", data=PNG, content_type="image/jpeg")
    page = client.post("/catalog/media", data=b"<html/>", content_type="image/png")
    large = client.post("/catalog/media", data=PNG * 30_000, content_type="image/png")

    assert as_jpeg.get_json()["media_type"] == "image/png"
    assert (page.status_code, large.status_code) == (422, 422)
    assert client.get("/catalog/media/nothing").status_code == 404


@pytest.mark.parametrize(
    "drawing",
    [
        b"<svg><script>alert(1)</script></svg>",
        b"<svg onload='alert(1)'/>",
        b"<svg><a href=' java\nscript:alert(1)'/></svg>",
        b"<!DOCTYPE svg [<!ENTITY a 'b'>]><svg>&a;</svg>",
        b"<svg><foreignObject/></svg>",
        b"<svg",
        b"<html><svg/></html>",
    ],
)
def test_a_drawing_that_does_more_than_be_looked_at_is_refused(drawing: bytes) -> None:
    with pytest.raises(NotReadable):
        media_type_of(drawing)
