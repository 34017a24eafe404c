"""Find and call a running mock, for the commands that need one."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click
from click.core import ParameterSource

from mockidp.cli.options import DEFAULT_URL
from mockidp.clients.remote.control_client import ControlClient, parse_url
from mockidp.errors import MockIdPError

_HERE = ("", "*", "localhost", "127.0.0.1", "0.0.0.0", "[::]", "[::1]")  # noqa: S104 - names, not bound
_ANNOUNCED = "mockidp.announced"
F = TypeVar("F", bound=Callable[..., Any])


def default_url() -> str:
    """Return the URL of a mock in the same environment, such as the same container."""
    text = os.environ.get("MOCKIDP_LISTEN", "")
    host, _, port = text.rpartition(":")
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
        default=default_url,
        metavar="URL",
        help="URL of the mock.  [env: MOCKIDP_URL; default: the port in MOCKIDP_LISTEN, else"
        f" {DEFAULT_URL}]",
    )(command)


def server_options(command: F) -> F:
    """Add `--url` and `--json`."""
    command = click.option("--json", "as_json", is_flag=True, help="Print the response as JSON.")(
        command
    )
    return url_option(command)


def server(url: str) -> ControlClient:
    """Return a client for the mock at `--url`, and print which mock that is."""
    control = connect(url, token=os.environ.get("MOCKIDP_CONTROL_TOKEN"))
    announce(control.url, source_of_url())
    return control


def connect(url: str, *, token: str | None) -> ControlClient:
    """Return a client for the mock at a URL.

    It trusts the CA of the data directory in addition to the system's.
    """
    try:
        parse_url(url)
    except MockIdPError as error:
        raise click.UsageError(f"{source_of_url()} {error}") from None
    ca_file = Path(os.environ.get("MOCKIDP_DATA_DIR") or ".mockidp") / "ca.pem"
    is_needed = url.startswith("https:") and ca_file.is_file()
    control = ControlClient(
        url,
        token=token,
        ca_file=ca_file if is_needed else None,
    )
    click.get_current_context().call_on_close(control.close)
    return control


def source_of_url() -> str:
    """Return the option or variable that the value of `--url` comes from."""
    source = click.get_current_context().get_parameter_source("url")
    if source is ParameterSource.COMMANDLINE:
        return "--url"
    return "MOCKIDP_URL" if source is ParameterSource.ENVIRONMENT else "MOCKIDP_LISTEN"


def announce(url: str, source: str) -> None:
    """Print once, on standard error, which mock a command uses, unless it is the default one."""
    if url != DEFAULT_URL and click.get_current_context().meta.get(_ANNOUNCED) != url:
        click.echo(f"mockidp: using the mock at {url} (from {source})", err=True)
    mark_as_announced(url)


def mark_as_announced(url: str) -> None:
    """Mark the use of a mock as announced."""
    click.get_current_context().meta[_ANNOUNCED] = url
