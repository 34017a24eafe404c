"""The colours of the hosted pages have the contrast of WCAG 2.2 AA, in light and dark."""

import re
from pathlib import Path

import pytest

from mockidp import web

CSS = (Path(web.__file__).parent / "templates" / "style.css").read_text()
TOKEN = re.compile(r"--([\w-]+): #([0-9a-f]{3}|[0-9a-f]{6});")
LIGHT, DARK = CSS.split("@media (prefers-color-scheme: dark)")[:2]
THEMES = {
    "light": dict(TOKEN.findall(LIGHT)),
    "dark": dict(TOKEN.findall(DARK.partition("/* Elements */")[0])),
}
SURFACES = ("paper", "card", "sunk")
TEXTS = [
    *((ink, paper) for ink in ("ink", "soft") for paper in SURFACES),
    *((ink, paper) for ink in ("link", "bad", "warn") for paper in ("paper", "card")),
    ("accent-ink", "accent"),
    ("ink", "accent-soft"),
    ("link", "accent-soft"),
    ("bad", "bad-soft"),
    ("ink", "warn-soft"),
    ("soft", "warn-soft"),
    ("warn", "warn-soft"),
]
EDGES = [
    *(("edge", paper) for paper in ("paper", "card")),
    *(("accent", paper) for paper in ("paper", "card")),
    *(("bad", paper) for paper in ("paper", "card")),
]


def luminance(color):
    digits = color if len(color) == 6 else "".join(2 * digit for digit in color)
    shares = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    """Return the ratio of WCAG 2.2 1.4.3, from 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_the_ratio_is_that_of_wcag():
    assert contrast("fff", "000000") == pytest.approx(21)
    assert contrast("777777", "fff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("text", "paper"), TEXTS)
def test_a_text_can_be_read(theme, text, paper):
    assert contrast(THEMES[theme][text], THEMES[theme][paper]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("edge", "paper"), EDGES)
def test_the_edge_of_a_control_can_be_seen(theme, edge, paper):
    assert contrast(THEMES[theme][edge], THEMES[theme][paper]) >= 3


def test_both_themes_have_the_same_tokens_and_no_rule_names_another_colour():
    assert THEMES["light"].keys() == THEMES["dark"].keys()
    rules = DARK.partition("/* Elements */")[2]
    outside = [line for line in rules.splitlines() if "#" in line and "stripe" not in line]
    named = {color for line in outside for color in re.findall(r": ?#([0-9a-f]{3,6})\b", line)}
    assert named <= {"fff6d6"}  # the pill on the stripe


def test_the_text_on_the_stripe_can_be_read():
    assert contrast("3a2c00", "fff6d6") >= 7
