"""Requests as an app sends them, with the standard library alone."""

from __future__ import annotations

import json
import ssl
from dataclasses import dataclass
from http.client import HTTP_PORT, HTTPS_PORT, HTTPConnection, HTTPSConnection
from typing import Any
from urllib.parse import unquote, urlsplit

from mockidp.protocol.hint import HEADER
from mockidp.protocol.origin import origin_of

_PATIENCE = 10


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """What came back."""

    status: int
    body: bytes
    hint: str
    date: str

    def json(self) -> dict[str, Any]:
        """Return the JSON object that it is, or an empty one."""
        try:
            value = json.loads(self.body)
        except ValueError:
            return {}
        return value if isinstance(value, dict) else {}


class Caller:
    """Sends requests as they are: through no proxy, and follows no redirect."""

    def __init__(self) -> None:
        self._tls = ssl.create_default_context()

    def trust_anything(self) -> None:
        """Go on where a certificate is not trusted, which has been told."""
        self._tls.check_hostname = False
        self._tls.verify_mode = ssl.CERT_NONE

    def send(self, url: str, method: str = "GET") -> Reply:
        """Send one request.

        Raises:
            OSError: Nothing answers, or what answers is not trusted.
            HTTPException: It does not speak HTTP.
            ValueError: It is no URL.
        """
        parts = urlsplit(url)
        # A port is said always: the last group of an IPv6 address would be taken for it.
        host, port = parts.hostname or "", parts.port
        connection = (
            HTTPSConnection(host, port or HTTPS_PORT, timeout=_PATIENCE, context=self._tls)
            if parts.scheme == "https"
            else HTTPConnection(host, port or HTTP_PORT, timeout=_PATIENCE)
        )
        try:
            connection.request(method, url[len(origin_of(url)) :])
            reply = connection.getresponse()
            return Reply(
                status=reply.status,
                body=reply.read(),
                hint=unquote(reply.headers.get(HEADER, "")),
                date=reply.headers.get("Date", ""),
            )
        finally:
            connection.close()
