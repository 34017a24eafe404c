"""Check pages with axe-core, in light and dark, wide and narrow."""

from pathlib import Path

AXE = Path(__file__).parents[1] / "clients" / "node" / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
STYLE_RULES = [
    "color-contrast", "link-in-text-block", "scrollable-region-focusable", "target-size",
]  # fmt: skip
"""The rules whose result depends on the style; that of all others is that of the markup."""
CHECK = """async (only) => {
  const found = await axe.run(document, { runOnly: only });
  return {
    passes: found.passes.length,
    violations: found.violations.map((one) => [one.id, one.nodes.map((node) => node.html)]),
  };
}"""


def assert_accessible(page, axe, widths=(360, 1280), *, second=STYLE_RULES):
    """Check the current page in light and dark, at one width or at two.

    With two, each colour scheme is checked at its own: contrast depends on the scheme, and the
    layout on the width. `second` are the rules or tags for dark: `STYLE_RULES` are enough for a page
    whose own elements are the same at every width, and `TAGS` check the others, and the navigation.
    """
    if page.evaluate("typeof axe") == "undefined":  # it takes longer than a check
        page.evaluate(axe)
    schemes = (("light", widths[0], TAGS), ("dark", widths[-1], second))
    for scheme, width, chosen in schemes:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": 800})
        kind = "rule" if chosen is STYLE_RULES else "tag"
        found = page.evaluate(CHECK, {"type": kind, "values": chosen})
        assert (scheme, width, found["violations"]) == (scheme, width, [])
        assert found["passes"] > (10 if kind == "tag" else 0)
        overflow = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert (scheme, width, max(overflow, 0)) == (scheme, width, 0)
