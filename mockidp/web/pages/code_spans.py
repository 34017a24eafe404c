"""Show the code in hints, which is in backticks, as `code` elements of HTML pages."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

_SPAN = re.compile(r"(?<!`)`([^\s`](?:[^`]*[^\s`])?)`(?!`)")


def code_spans(text: str) -> Markup:
    """Return a text as HTML, in which a pair of backticks is a `code` element.

    Backticks without a partner stay, and so do those around spaces, which would be invisible.
    """
    return Markup(_SPAN.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704 - escaped first
