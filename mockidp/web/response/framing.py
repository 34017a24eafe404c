"""The headers that keep other pages from showing a hosted page in a frame (clickjacking).

Spec: RFC 7034; Content Security Policy 3, 6.4.2.
Auth0: hosted pages send both headers, unless `flags.disable_clickjack_protection_headers` of the
tenant is set.
"""

from __future__ import annotations

from mockidp.web.request.exchange import Exchange

_FORBIDDEN = (
    ("X-Frame-Options", "deny"),
    ("Content-Security-Policy", "frame-ancestors 'none'"),
)


def is_page(content_type: str) -> bool:
    """Return whether a content type is that of a page."""
    return content_type.partition(";")[0].strip().lower() == "text/html"


def frame_headers(exchange: Exchange) -> tuple[tuple[str, str], ...]:
    """Return the headers that forbid frames for a page. One that has a stricter policy keeps it.

    Pages that carry an authorization response never get them: with `web_message` an app shows that
    page in a hidden frame. mockidp's own pages always get them.
    """
    flags = exchange.tenant.directory.configuration.tenant.flags
    is_framable = flags.disable_clickjack_protection_headers and not exchange.is_control
    return () if is_framable else _FORBIDDEN
