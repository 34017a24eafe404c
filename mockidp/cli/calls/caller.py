"""An HTTP client that sends requests as an app does."""

from __future__ import annotations

import json
import ssl
from collections.abc import Mapping
from functools import cached_property
from typing import Any
from urllib.parse import unquote, urlsplit

from mockidp.frozen import frozen
from mockidp.http_client import HttpClient, HttpRequest
from mockidp.protocol.errors.hint import HEADER
from mockidp.protocol.urls.origin import origin_of

_TIMEOUT = 10


@frozen
class CallResult:
    """A response. Missing headers are empty."""

    status: int
    body: str
    hint: str = ""
    location: str = ""
    date: str = ""

    def json(self) -> dict[str, Any]:
        """Return the body as a JSON object, or an empty one if it is something else."""
        try:
            value = json.loads(self.body)
        except ValueError:
            return {}
        return value if isinstance(value, dict) else {}


class RequestSender:
    """Sends requests unchanged, through no proxy, and follows no redirects."""

    def __init__(self, *, timeout: float = _TIMEOUT) -> None:
        """Set the timeout, in seconds, for each part of a response."""
        self._timeout = timeout

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        return ssl.create_default_context()

    def trust_anything(self) -> None:
        """Accept untrusted certificates from now on."""
        self._tls.check_hostname = False
        self._tls.verify_mode = ssl.CERT_NONE

    def send(
        self,
        url: str,
        method: str = "GET",
        *,
        body: Mapping[str, Any] | None = None,
        bearer: str = "",
    ) -> CallResult:
        """Send a request to exactly this URL, with the body as JSON.

        Raises:
            OSError: No server answers, or the certificate is not trusted.
            HTTPException: The response is not HTTP.
            ValueError: The URL is invalid.
        """
        parts = urlsplit(url)
        client = HttpClient(parts, self._tls if parts.scheme == "https" else None)
        headers = {} if body is None else {"Content-Type": "application/json"}
        if bearer:
            headers["Authorization"] = f"Bearer {bearer}"
        request = HttpRequest(
            method=method,
            target=url[len(origin_of(url)) :] or "/",
            headers=headers,
            body=None if body is None else json.dumps(body).encode(),
            timeout=self._timeout,
        )
        try:
            response = client.send(request)
        finally:
            client.close()
        return CallResult(
            status=response.status,
            body=response.body.decode(errors="replace"),
            hint=unquote(response.headers.get(HEADER, "")),
            location=response.headers.get("Location", ""),
            date=response.headers.get("Date", ""),
        )
