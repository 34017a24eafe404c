"""A client of a running mock's control API that needs only the standard library.

Spec: RFC 9457 for refusals.
"""

from __future__ import annotations

import json
import os
import re
import ssl
from collections.abc import Callable, Iterable, Mapping
from http.client import HTTPException
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import SplitResult, quote, urlencode, urlsplit

from mockidp.clients.remote.errors_in_answers import (
    describe_unreachable,
    mistakes_in,
    refusal_text,
)
from mockidp.errors import MockIdPError, Unreachable
from mockidp.frozen import replace
from mockidp.http_client import HttpClient, HttpRequest, HttpResponse
from mockidp.protocol.urls.web_host import mistake_in_url

PREFIX = "/_mockidp/v1"
HEALTH = "/_mockidp/health"
ANSWER_TIMEOUT = 10.0
"""Seconds to wait for an answer, in addition to the time that the call itself may wait."""
SNAPSHOT_TIMEOUT = 60.0
"""Additional seconds in which a mock collects or restores its whole state."""
_BYTES_PER_SECOND = 500_000
"""The lowest rate at which a busy mock reads, checks and stores a body."""
_JSON = "application/json"
_NO_SCHEME = re.compile(r"[A-Za-z0-9.-]+:[0-9]{1,5}(?:/[!-~]*)?")
"""A host and a port without a scheme."""
_OK = 200
_NO_CONTENT = 204
_REFUSED = 400


class Refused(MockIdPError):  # noqa: N818 - it is not an error in the client
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
        """Return the refusal with one line for each error, prefixed with a source."""
        lines = [": ".join(filter(None, (source, *mistake))) for mistake in self.mistakes]
        text = "\n".join(lines) or str(self)
        return Refused(text, status=self.status, mistakes=self.mistakes)


class ControlClient:
    """A client of a mock that runs elsewhere. It keeps connections open, and is thread-safe."""

    def __init__(
        self, url: str, *, token: str | None = None, ca_file: str | Path | None = None
    ) -> None:
        """Prepare the client. Nothing is sent yet.

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

    def health(self, *, timeout: float = ANSWER_TIMEOUT) -> Any:
        """Return the health of the mock, or time out after the given number of seconds.

        Raises:
            Unreachable: Nothing answers, or it is not a mockidp.
        """
        return self._request("GET", HEALTH, wanted="status", wait=timeout - ANSWER_TIMEOUT)

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
            query: The query. Values that are None are left out.
            wanted: A key that every answer of a mockidp has.
            wait: Seconds that the mock may wait before it answers.

        Raises:
            Refused: The mock refused the call. The text says why.
            Unreachable: Nothing answers, or it is not a mockidp.
            MockIdPError: The body cannot be written as JSON.
        """
        present = {name: value for name, value in (query or {}).items() if value is not None}
        target = PREFIX + path + (f"?{urlencode(present)}" if present else "")
        try:
            # Without escapes, as in a tenant file: they could make the body too large for the mock.
            text = json.dumps(body, allow_nan=False, ensure_ascii=False)
            data = None if body is None else text.encode()
        except (TypeError, ValueError, RecursionError) as error:
            raise MockIdPError(f"the body cannot be written as JSON: {error}") from None
        return self._request(method, target, data, wanted=wanted, wait=wait)

    def upload(self, path: str, body: BinaryIO, *, wait: float) -> None:
        """Send the rest of a file with JSON as a PUT.

        Args:
            path: The path below `/_mockidp/v1`.
            body: The file.
            wait: Additional seconds that the mock may take.

        Raises:
            Refused: The mock refused the call. The text says why.
            Unreachable: Nothing answers, or it is not a mockidp.
        """
        size = os.fstat(body.fileno()).st_size - body.tell()
        request = self._prepared("PUT", PREFIX + path, body, wait + size / _BYTES_PER_SECOND)
        request = replace(request, headers={**request.headers, "Content-Length": str(size)})
        self._value(self._exchange(request), "")

    def download(
        self, path: str, take: Callable[[bytes], object], *, wanted: str, wait: float
    ) -> None:
        """Give the JSON answer to a GET to a function, in pieces and as it arrives.

        Args:
            path: The path below `/_mockidp/v1`.
            take: Gets the pieces.
            wanted: The first key of the answer.
            wait: Seconds that the mock may take for each piece, in addition to the usual timeout.

        Raises:
            Refused: The mock refused the call. The text says why.
            Unreachable: Nothing answers, or it is not a mockidp, or the answer is incomplete.
        """
        beginning = f'{{"{wanted}":'.encode()

        def check_first(piece: bytes) -> None:
            nonlocal beginning
            if not piece.startswith(beginning):
                raise self._other_server()
            beginning = b""
            take(piece)

        response = self._exchange(self._prepared("GET", PREFIX + path, None, wait), check_first)
        if response.status != _OK or beginning:
            self._value(response, wanted)

    def _request(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        *,
        wanted: str = "",
        wait: float = 0.0,
    ) -> Any:
        """Send a request and return the JSON answer. The mock may wait `wait` seconds."""
        seconds = wait + len(body or b"") / _BYTES_PER_SECOND
        return self._value(self._exchange(self._prepared(method, path, body, seconds)), wanted)

    def _prepared(
        self, method: str, path: str, body: bytes | BinaryIO | None, wait: float
    ) -> HttpRequest:
        content_type = {} if body is None else {"Content-Type": _JSON}
        return HttpRequest(
            method=method,
            target=self._path + path,
            headers={**self._headers, **content_type},
            body=body,
            timeout=ANSWER_TIMEOUT + wait,
        )

    def _value(self, response: HttpResponse, wanted: str) -> Any:
        """Return the JSON of a response, or raise the error that it is."""
        status = response.status
        if status == _NO_CONTENT:
            return None
        try:
            value = json.loads(response.body)
        except (ValueError, RecursionError):
            value = None
        if isinstance(value, dict) and status >= _REFUSED and (text := refusal_text(value)):
            raise Refused(text, status=status, mistakes=mistakes_in(value.get("errors")))
        if not isinstance(value, dict) or status >= _REFUSED or (wanted and wanted not in value):
            raise self._other_server()
        return value

    def _other_server(self) -> Unreachable:
        return Unreachable(f"the server at {self.url} is not a mockidp. Check the URL.")

    def close(self) -> None:
        """Close the idle connections. A later call opens a new one."""
        self._http.close()

    def _exchange(
        self, request: HttpRequest, take: Callable[[bytes], object] | None = None
    ) -> HttpResponse:
        try:
            return self._http.send(request) if take is None else self._http.download(request, take)
        except (OSError, HTTPException, UnicodeError) as error:
            raise Unreachable(describe_unreachable(self.url, error)) from None


def escaped(name: str) -> str:
    """Return a name escaped as one segment of a path."""
    return quote(name, safe="")


def parse_url(url: str) -> SplitResult:
    """Parse the URL of a mock.

    Raises:
        MockIdPError: It is invalid.
    """
    try:
        parts = urlsplit(url)
        is_valid = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_valid = False
    if not is_valid or mistake_in_url(url) or re.search(r"[^!-~]|[?#@]", url):
        raise MockIdPError(f"{url!r} is not a URL such as {_with_scheme(url)}")
    return parts


def _with_scheme(url: str) -> str:
    """Return the URL that was probably meant, for an error message."""
    return f"http://{url}" if _NO_SCHEME.fullmatch(url) else "http://localhost:9400"


def checked_token(token: str) -> str:
    """Return a bearer token.

    Raises:
        MockIdPError: It contains a character that is not allowed in a header.
    """
    if re.search("[^!-~]", token):
        raise MockIdPError(
            "the control token contains a character that cannot be sent, "
            "such as a space or a line break"
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
