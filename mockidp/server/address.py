"""Addresses to listen on: parsing `HOST:PORT`, and opening sockets."""

from __future__ import annotations

import errno
import os
import re
import socket
from collections.abc import Iterable, Sequence

from mockidp.errors import MockIdPError
from mockidp.frozen import frozen
from mockidp.hosts import is_address

BACKLOG = 128
_HIGHEST_PORT = 65535
_TRIES = 10
_TEXT = re.compile(
    r"(?:(?:\[(?P<v6>[0-9A-Fa-f:.%a-z]+)\]|(?P<name>[^\s:/\[\]@]*)):)?(?P<port>[0-9]{1,5})"
)
_BOTH = {"localhost": ("127.0.0.1", "::1"), "*": ("0.0.0.0", "::")}  # noqa: S104 - if asked for
_NO_IPV6 = frozenset({errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT, errno.EPROTONOSUPPORT})


@frozen
class Address:
    """A host and a port to listen on.

    Attributes:
        host: A name or an IP address without brackets. `localhost` means both loopback addresses,
            `*` all addresses, of IPv4 and, if the machine has it, IPv6.
        port: A TCP port; 0 means any free one.
    """

    host: str = "localhost"
    port: int = 0

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


def parse_address(text: str) -> Address:
    """Parse `HOST:PORT`, `[IPV6]:PORT`, `*:PORT`, `:PORT` or `PORT`.

    No host, `localhost` and `127.0.0.1` mean both loopback addresses, because clients resolve
    `localhost` to either. `*` means all addresses of the machine.

    Raises:
        MockIdPError: The text has another form, or the port is over 65535.
    """
    match = _TEXT.fullmatch(text.strip())
    if match is None:
        raise MockIdPError(
            f"{text!r} is not an address to listen on. Write PORT or HOST:PORT, such as 9400, "
            "127.0.0.1:9400, localhost:0, [::1]:9400 or *:9400."
        )
    port = int(match["port"])
    if port > _HIGHEST_PORT:
        raise MockIdPError(
            f"{text!r} has port {port}, but the highest is {_HIGHEST_PORT}. Port 0 selects any "
            "free one."
        )
    host = match["v6"] or match["name"] or "localhost"
    return Address(host="localhost" if host == "127.0.0.1" else host, port=port)


def open_listeners(addresses: Sequence[Address]) -> list[socket.socket]:
    """Bind all addresses and listen.

    Raises:
        MockIdPError: A port is in use or not permitted, or a host is not this machine's. Then no
            address is bound.
    """
    opened: list[socket.socket] = []
    try:
        for address in addresses:
            opened.extend(_open(address))
    except MockIdPError:
        close_all(opened)
        raise
    return opened


def close_all(sockets: Iterable[socket.socket]) -> None:
    """Close sockets."""
    for each in sockets:
        each.close()


def _open(address: Address, tries: int = _TRIES) -> list[socket.socket]:
    if address.host not in _BOTH:
        return [_listen(address, is_dual=address.host == "::")]
    v4, v6 = _BOTH[address.host]
    first = _listen(Address(host=v4, port=address.port))
    try:
        return [first, _listen(Address(host=v6, port=first.getsockname()[1]))]
    except CannotListenError as error:
        if error.errno in _NO_IPV6:
            return [first]
        first.close()
        if address.port or not tries:
            raise
        # The port is in use on IPv6: try another.
        return _open(address, tries - 1)


class CannotListenError(MockIdPError):
    """The server cannot listen on an address.

    Attributes:
        address: The address.
        errno: The number of the system's error.
    """

    def __init__(self, address: Address, error: OSError) -> None:
        super().__init__(_explain(address, error))
        self.address = address
        self.errno = error.errno

    @property
    def is_in_use(self) -> bool:
        """Whether another program listens there."""
        return self.errno == errno.EADDRINUSE


def _listen(address: Address, *, is_dual: bool = False) -> socket.socket:
    try:
        family, where = _resolve(address)
        listener = socket.socket(family, socket.SOCK_STREAM)
    except OSError as error:
        raise CannotListenError(address, error) from None
    try:
        if os.name == "posix":  # elsewhere it would let two programs listen on one port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, not is_dual)
        listener.bind(where)
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise CannotListenError(address, error) from None
    listener.setblocking(False)
    return listener


def _resolve(address: Address) -> tuple[socket.AddressFamily, tuple[object, ...]]:
    # The resolver gets an IP address as bytes, because Python encodes a str with the codec for
    # international names. That codec takes 0.25 MB.
    host = address.host.encode() if is_address(address.host) else address.host
    try:
        found = socket.getaddrinfo(
            host, address.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
    except UnicodeError:
        raise OSError(
            errno.EINVAL, "the host name has an empty label, or one that is too long"
        ) from None
    family, _type, _protocol, _name, where = found[0]
    return family, where


def _explain(address: Address, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"{address} is in use by another program. Stop that one, or listen on another "
            "port; port 0 takes any free one."
        )
    if error.errno == errno.EACCES:
        return (
            f"cannot listen on {address}: ports below 1024 are reserved for the system. Use a "
            "higher port."
        )
    if isinstance(error, socket.gaierror):
        return (
            f"cannot listen on {address}: the host {address.host!r} is unknown. Use 127.0.0.1, "
            "::1 or localhost."
        )
    return (
        f"cannot listen on {address}: {error.strerror or error}. Use an address of this machine, "
        "such as 127.0.0.1."
    )
