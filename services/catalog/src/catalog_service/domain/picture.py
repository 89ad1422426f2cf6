"""Which kind of picture some bytes are, by what is in them; nobody's word for it counts."""

from __future__ import annotations

from typing import Final
from xml.parsers import expat

from catalog_service.domain.errors import NotReadable

LARGEST_BYTES: Final = 512 * 1024
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_ACTIVE: Final = frozenset(("script", "foreignobject", "iframe", "embed", "object", "handler"))


def media_type_of(content: bytes) -> str:
    """The media type of a picture.

    Raises:
        NotReadable: it is larger than 512 KiB, no kind of picture we show, or a drawing that does
            more than be looked at.
    """
    if len(content) > LARGEST_BYTES:
        raise NotReadable(f"A picture has {LARGEST_BYTES // 1024} KiB at most.")
    if content.startswith(_PNG):
        return "image/png"
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    if b"<" in content[:1024]:
        _must_be_a_drawing(content)
        return "image/svg+xml"
    raise NotReadable("This is no picture: PNG, JPEG, WebP and SVG are.")


def _must_be_a_drawing(content: bytes) -> None:
    names: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        names.append(name.rpartition(":")[2].lower())
        if names[-1] in _ACTIVE or any(_is_active(*one) for one in attributes.items()):
            raise NotReadable("The drawing holds a script; a picture is only looked at.")

    def doctype(*_said: object) -> None:
        # An entity may stand for a billion others, or for a file of ours.
        raise NotReadable("The drawing declares a document type; leave it out.")

    parser = expat.ParserCreate(encoding="utf-8")
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = doctype
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise NotReadable("This is no picture: its XML cannot be read.") from error
    if names[0] != "svg":
        raise NotReadable("This is no picture, but another kind of XML.")


def _is_active(name: str, value: str) -> bool:
    packed = "".join(value.split()).lower()
    return name.lower().startswith("on") or packed.startswith(("javascript:", "data:text"))
