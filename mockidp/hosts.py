"""Host names and addresses: which are IP addresses, and which are local.

A page elsewhere can point a host name of its own at 127.0.0.1 and let a browser read the mock's
answers. So the mock only answers to names that a local machine or network has, and to listed ones.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable

_LOCAL_SUFFIXES = (".localhost", ".internal", ".test")
_NUMBER = re.compile(r"(0x[0-9a-f]*|[0-9]+)\.?")
"""A name that resolvers take for an IPv4 address: 2130706433 is 127.0.0.1."""


def is_address(name: str) -> bool:
    """Return whether a host is an IP literal, in brackets or not."""
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True


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


def is_local_target(name: str, allowed: Iterable[str] = ()) -> bool:
    """Return whether a request may be sent to a host: a local name or address, or allowed.

    Of IP addresses, only loopback and private ones are local. Link-local addresses are not: clouds
    have credentials there.
    """
    if name in (one.lower().strip("[]") for one in allowed):
        return True
    if not is_address(name):
        return is_local_host(name) and not _NUMBER.fullmatch(name)
    address = ipaddress.ip_address(name)
    address = getattr(address, "ipv4_mapped", None) or address
    return address.is_private and not address.is_link_local and not address.is_unspecified


def is_loopback(name: str) -> bool:
    """Return whether a host is `localhost`, a name below it, or a loopback address."""
    if name == "localhost" or name.endswith(".localhost"):
        return True
    return is_address(name) and ipaddress.ip_address(name.strip("[]")).is_loopback
