"""Check host and port of an http(s) URL.

Spec: RFC 3986 3.2.2 and 3.2.3; RFC 1034 3.1.
"""

from __future__ import annotations

import ipaddress
import re

MAX_PORT = 65535
MAX_LABEL = 63
MAX_NAME = 253
_AUTHORITY = re.compile(r"(?:[^@]*@)?(\[[^\[\]@]*\]|[^:@\[\]]*)(?::([^:@\[\]]*))?")
_PORT = re.compile(r"0*[0-9]{0,5}")
_END = re.compile(r"[/?#\\]")


def mistake_in_url(url: str) -> str:
    """Return a clause that says why host or port of an http(s) URL are impossible, or ""."""
    scheme, separator, rest = url.partition("://")
    if not separator or scheme.lower() not in ("http", "https"):
        return ""
    found = _AUTHORITY.fullmatch(_END.split(rest, maxsplit=1)[0])
    if found is None:
        return "its host and port are malformed"
    return mistake_in_host(found[1], found[2])


def mistake_in_host(host: str, port: str | None) -> str:
    """Return a clause that says why a host or a port is impossible, or "".

    Characters are not restricted, because the host may contain a placeholder. A trailing dot, as in
    `localhost.`, is allowed.
    """
    if port and not (_PORT.fullmatch(port) and int(port) <= MAX_PORT):
        return f"its port is {port[:20]!r}, and ports are numbers up to {MAX_PORT}"
    if host.startswith("["):
        return "" if _is_ipv6(host[1:-1]) else f"its host {host[:60]!r} is not an IPv6 address"
    labels = host.removesuffix(".").split(".")
    if "" in labels:
        return "its host is empty" if not host.strip(".") else "its host has an empty label"
    longest = max(labels, key=len)
    if len(longest) > MAX_LABEL:
        return f"its host has a label of {len(longest)} characters, and {MAX_LABEL} are allowed"
    if len(host) > MAX_NAME:
        return f"its host has {len(host)} characters, and {MAX_NAME} are allowed"
    return ""


def _is_ipv6(text: str) -> bool:
    try:
        ipaddress.IPv6Address(text)
    except ValueError:
        return False
    return True
