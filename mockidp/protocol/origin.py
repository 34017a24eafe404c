"""Scheme, host and port of a request, and whether the host is one that the mock answers to.

A page elsewhere can point a host name of its own at 127.0.0.1 and have a browser read our
answers; an allow-list of names that only a local machine or network has keeps it out.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable

from mockidp.protocol.web_host import MAX_NAME, MAX_PORT

_LABEL = "[A-Za-z0-9_-]{1,63}"
_HOST = re.compile(
    rf"(?P<host>\[[0-9A-Fa-f:.]+\]|(?:{_LABEL}\.)*{_LABEL}\.?)(?::(?P<port>[0-9]{{1,5}}))?"
)
_LOCAL_SUFFIXES = (".localhost", ".internal", ".test")
_DEFAULT_PORTS = {"http": "80", "https": "443"}


def split_host(host: str) -> tuple[str, str] | None:
    """Return the name, in lower case, and the port of a Host header; None if it is not one."""
    match = _HOST.fullmatch(host)
    if match is None:
        return None
    name, port = match["host"].lower(), match["port"] or ""
    return (name, port) if len(name) <= MAX_NAME and int(port or 0) <= MAX_PORT else None


def make_origin(scheme: str, name: str, port: str) -> str:
    """Put an origin together; a scheme's own port is left out (RFC 6454 6.1)."""
    return f"{scheme}://{name}" + (f":{port}" if port and port != _DEFAULT_PORTS[scheme] else "")


def is_local_host(name: str, allowed: Iterable[str] = ()) -> bool:
    """Return whether a name is loopback, an IP literal, a single label, a test name or allowed."""
    if name.startswith("["):
        return is_address(name)
    return (
        "." not in name.strip(".")
        or name.endswith(_LOCAL_SUFFIXES)
        or name in (one.lower() for one in allowed)
        or is_address(name)
    )


def is_address(name: str) -> bool:
    """Return whether a host is an IP literal, in brackets or not."""
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True


def is_loopback(name: str) -> bool:
    """Return whether a host is local: `localhost`, a name below it, or a loopback address."""
    if name == "localhost" or name.endswith(".localhost"):
        return True
    return is_address(name) and ipaddress.ip_address(name.strip("[]")).is_loopback


def origin_of(url: str) -> str:
    """Return scheme, host and port of a URL, without its path."""
    scheme, separator, rest = url.partition("://")
    return scheme + separator + re.split(r"[/?#]", rest, maxsplit=1)[0]


def is_loopback_url(url: str) -> bool:
    """Return whether a URL is http(s) on this machine."""
    scheme, _, host = origin_of(url).partition("://")
    split = split_host(host)
    if scheme not in _DEFAULT_PORTS or split is None:
        return False
    return is_loopback(split[0])
