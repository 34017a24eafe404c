"""Whether a URL that a client names is one that it registered.

Spec: RFC 6749 3.1.2.3; RFC 9700 2.1.
Auth0: exact match, port included even on loopback; `*` stands for one sub-domain label.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import SplitResult, urlsplit


def matches(url: str, registered: str) -> bool:
    """Compare exactly, but for a `*` in the first label of the registered host."""
    if url == registered:
        return True
    if "://*." not in registered:
        return False
    scheme, _, rest = registered.partition("://*.")
    pattern = re.escape(scheme + "://") + r"[A-Za-z0-9-]+\." + re.escape(rest)
    return re.fullmatch(pattern, url) is not None


def is_registered(url: str, registered: Iterable[str]) -> bool:
    """Tell whether any registered URL matches."""
    return any(matches(url, one) for one in registered)


def is_registered_without_query(url: str, registered: Iterable[str]) -> bool:
    """Compare as /v2/logout does: query string and fragment of the URL do not count."""
    # Not urlsplit: it drops line breaks and tabs, and so would let another URL pass.
    bare = re.split(r"[?#]", url, maxsplit=1)[0]
    return is_registered(url, registered) or is_registered(bare, registered)


def nearest_difference(url: str, registered: Iterable[str]) -> str:
    """Say in words how a URL differs from the registered one that is most like it."""
    candidates = list(registered)
    if not candidates:
        return "none is registered"
    sent = _split(url)
    if sent is None:
        return f"it is not a URL; registered: {', '.join(candidates)}"
    for one in candidates:
        known = urlsplit(one)
        differing = [
            part
            for part in ("scheme", "netloc", "path", "query", "fragment")
            if getattr(sent, part) != getattr(known, part)
        ]
        if len(differing) == 1:
            part = differing[0]
            name = "host or port" if part == "netloc" else part
            return (
                f"it differs from {one} in its {name}: "
                f"{getattr(sent, part)!r} for {getattr(known, part)!r}"
            )
    return "registered: " + ", ".join(candidates)


def _split(url: str) -> SplitResult | None:
    try:
        return urlsplit(url)
    except ValueError:
        return None
