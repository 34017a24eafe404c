"""QR codes as inline SVG."""

from __future__ import annotations

from markupsafe import Markup

_SCALE = 5


def qr_code(text: str) -> Markup:
    """Return a QR code as SVG, in black on white so that every scanner reads it."""
    import segno  # noqa: PLC0415 - only the pages of an enrollment need it

    svg = segno.make(text, error="m").svg_inline(scale=_SCALE, light="white", omitsize=False)
    return Markup(svg)  # noqa: S704 - segno escapes the text
