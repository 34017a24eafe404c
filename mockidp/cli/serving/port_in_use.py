"""Explain that a port is in use: by which program, and which port is free."""

from __future__ import annotations

from collections.abc import Collection
from http import HTTPStatus
from http.client import HTTPException

from mockidp.cli.calls.caller import RequestSender
from mockidp.cli.serving.options import ServeOptions
from mockidp.clients.remote.control_client import HEALTH
from mockidp.errors import MockIdPError
from mockidp.server.address import (
    Address,
    CannotListenError,
    close_all,
    open_listeners,
    parse_address,
)

_TIMEOUT = 1.0
_MAX_TRIES = 100
"""Number of ports to try above the one in use. If none is free, port 0 is suggested."""
_ANY = ("0.0.0.0", "::")  # noqa: S104 - names, not bound


def explain_port_in_use(options: ServeOptions, error: CannotListenError) -> MockIdPError:
    """Return an error that names the program, and options with free ports."""
    address = error.address
    is_tls = parse_address(options.listen).port != address.port
    suggestion = " ".join(_other_ports(options))
    url = _url(address, is_tls=is_tls)
    if _is_mockidp(url):
        return MockIdPError(
            f"another mockidp is already running at {url}. Use that one, stop it, or serve on "
            f"another port: {suggestion}"
        )
    return MockIdPError(
        f"{address} is in use by another program. Stop that one, or serve on another port: "
        f"{suggestion}"
    )


def _url(address: Address, *, is_tls: bool) -> str:
    host = "localhost" if address.host in (*_ANY, "127.0.0.1", "::1") else address.host
    return f"{'https' if is_tls else 'http'}://{Address(host=host, port=address.port)}"


def _is_mockidp(url: str) -> bool:
    """Return whether a mockidp listens there, even if its certificate is not trusted."""
    caller = RequestSender(timeout=_TIMEOUT)
    caller.trust_anything()
    try:
        reply = caller.send(url + HEALTH)
    except (OSError, HTTPException):
        return False
    return reply.status == HTTPStatus.OK and "status" in reply.json()


def _other_ports(options: ServeOptions) -> list[str]:
    """Return an option or variable with a free port for each address whose port is in use."""
    wanted = {"listen": options.listen}
    if not options.no_tls:
        wanted["tls_listen"] = options.tls_address
    addresses = {name: parse_address(text) for name, text in wanted.items()}
    taken = {address.port for address in addresses.values()}
    found = []
    for name, address in addresses.items():
        free = _next_free(address, taken - {address.port})
        if free != address.port:
            taken.add(free)
            source = options.source(name)
            is_local = address.host == "localhost"
            value = str(free) if is_local else str(Address(host=address.host, port=free))
            found.append(f"{source}{' ' if source.startswith('--') else '='}{value}")
    return found


def _next_free(address: Address, taken: Collection[int]) -> int:
    """Return the first free port, from the address's own upwards, that is not in `taken`, or 0."""
    highest = min(address.port + _MAX_TRIES, 65535)
    for port in range(address.port, highest + 1):
        if port in taken:
            continue
        try:
            close_all(open_listeners([Address(host=address.host, port=port)]))
        except MockIdPError:
            continue
        return port
    return 0
