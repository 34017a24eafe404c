"""The names that a CA may sign for, and the names in a server's certificate.

Spec: RFC 5280 4.2.1.6 and 4.2.1.10.

A permitted DNS name includes all names below it. Names without a dot have to be listed, because no
constraint permits all of them.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable

from mockidp.hosts import is_address
from mockidp.x509.der import SEQUENCE, Element, der, read_der

LOCAL_NAMES = ("localhost", "test", "internal", "mockidp", "127.0.0.0/8", "::1/128")
"""The names that every CA of mockidp may sign for; `mockidp` is the usual name in containers."""
_LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_DNS_NAME = re.compile(rf"(?=.{{1,253}}$){_LABEL}(\.{_LABEL})*")
_DNS_TAG, _ADDRESS_TAG, _PERMITTED_TAG = 0x82, 0x87, 0xA0


def normalize_name(name: str) -> str:
    """Return a host name in lower case, or an address in its shortest form.

    Raises:
        ValueError: It is neither a host name nor an IP address.
    """
    if is_address(name):
        return str(ipaddress.ip_address(name.strip("[]")))
    if not _DNS_NAME.fullmatch(name.lower()):
        raise ValueError(f"{name!r} is neither a host name nor an IP address")
    return name.lower()


def covers(permitted: Iterable[str], name: str) -> bool:
    """Return whether a list of permitted names and networks covers a normalized name."""
    if is_address(name):
        address = ipaddress.ip_address(name)
        networks = (ipaddress.ip_network(one) for one in permitted if "/" in one)
        return any(address in network for network in networks)
    return any(name == one or name.endswith(f".{one}") for one in permitted)


def add_names(permitted: Iterable[str], names: Iterable[str]) -> tuple[str, ...]:
    """Return a list of permitted names that covers further normalized names as well."""
    result = list(permitted)
    for name in names:
        if not covers(result, name):
            result.append(str(ipaddress.ip_network(name)) if is_address(name) else name)
    return tuple(result)


def der_names(names: Iterable[str]) -> bytes:
    """Encode the names of a server's certificate."""
    return der(SEQUENCE, *map(_der_name, names))


def der_constraints(permitted: Iterable[str]) -> bytes:
    """Encode the names and networks that a CA may sign for."""
    return der(SEQUENCE, der(_PERMITTED_TAG, *(der(SEQUENCE, _der_name(one)) for one in permitted)))


def read_constraints(encoded: bytes) -> tuple[str, ...]:
    """Decode what `der_constraints` encoded.

    Raises:
        ValueError: The constraints have another form.
    """
    [constraints] = read_der(encoded)
    permitted: list[str] = []
    for part in read_der(constraints.content):
        if part.tag != _PERMITTED_TAG:
            raise ValueError("the constraints were not made by mockidp")
        for subtree in read_der(part.content):
            [base] = read_der(subtree.content)
            permitted.append(_read_name(base))
    return tuple(permitted)


def _der_name(name: str) -> bytes:
    if "/" in name:
        network = ipaddress.ip_network(name)
        return der(_ADDRESS_TAG, network.network_address.packed, network.netmask.packed)
    if is_address(name):
        return der(_ADDRESS_TAG, ipaddress.ip_address(name).packed)
    return der(_DNS_TAG, name.encode())


def _read_name(base: Element) -> str:
    if base.tag != _ADDRESS_TAG:
        return base.content.decode("ascii")
    half = len(base.content) // 2
    network, mask = (int.from_bytes(part) for part in (base.content[:half], base.content[half:]))
    prefix = mask.bit_count()
    return f"{ipaddress.ip_address(network.to_bytes(half))}/{prefix}"
