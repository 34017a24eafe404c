"""The contrast of the console's colors, which are read from its style sheet.

Spec: WCAG 2.2, 1.4.3 (text 4.5:1) and 1.4.11 (edges of controls 3:1).
"""

import re
from importlib.resources import files

import pytest

SHEET = (files("mockidp.web") / "static" / "console.css").read_text()
LIGHT, DARK = re.findall(r":root \{(.*?)\n *\}", SHEET, re.DOTALL)
TEXT = [
    *((text, on) for text in ("ink", "soft", "link") for on in ("paper", "card", "sunk")),
    *((text, "card") for text in ("ok", "bad", "warn", "app", "browser", "tenant", "code")),
    *((text, f"{text}-soft") for text in ("ok", "bad", "warn")),
    *((text, "accent-soft") for text in ("link", "ink")),
    *(("ink", f"{on}-soft") for on in ("ok", "bad", "warn")),
    ("accent-ink", "accent"),
]
"""Colors of text, each with one of its backgrounds."""


def colors_of(scheme):
    """Return the colors of a scheme by name, as red, green and blue from 0 to 1."""
    found = dict(re.findall(r"--([a-z-]+): #([0-9a-f]{3,6});", scheme))
    return {name: parse(digits) for name, digits in found.items()}


def parse(digits):
    full = digits if len(digits) == 6 else "".join(one * 2 for one in digits)
    return [int(full[start : start + 2], 16) / 255 for start in (0, 2, 4)]


def luminance(color):
    red, green, blue = (
        one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in color
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first, second):
    lighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_black_on_white_has_the_highest_contrast():
    assert contrast(parse("000"), parse("ffffff")) == pytest.approx(21)


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
def test_text_can_be_read(scheme):
    colors = colors_of(scheme)
    found = {pair: contrast(colors[pair[0]], colors[pair[1]]) for pair in TEXT}
    assert {pair: ratio for pair, ratio in found.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("background", ["paper", "card"])
def test_edges_of_controls_can_be_seen(scheme, background):
    colors = colors_of(scheme)
    for one in ("edge", "accent"):
        assert contrast(colors[one], colors[background]) >= 3
