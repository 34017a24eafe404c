"""Responses for mockidp's own pages, with headers that protect them.

Spec: Content Security Policy Level 3; W3C Clickjacking (X-Frame-Options).
"""

from __future__ import annotations

from base64 import b64encode
from functools import lru_cache
from hashlib import sha256

from werkzeug import Response

from mockidp.web.render import page


def console_page(html: str, status: int = 200) -> Response:
    """Return a page that runs no scripts, loads no other files, and cannot be shown in a frame."""
    response = page(html, status)
    style = html.partition("<style>")[2].partition("</style>")[0]
    response.headers["Content-Security-Policy"] = _policy(style)
    response.headers["X-Frame-Options"] = "deny"
    response.headers["Referrer-Policy"] = "same-origin"
    return response


@lru_cache(maxsize=8)
def _policy(style: str) -> str:
    digest = b64encode(sha256(style.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )
