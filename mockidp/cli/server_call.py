"""Calling a running mock from the command line, with the standard library alone."""

from __future__ import annotations

import json
import ssl
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPSHandler, ProxyHandler, Request, build_opener

import click

from mockidp.cli.group import Unreachable
from mockidp.errors import MockIdPError

DEFAULT_URL = "http://localhost:9400"
_TIMEOUT = 10
F = TypeVar("F", bound=Callable[..., Any])


class Refused(MockIdPError):  # noqa: N818 - what it is
    """The server answered, and said no."""


def server_options(command: F) -> F:
    """Add `--url` and `--json` to a client command."""
    command = click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")(
        command
    )
    return click.option(
        "--url",
        envvar="MOCKIDP_URL",
        default=DEFAULT_URL,
        show_default=True,
        help="Where the mock runs.  [env: MOCKIDP_URL]",
    )(command)


def call(url: str, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """GET a path of the mock, or POST a JSON body to it; return the JSON that it answers.

    Raises:
        Refused: The answer is an error; the text is its description and hint.
        Unreachable: Nothing answers there, or it is no mockidp.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise click.UsageError(f"--url {url!r} is not a URL such as {DEFAULT_URL}")
    request = Request(  # noqa: S310 - http(s) only, see above
        url.rstrip("/") + path,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Content-Type": "application/json"},
    )
    # The mock is local: a proxy of the environment has no business here.
    opener = build_opener(ProxyHandler({}), HTTPSHandler(context=_tls_context()))
    try:
        with opener.open(request, timeout=_TIMEOUT) as answer:
            return _decode(answer.read(), url)
    except HTTPError as error:
        with error:
            refusal = _decode(error.read(), url)
            hint = error.headers.get("Mockidp-Hint", "")
        raise Refused(hint or str(refusal.get("error_description", error))) from None
    except URLError as error:
        raise Unreachable(_unreachable(url, error.reason)) from None
    except (OSError, ValueError) as error:
        raise Unreachable(_unreachable(url, error)) from None


def _unreachable(url: str, reason: object) -> str:
    return f"no mockidp answers at {url} ({reason}); start one: mockidp serve"


def _decode(data: bytes, url: str) -> dict[str, Any]:
    try:
        value = json.loads(data)
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise Unreachable(f"what answers at {url} is no mockidp; check --url")
    return value


def _tls_context() -> ssl.SSLContext:
    context = ssl.create_default_context()
    ca_file = Path(".mockidp") / "ca.pem"
    if ca_file.is_file():
        context.load_verify_locations(ca_file)
    return context
