"""What the commands that call a running mock have in common."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from mockidp.errors import MockIdPError
from mockidp.remote.control_client import ControlClient, parse_url

DEFAULT_URL = "http://localhost:9400"
_HERE = ("", "*", "localhost", "127.0.0.1", "0.0.0.0", "[::]", "[::1]")  # noqa: S104 - names, not bound
F = TypeVar("F", bound=Callable[..., Any])


def _default_url() -> str:
    """Return where a mock listens that is configured as this process is: in its container, say."""
    host, _, port = os.environ.get("MOCKIDP_LISTEN", "").rpartition(":")
    if not port.isdecimal() or port == "0":
        return DEFAULT_URL
    url = f"http://{'localhost' if host in _HERE else host}:{port}"
    try:
        parse_url(url)
    except MockIdPError as error:
        raise MockIdPError(f"MOCKIDP_LISTEN: {error}") from None
    return url


def url_option(command: F) -> F:
    """Add `--url`."""
    return click.option(
        "--url",
        envvar="MOCKIDP_URL",
        default=_default_url,
        show_default=f"MOCKIDP_LISTEN's port, else {DEFAULT_URL}",
        help="Where the mock runs.  [env: MOCKIDP_URL]",
    )(command)


def server_options(command: F) -> F:
    """Add `--url` and `--json`."""
    command = click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")(
        command
    )
    return url_option(command)


def server(url: str) -> ControlClient:
    """Return the mock at a URL, steered with the token of MOCKIDP_CONTROL_TOKEN.

    The CA of the data directory is trusted beside all that is trusted.
    """
    try:
        parse_url(url)
    except MockIdPError as error:
        raise click.UsageError(f"--url {error}") from None
    ca_file = Path(os.environ.get("MOCKIDP_DATA_DIR") or ".mockidp") / "ca.pem"
    is_needed = url.startswith("https:") and ca_file.is_file()
    control = ControlClient(
        url,
        token=os.environ.get("MOCKIDP_CONTROL_TOKEN"),
        ca_file=ca_file if is_needed else None,
    )
    click.get_current_context().call_on_close(control.close)
    return control
