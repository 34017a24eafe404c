"""Check the form of hints: full sentences, or diagnostics with a location."""

import re

_VALUE = re.compile(r"`[^`]*`|'[^']*'|\"[^\"]*\"|https?://\S+(?= )")
"""What may have any form: quoted values and URLs."""
_DIAGNOSTIC = re.compile(r"/[^:]*: |([\w.\[\]-]+|the body): (found|expected) ")
"""The start of the diagnostics of a call to the control API, such as `/clients/0: expected ...`."""


def form_mistakes(hint):
    """Return why a hint is not made of full sentences. Values are ignored."""
    if not hint or _DIAGNOSTIC.match(hint):
        return []
    first, line_break, _ = hint.partition("\n")
    # After a colon and a line break, a list follows.
    text = _VALUE.sub("X", first.removesuffix(":") + "." if line_break else hint)
    found = {
        "it does not begin with a capital letter": not text[0].isupper(),
        "it does not end with a full stop or question mark": text[-1] not in ".?",
        "it joins clauses with a semicolon": "; " in text,
        "one of its sentences begins in lower case": re.search(r"[a-z)X][.?] [a-z]", text),
    }
    return [mistake for mistake, is_found in found.items() if is_found]
