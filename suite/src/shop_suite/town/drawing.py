"""Draws a picture of each thing in the demo shop: a few shapes, one colour, nothing fetched."""

from __future__ import annotations

from typing import Final

SIZE: Final = 320
_LINE: Final = 'stroke="#2b2622" stroke-width="4" stroke-linejoin="round" stroke-linecap="round"'

# Each shape in a square of 320, in the thing's own {colour}; what shines through stays open.
_SHAPES: Final = {
    "mug": (
        '<path d="M216 132h26a30 34 0 0 1 0 68h-26" fill="none"/>'
        '<path d="M96 104h120v112a28 28 0 0 1-28 28h-64a28 28 0 0 1-28-28z"/>'
        '<path d="M132 84q-10-14 0-28M164 84q-10-14 0-28" fill="none"/>'
    ),
    "cup": (
        '<path d="M92 124h136l-16 92a20 20 0 0 1-20 16h-64a20 20 0 0 1-20-16z"/>'
        '<path d="M76 248h168" fill="none"/>'
    ),
    "teapot": (
        '<path d="M224 150q52-14 46 34t-60 34" fill="none"/>'
        '<path d="M100 168l-48-34 14 66 42 26z"/>'
        '<ellipse cx="160" cy="190" rx="72" ry="58"/>'
        '<path d="M118 140q42-34 84 0z"/><circle cx="160" cy="112" r="9"/>'
    ),
    "bowl": (
        '<path d="M70 140h180q-8 92-66 100h-48q-58-8-66-100z"/><path d="M132 252h56" fill="none"/>'
    ),
    "plate": (
        '<ellipse cx="160" cy="170" rx="104" ry="70"/>'
        '<ellipse cx="160" cy="166" rx="66" ry="42" fill="#ffffff" fill-opacity=".35"/>'
    ),
    "vase": (
        '<path d="M140 76h40v34q44 30 44 82 0 52-40 60h-48q-40-8-40-60 0-52 44-82z"/>'
        '<path d="M160 76q-6-26 16-40M160 62q10-12 26-10" fill="none"/>'
    ),
    "jug": (
        '<path d="M206 128q48 4 40 48t-44 44" fill="none"/>'
        '<path d="M112 92h88l-10 30q22 34 22 78 0 44-30 44h-52q-30 0-30-44 0-44 22-78z"/>'
    ),
    "jar": (
        '<rect x="112" y="84" width="96" height="26" rx="8"/>'
        '<path d="M104 110h112q20 40 12 100-4 34-36 34h-64q-32 0-36-34-8-60 12-100z"/>'
    ),
    "lamp": (
        '<path d="M116 76h88l36 84H80z"/><path d="M160 160v64" fill="none"/>'
        '<ellipse cx="160" cy="238" rx="54" ry="16"/>'
    ),
    "board": (
        '<rect x="76" y="72" width="168" height="188" rx="20"/>'
        '<circle cx="160" cy="98" r="11" fill="#faf6ee"/>'
        '<path d="M104 140q56 14 112 0M104 180q56 14 112 0M104 220q56 14 112 0" fill="none"/>'
    ),
    "stick": (
        '<rect x="146" y="60" width="28" height="150" rx="13"/>'
        '<path d="M146 206q14 60 14 62 0-2 14-62z" fill="#2b2622"/>'
    ),
    "pot": (
        '<path d="M62 150h196M62 150q-18 0-18 18M258 150q18 0 18 18" fill="none"/>'
        '<path d="M72 150h176v62q0 36-36 36H108q-36 0-36-36z"/>'
        '<path d="M92 136q68-50 136 0z"/><circle cx="160" cy="104" r="9"/>'
    ),
    "tin": (
        '<path d="M102 112h116v130q0 14-58 14t-58-14z"/>'
        '<ellipse cx="160" cy="108" rx="58" ry="18"/>'
        '<rect x="122" y="154" width="76" height="62" fill="#faf6ee"/>'
        '<path d="M160 164q26 18 0 42-26-24 0-42z"/>'
    ),
    "box": (
        '<path d="M76 128l84-34 84 34v94l-84 38-84-38z"/>'
        '<path d="M76 128l84 36 84-36M160 164v96" fill="none"/>'
    ),
    "fruit": (
        '<circle cx="160" cy="182" r="70"/><path d="M160 112q4-28 30-34" fill="none"/>'
        '<path d="M164 104q30-34 62-10-28 26-62 10z" fill="#7ea04d"/>'
    ),
    "flower": (
        '<path d="M160 188v84M160 244q-28-6-36-30" fill="none"/>'
        '<circle cx="160" cy="108" r="26"/><circle cx="206" cy="140" r="26"/>'
        '<circle cx="190" cy="194" r="26"/><circle cx="130" cy="194" r="26"/>'
        '<circle cx="114" cy="140" r="26"/><circle cx="160" cy="152" r="26" fill="#faf6ee"/>'
    ),
    "book": (
        '<path d="M92 76h128q12 0 12 12v156H104q-12 0-12-12z"/>'
        '<path d="M92 232q0-14 12-14h128M124 76v142" fill="none"/>'
    ),
    "cloth": (
        '<path d="M84 96q38-20 76 0t76 0v128q-38 20-76 0t-76 0z"/>'
        '<path d="M84 138q38-20 76 0t76 0M84 182q38-20 76 0t76 0" fill="none"/>'
    ),
    "bag": (
        '<path d="M122 128V98a38 38 0 0 1 76 0v30" fill="none"/><path d="M84 124h152l14 132H70z"/>'
    ),
}


def draw(shape: str, colour: str, title: str) -> str:
    """An SVG picture of a thing of this shape; ``title`` is read out by a screen reader.

    Raises:
        KeyError: nobody knows how to draw that.
    """
    name = title.replace("&", "&amp;").replace("<", "&lt;")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE} {SIZE}" role="img">'
        f"<title>{name}</title>"
        f'<rect width="{SIZE}" height="{SIZE}" fill="#faf6ee"/>'
        '<ellipse cx="160" cy="268" rx="92" ry="12" fill="#e6dccb"/>'
        f'<g fill="{colour}" {_LINE}>{_SHAPES[shape]}</g></svg>'
    )


def shapes() -> frozenset[str]:
    """What can be drawn."""
    return frozenset(_SHAPES)
