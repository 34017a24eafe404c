"""The URL of a Redis or Valkey server. It has a password, so no message contains a part of it."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, unquote, urlsplit

from mockidp.errors import MockIdPError

WRONG_PARAMETER = (
    "a parameter after ? is unknown or has a wrong value; those for TLS need rediss://"
)


def check_url(url: str) -> None:
    """Check the form of a URL.

    Raises:
        MockIdPError: It is wrong.
    """
    try:
        parts = urlsplit(url)
    except ValueError:
        raise wrong_url(
            "brackets surround an IPv6 address, and are percent-encoded elsewhere"
        ) from None
    if not url.startswith(("redis://", "rediss://", "unix://")):
        raise wrong_url("it has to begin with redis://, rediss:// or unix:///")
    if parts.scheme != "unix":
        _check_server(parts)
    elif not parts.path:
        raise wrong_url("it has no path")
    if parts.query and not all("=" in one for one in parts.query.split("&")):
        raise wrong_url(WRONG_PARAMETER)


def wrong_url(why: str) -> MockIdPError:
    """Return the error for a wrong URL."""
    return MockIdPError(
        f"The URL of the store is not valid: {why}. Expected "
        "redis://USER:PASSWORD@HOST:PORT/DATABASE, of which only redis://HOST is required; "
        "rediss:// uses TLS, and unix:///PATH a socket."
    )


def _check_server(parts: SplitResult) -> None:
    until_value = f"{parts.path}{parts.query.partition('=')[0]}"
    if parts.fragment or ("@" not in parts.netloc and "@" in until_value):
        raise wrong_url("in user and password, / is written as %2F, ? as %3F and # as %23")
    if not parts.hostname:
        raise wrong_url("it has no host")
    if not _is_host(unquote(parts.hostname)):
        raise wrong_url("the host name is not valid")
    if not _has_valid_port(parts):
        raise wrong_url("the port has to be a number up to 65535")
    if not re.fullmatch(r"/?[0-9]*", parts.path):
        raise wrong_url("the database has to be a number")


def _is_host(host: str) -> bool:
    """Return whether the resolver accepts a name, which it need not know."""
    try:
        return b"\0" not in host.encode("idna")
    except UnicodeError:  # such as an empty label
        return False


def _has_valid_port(parts: SplitResult) -> bool:
    try:
        return parts.port != 0
    except ValueError:
        return False
