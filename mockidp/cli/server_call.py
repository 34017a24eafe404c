"""Calling a running mock from the command line, with the standard library alone."""

from __future__ import annotations

import json
import os
import re
import ssl
from collections.abc import Callable, Mapping
from http.client import HTTPException
from pathlib import Path
from typing import Any, TypeVar
from urllib.error import HTTPError, URLError
from urllib.parse import unquote, urlsplit
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


def call(
    url: str, path: str, body: Mapping[str, Any] | None = None, *, wanted: str
) -> dict[str, Any]:
    """GET a path of the mock, or POST a JSON body to it; return the JSON that it answers.

    Args:
        url: Where the mock runs.
        path: What to call there.
        body: What to send; None makes it a GET.
        wanted: A key that every answer of a mockidp has there.

    Raises:
        Refused: The answer is an error; the text is its description and hint.
        Unreachable: Nothing answers there, or it is no mockidp.
    """
    _check_url(url)
    request = Request(  # noqa: S310 - http(s) only, see above
        url.rstrip("/") + path,
        data=None if body is None else json.dumps(body).encode(),
        headers={"Content-Type": "application/json"},
    )
    try:
        # The mock is local: a proxy of the environment has no business here.
        opener = build_opener(ProxyHandler({}), HTTPSHandler(context=_tls_context(url)))
        with opener.open(request, timeout=_TIMEOUT) as answer:
            return _decode(answer.read(), url, wanted)
    except HTTPError as error:
        with error:
            hint = error.headers.get("Mockidp-Hint", "")
            refusal = _decode(error.read(), url, "error")
        raise Refused(_readable(hint) or str(refusal.get("error_description", error))) from None
    except URLError as error:
        raise Unreachable(_unreachable(url, error.reason)) from None
    except (OSError, HTTPException) as error:
        raise Unreachable(_unreachable(url, error)) from None


def _check_url(url: str) -> None:
    try:
        parts = urlsplit(url)
        # A port is read, and so judged, only when it is asked for.
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    if not good or not url.isprintable() or " " in url:
        raise click.UsageError(f"--url {url!r} is not a URL such as {DEFAULT_URL}")


def _unreachable(url: str, reason: object) -> str:
    if isinstance(reason, ssl.SSLCertVerificationError):
        return (
            f"the certificate of {url} is not trusted ({reason.verify_message}); where the mock "
            'was started: eval "$(mockidp env)"'
        )
    said = "".join(each if each.isprintable() else " " for each in str(reason)).strip()
    return f"no mockidp answers at {url} ({said}); start one: mockidp serve"


def _decode(data: bytes, url: str, wanted: str) -> dict[str, Any]:
    try:
        value = json.loads(data)
    except ValueError:
        value = None
    if not isinstance(value, dict) or wanted not in value:
        raise Unreachable(f"what answers at {url} is no mockidp; check --url")
    return value


def _readable(hint: str) -> str:
    """Undo the header's percent-encoding of what is not ASCII; control characters stay encoded."""
    return re.sub("(?:%[89A-F][0-9A-F])+", lambda encoded: unquote(encoded[0]), hint)


def _tls_context(url: str) -> ssl.SSLContext | None:
    """Return a context that trusts the CA of the data directory beside all that is trusted."""
    if urlsplit(url).scheme != "https":
        return None  # nothing to verify, and reading the system's roots takes 20 ms
    context = ssl.create_default_context()
    ca_file = Path(os.environ.get("MOCKIDP_DATA_DIR") or ".mockidp") / "ca.pem"
    if ca_file.is_file():
        context.load_verify_locations(ca_file)
    return context
