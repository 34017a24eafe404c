"""Recognize the URL at which an app begins a login: that of /authorize, at any host."""

from __future__ import annotations

import re

from mockidp.frozen import frozen
from mockidp.protocol.urls.origin import origin_of, split_host

_LOGIN = re.compile(r"(?P<base>https?://[^?#]+)/authorize\?(?P<query>[^#]*)(?:#.*)?", re.DOTALL)
_SENT = re.compile(r"(?:^|&)(?:client_id|response_type|redirect_uri)=")
"""What a login URL has, unlike a callback whose path is /authorize."""


@frozen
class LoginUrl:
    """The URL of the tenant in a login URL, and the query."""

    base_url: str
    query: str


def parse_login_url(url: str) -> LoginUrl | None:
    """Return the parts of a login URL; None for another URL."""
    match = _LOGIN.fullmatch(url)
    if match is None or not _SENT.search(match["query"]):
        return None
    host = origin_of(match["base"]).partition("://")[2]
    return LoginUrl(base_url=match["base"], query=match["query"]) if split_host(host) else None
