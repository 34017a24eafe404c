"""Scheme, host and port of URLs and Host headers."""

from __future__ import annotations

import re
from functools import lru_cache

from mockidp.hosts import is_loopback
from mockidp.protocol.urls.web_host import MAX_NAME, MAX_PORT

_LABEL = "[A-Za-z0-9_-]{1,63}"
_HOST = re.compile(
    rf"(?P<host>\[[0-9A-Fa-f:.]+\]|(?:{_LABEL}\.)*{_LABEL}\.?)(?::(?P<port>[0-9]{{1,5}}))?"
)
_DEFAULT_PORTS = {"http": "80", "https": "443"}


def split_host(host: str) -> tuple[str, str] | None:
    """Return name, in lower case, and port of a Host header, or None if it is invalid."""
    match = _HOST.fullmatch(host)
    if match is None:
        return None
    name, port = match["host"].lower(), match["port"] or ""
    return (name, port) if len(name) <= MAX_NAME and int(port or 0) <= MAX_PORT else None


def make_origin(scheme: str, name: str, port: str) -> str:
    """Return an origin, without the default port of its scheme (RFC 6454 6.1)."""
    return f"{scheme}://{name}" + (f":{port}" if port and port != _DEFAULT_PORTS[scheme] else "")


def origin_of(url: str) -> str:
    """Return scheme, host and port of a URL, without its path."""
    scheme, separator, rest = url.partition("://")
    return scheme + separator + re.split(r"[/?#]", rest, maxsplit=1)[0]


@lru_cache(maxsize=1024)
def host_in(url: str) -> str:
    """Return the host name in a URL, in lower case; empty if it has none."""
    split = split_host(origin_of(url).partition("://")[2])
    return split[0] if split else ""


def with_host(url: str, name: str) -> str:
    """Return a URL with another host name, and the same scheme, port and path."""
    origin = origin_of(url)
    scheme, _, host = origin.partition("://")
    _, port = split_host(host) or ("", "")
    return make_origin(scheme, name, port) + url.removeprefix(origin)


def is_loopback_url(url: str) -> bool:
    """Return whether a URL is http(s) on this machine."""
    scheme, _, host = origin_of(url).partition("://")
    split = split_host(host)
    if scheme not in _DEFAULT_PORTS or split is None:
        return False
    return is_loopback(split[0])
