"""Calls of a running mock's control API, with the standard library alone.

Spec: RFC 9457 for refusals.
"""

from __future__ import annotations

import json
import re
import ssl
from collections.abc import Iterable, Iterator, Mapping
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, quote, urlencode, urlsplit

from mockidp.errors import MockIdPError, Unreachable
from mockidp.http_client import HttpClient, HttpRequest, HttpResponse
from mockidp.protocol.web_host import mistake_in_url

PREFIX = "/_mockidp/v1"
HEALTH = "/_mockidp/health"
PATIENCE = 10.0
"""Seconds to wait for an answer, in addition to the waiting time of the call itself."""
SNAPSHOT_PATIENCE = 60.0
"""Additional seconds for a snapshot, which can have 35 MB."""
_BYTES_PER_SECOND = 500_000
"""The slowest rate at which a busy mock reads, checks and stores a body."""
_JSON = "application/json"
_NO_SCHEME = re.compile(r"[A-Za-z0-9.-]+:[0-9]{1,5}(?:/[!-~]*)?")
"""A host and a port, whose scheme was forgotten."""
_NO_CONTENT = 204
_REFUSED = 400
_NO_ENDPOINT = "not_found"
"""The error of a tenant for an unknown path: the URL is not that of a tenant."""


class Refused(MockIdPError):  # noqa: N818 - it is not an error of the client
    """The mock refused a call.

    Attributes:
        status: The HTTP status.
        mistakes: The path and the text of each error in the body or query.
    """

    def __init__(self, text: str, *, status: int, mistakes: Iterable[tuple[str, str]] = ()) -> None:
        super().__init__(text)
        self.status = status
        self.mistakes = tuple(mistakes)

    def about(self, source: str) -> Refused:
        """Return it with one line for each error, which begins with a source."""
        lines = [": ".join(filter(None, (source, *mistake))) for mistake in self.mistakes]
        text = "\n".join(lines) or str(self)
        return Refused(text, status=self.status, mistakes=self.mistakes)


class ControlClient:
    """A mock that runs elsewhere, called over connections that are kept, by any thread."""

    def __init__(
        self, url: str, *, token: str | None = None, ca_file: str | Path | None = None
    ) -> None:
        """Prepare the client; nothing is called yet.

        Args:
            url: The tenant's URL, with its path prefix if it has one.
            token: The bearer token that the mock requires (`MOCKIDP_CONTROL_TOKEN`).
            ca_file: A CA to trust for https, in addition to the system's.

        Raises:
            MockIdPError: The URL, the token or the CA cannot be used.
        """
        parts = parse_url(url)
        self.url = url.rstrip("/")
        self._path = parts.path.rstrip("/")
        tls = _tls_context(ca_file) if parts.scheme == "https" else None
        self._http = HttpClient(parts, tls)
        self._headers = {"Accept": _JSON}
        if token:
            self._headers["Authorization"] = f"Bearer {checked_token(token)}"

    def health(self, *, patience: float = PATIENCE) -> Any:
        """Return the health of the mock, waiting at most so many seconds.

        Raises:
            Unreachable: Nothing answers, or it is not a mockidp.
        """
        return self._ask("GET", HEALTH, wanted="status", wait=patience - PATIENCE)

    def get(self, path: str, *, wanted: str = "", wait: float = 0.0, **query: Any) -> Any:
        """Return the answer to a GET, as `call` does."""
        return self.call("GET", path, query=query, wanted=wanted, wait=wait)

    def post(self, path: str, body: Mapping[str, Any] | None = None, *, wanted: str = "") -> Any:
        """Return the answer to a POST of JSON, as `call` does."""
        return self.call("POST", path, body or {}, wanted=wanted)

    def call(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        query: Mapping[str, Any] | None = None,
        wanted: str = "",
        wait: float = 0.0,
    ) -> Any:
        """Return the JSON answer to a call, or None if it is empty.

        Args:
            method: The HTTP method.
            path: The path below `/_mockidp/v1`.
            body: The JSON body.
            query: The query; values that are None are left out.
            wanted: A key that every answer of a mockidp has.
            wait: Seconds that the mock may delay the answer.

        Raises:
            Refused: The mock refused; the text says why.
            Unreachable: Nothing answers, or it is not a mockidp.
            MockIdPError: The body contains values that JSON does not have.
        """
        given = {name: value for name, value in (query or {}).items() if value is not None}
        target = PREFIX + path + (f"?{urlencode(given)}" if given else "")
        try:
            # Unescaped, as in a tenant file: escapes could make it too large to be taken.
            text = json.dumps(body, allow_nan=False, ensure_ascii=False)
            data = None if body is None else text.encode()
        except (TypeError, ValueError, RecursionError) as error:
            raise MockIdPError(f"what is sent has to be what JSON has: {error}") from None
        return self._ask(method, target, data, wanted=wanted, wait=wait)

    def _ask(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        *,
        wanted: str = "",
        wait: float = 0.0,
    ) -> Any:
        """Send a request. The mock may delay the answer for `wait` seconds."""
        kind = {} if body is None else {"Content-Type": _JSON}
        request = HttpRequest(
            method=method,
            target=self._path + path,
            headers={**self._headers, **kind},
            body=body,
            timeout=PATIENCE + wait + len(body or b"") / _BYTES_PER_SECOND,
        )
        response = self._exchange(request)
        status = response.status
        if status == _NO_CONTENT:
            return None
        try:
            value = json.loads(response.body)
        except (ValueError, RecursionError):
            value = None
        if isinstance(value, dict) and status >= _REFUSED and (text := _refusal(value)):
            raise Refused(text, status=status, mistakes=_mistakes(value.get("errors")))
        if not isinstance(value, dict) or status >= _REFUSED or (wanted and wanted not in value):
            raise Unreachable(f"what answers at {self.url} is not a mockidp; check the URL")
        return value

    def close(self) -> None:
        """Close the connections that no call is using; a later call opens another."""
        self._http.close()

    def _exchange(self, request: HttpRequest) -> HttpResponse:
        try:
            return self._http.send(request)
        except (OSError, HTTPException, UnicodeError) as error:
            raise Unreachable(_unreachable(self.url, error)) from None


def _unreachable(url: str, reason: object) -> str:
    if isinstance(reason, ssl.SSLCertVerificationError):
        return (
            f"the certificate of {url} is not trusted ({reason.verify_message}); where the mock "
            'was started: eval "$(mockidp env)"'
        )
    said = "".join(each if each.isprintable() else " " for each in str(reason)).strip()
    if isinstance(reason, ssl.SSLError):
        return f"what answers at {url} does not speak https ({said}); if it is http, say http://"
    return f"no mockidp answers at {url} ({said}); start one: mockidp serve"


def _refusal(body: Mapping[str, Any]) -> str:
    """Return the text of a refusal: a problem, or an error from before the call was handled."""
    if body.get("error") == _NO_ENDPOINT:
        return ""
    return str(body.get("detail") or body.get("error_description") or body.get("error") or "")


def _mistakes(errors: object) -> Iterator[tuple[str, str]]:
    """Yield the errors of a problem. Another server's `errors` may have any type."""
    for one in errors if isinstance(errors, list) else ():
        if not isinstance(one, dict):
            continue
        *_, steps = str(one.get("pointer", "")).partition("/")
        path = "".join(
            f"[{step}]" if step.isdecimal() else f".{step}" for step in steps.split("/") if step
        )
        place = path.replace("~1", "/").replace("~0", "~").removeprefix(".")
        yield str(one.get("parameter", place)), str(one.get("detail", ""))


def escaped(name: str) -> str:
    """Return a name as one segment of a path."""
    return quote(name, safe="")


def parse_url(url: str) -> SplitResult:
    """Parse the URL of a mock.

    Raises:
        MockIdPError: It is not one.
    """
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    if not good or mistake_in_url(url) or re.search(r"[^!-~]|[?#@]", url):
        raise MockIdPError(f"{url!r} is not a URL such as {_with_scheme(url)}")
    return parts


def _with_scheme(url: str) -> str:
    """Return what was probably meant, for an error message."""
    return f"http://{url}" if _NO_SCHEME.fullmatch(url) else "http://localhost:9400"


def checked_token(token: str) -> str:
    """Return a bearer token.

    Raises:
        MockIdPError: It has a character that is not allowed in a header.
    """
    if re.search("[^!-~]", token):
        raise MockIdPError(
            "the control token has a character that cannot be sent: a space or a line's end, say"
        )
    return token


def _tls_context(ca_file: str | Path | None) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if ca_file is not None:
        try:
            context.load_verify_locations(ca_file)
        except OSError as error:
            raise MockIdPError(f"{ca_file}: cannot be read as a CA: {error}") from None
    return context
