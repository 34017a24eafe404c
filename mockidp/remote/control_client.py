"""Calls of a running mock's control API, with the standard library alone.

Spec: RFC 9457 for what is refused.
"""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from mockidp.errors import MockIdPError, Unreachable

PREFIX = "/_mockidp/v1"
HEALTH = "/_mockidp/health"
PATIENCE = 10.0
"""Seconds that an answer is waited for, beside what the call itself waits for."""
_JSON = "application/json"
_NO_CONTENT = 204
_REFUSED = 400


class Refused(MockIdPError):  # noqa: N818 - what it is
    """The mock answered, and said no.

    Attributes:
        status: The HTTP status.
    """

    def __init__(self, text: str, *, status: int) -> None:
        super().__init__(text)
        self.status = status


@dataclass(frozen=True, kw_only=True, slots=True)
class _Request:
    method: str
    target: str
    body: bytes | None
    patience: float


class ControlClient:
    """A mock that runs elsewhere, called over connections that are kept, one for each thread."""

    def __init__(
        self, url: str, *, token: str | None = None, ca_file: str | Path | None = None
    ) -> None:
        """Prepare; nothing is called yet.

        Args:
            url: Where the mock's tenant is, with the path prefix that it may have.
            token: The bearer token that the mock demands (`MOCKIDP_CONTROL_TOKEN`).
            ca_file: The CA to trust beside the system's, for https.

        Raises:
            MockIdPError: The URL is none.
        """
        parts = _split(url)
        self.url = url.rstrip("/")
        self._path = parts.path.rstrip("/")
        self._host = parts.hostname or ""
        self._port = parts.port
        self._tls = _tls_context(ca_file) if parts.scheme == "https" else None
        self._headers = {"Accept": "application/json"}
        if token:
            self._headers["Authorization"] = f"Bearer {token}"
        self._kept = threading.local()

    def health(self, *, patience: float = PATIENCE) -> Any:
        """Return what the mock says of its health, within so many seconds.

        Raises:
            Unreachable: Nothing answers, or it is no mockidp.
        """
        return self._ask("GET", HEALTH, wanted="status", wait=patience - PATIENCE)

    def get(self, path: str, *, wanted: str = "", wait: float = 0.0, **query: Any) -> Any:
        """Return what a GET answers, as `call` does; what is None is left out of the query."""
        asked = {name: value for name, value in query.items() if value is not None}
        target = path + (f"?{urlencode(asked)}" if asked else "")
        return self._ask("GET", PREFIX + target, wanted=wanted, wait=wait)

    def post(self, path: str, body: Mapping[str, Any] | None = None, *, wanted: str = "") -> Any:
        """Return what a POST of JSON answers, as `call` does."""
        return self.call("POST", path, body or {}, wanted=wanted)

    def call(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, *, wanted: str = ""
    ) -> Any:
        """Return the JSON that a call answers, or None for an empty answer.

        Args:
            method: The HTTP method.
            path: What is called, below `/_mockidp/v1`.
            body: What is sent as JSON.
            wanted: A key that every answer of a mockidp has there.

        Raises:
            Refused: The mock said no; the text says why.
            Unreachable: Nothing answers, or it is no mockidp.
        """
        data = None if body is None else json.dumps(body).encode()
        return self._ask(method, PREFIX + path, data, wanted=wanted)

    def _ask(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        *,
        wanted: str = "",
        wait: float = 0.0,
    ) -> Any:
        """Call; `wait` is for how many seconds the mock may hold the answer back."""
        target = self._path + path
        request = _Request(method=method, target=target, body=body, patience=PATIENCE + wait)
        status, answered = self._exchange(request)
        if status == _NO_CONTENT:
            return None
        try:
            value = json.loads(answered)
        except ValueError:
            value = None
        if isinstance(value, dict) and status >= _REFUSED and (text := _refusal(value)):
            raise Refused(text, status=status)
        if not isinstance(value, dict) or status >= _REFUSED or (wanted and wanted not in value):
            raise Unreachable(f"what answers at {self.url} is no mockidp; check --url")
        return value

    def close(self) -> None:
        """Let go of this thread's connection."""
        connection = getattr(self._kept, "connection", None)
        if connection is not None:
            connection.close()
            self._kept.connection = None

    def _exchange(self, request: _Request) -> tuple[int, bytes]:
        """Call once; once more where a kept connection turned out to be closed."""
        kept: HTTPConnection | None = getattr(self._kept, "connection", None)
        try:
            if kept is not None:
                try:
                    return self._send(kept, request)
                except (ConnectionError, HTTPException):
                    self.close()
            return self._send(self._connect(), request)
        except (OSError, HTTPException) as error:
            self.close()
            raise Unreachable(_unreachable(self.url, error)) from None

    def _send(self, connection: HTTPConnection, request: _Request) -> tuple[int, bytes]:
        connection.timeout = request.patience
        if connection.sock is not None:
            connection.sock.settimeout(request.patience)
        kind = {} if request.body is None else {"Content-Type": _JSON}
        connection.request(request.method, request.target, request.body, {**self._headers, **kind})
        response = connection.getresponse()
        answered = response.read()
        return response.status, answered

    def _connect(self) -> HTTPConnection:
        if self._tls is None:
            connection = HTTPConnection(self._host, self._port, timeout=PATIENCE)
        else:
            connection = HTTPSConnection(
                self._host, self._port, timeout=PATIENCE, context=self._tls
            )
        self._kept.connection = connection
        return connection


def _unreachable(url: str, reason: object) -> str:
    if isinstance(reason, ssl.SSLCertVerificationError):
        return (
            f"the certificate of {url} is not trusted ({reason.verify_message}); where the mock "
            'was started: eval "$(mockidp env)"'
        )
    said = "".join(each if each.isprintable() else " " for each in str(reason)).strip()
    return f"no mockidp answers at {url} ({said}); start one: mockidp serve"


def _refusal(body: Mapping[str, Any]) -> str:
    """Return what a refusal says: as a problem, or as what answers before a call is looked at."""
    return str(body.get("detail") or body.get("error_description") or body.get("error") or "")


def escaped(name: str) -> str:
    """Return a name as one step of a path."""
    return quote(name, safe="")


def _split(url: str) -> Any:
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    if not good or not url.isprintable() or " " in url:
        raise MockIdPError(f"{url!r} is not a URL such as http://localhost:9400")
    return parts


def _tls_context(ca_file: str | Path | None) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if ca_file is not None:
        try:
            context.load_verify_locations(ca_file)
        except OSError as error:
            raise Unreachable(f"{ca_file}: cannot be read as a CA: {error}") from None
    return context
