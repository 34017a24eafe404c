"""The headers that keep other pages from showing a hosted page in a frame (clickjacking).

Spec: RFC 7034; Content Security Policy 3, 6.4.2.
Auth0: hosted pages send both headers, unless `flags.disable_clickjack_protection_headers` of the
tenant is set.
"""

from __future__ import annotations

from mockidp.web.pipeline.outcome import Outcome
from mockidp.web.request.exchange import Exchange


def forbid_frames(exchange: Exchange, outcome: Outcome) -> None:
    """Add the headers that forbid frames to a page.

    Pages that carry an authorization response never get them: with `web_message` an app shows that
    page in a hidden frame. mockidp's own pages always get them.
    """
    response = outcome.response
    if response.mimetype != "text/html" or outcome.is_framable:
        return
    flags = exchange.tenant.directory.configuration.tenant.flags
    if exchange.is_control or not flags.disable_clickjack_protection_headers:
        response.headers["X-Frame-Options"] = "deny"
        # mockidp's own pages have a stricter policy already.
        response.headers.setdefault("Content-Security-Policy", "frame-ancestors 'none'")
