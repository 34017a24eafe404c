"""The tenant behind an intercepted domain, as a registered response of `responses`."""

from __future__ import annotations

import re
from http.client import RemoteDisconnected
from io import BufferedReader
from typing import Any

import responses
from requests import ConnectionError as NoConnection
from requests import PreparedRequest, ReadTimeout, RequestException, Response
from requests.adapters import HTTPAdapter
from urllib3 import connection_from_url
from urllib3.exceptions import HTTPError, MaxRetryError, ProtocolError, ReadTimeoutError
from urllib3.response import HTTPResponse
from urllib3.util import Retry, Timeout

from mockidp.clients.interception.call import make_call
from mockidp.idp import MockIdP
from mockidp.in_process.delivery import DrippingBody, cut, dripping, read_timeout, within
from mockidp.protocol.urls.origin import make_origin, origin_of, split_host

SCHEMES = ("http", "https")

Answer = tuple[int, list[tuple[str, str]], bytes | BufferedReader]


class DomainAdapter:
    """Answers requests for a domain with its tenant.

    Attributes:
        idp: The tenant, at the URL of the domain.
        calls: The requests and responses, as `responses` records them.
    """

    def __init__(self, name: str, port: str, idp: MockIdP) -> None:
        self._origins = frozenset(make_origin(scheme, name, port) for scheme in SCHEMES)
        self.idp = idp
        mock = responses.RequestsMock(response_callback=_note_response)
        mock.add(_Registration(idp))
        self.calls = mock.calls
        self._send = mock.unbound_on_send()

    def is_for(self, url: str) -> bool:
        """Return whether a URL belongs to the domain."""
        scheme, _, authority = origin_of(url).partition("://")
        host = split_host(authority.rpartition("@")[2])
        if host is None or scheme.lower() not in SCHEMES:
            return False
        return make_origin(scheme.lower(), *host) in self._origins

    def send(
        self, adapter: HTTPAdapter, request: PreparedRequest, *args: Any, **kwargs: Any
    ) -> Response:
        """Answer as `HTTPAdapter.send` does, including the adapter's retries, but without pauses.

        `responses` handles retries after a status, and this method those after a lost connection.
        """
        retries = adapter.max_retries
        while True:
            try:
                return self._send(adapter, request, *args, retries=retries, **kwargs)
            except (NoConnection, ReadTimeout) as error:
                retries = _count_retry(retries, request, error)


class _Registration(responses.CallbackResponse):
    """The registered response for all methods and paths of a domain."""

    def __init__(self, idp: MockIdP) -> None:
        super().__init__("", re.compile(""), self._answer, content_type=None)
        self._idp = idp
        self._pool = connection_from_url(idp.url)

    def matches(self, _request: PreparedRequest) -> tuple[bool, str]:
        """Return True: the URL has selected the adapter."""
        return True, ""

    def get_response(self, request: PreparedRequest) -> HTTPResponse:
        """Return the tenant's response."""
        try:
            return super().get_response(request)
        except Exception as error:
            _note(request, error)
            raise

    def _answer(self, request: PreparedRequest) -> Answer:
        timeout = _read_timeout(getattr(request, "req_kwargs", {}).get("timeout"))
        call = make_call(self._idp.app, request)
        delivery = call.delivery
        try:
            status, headers, body = within(read_timeout(self._idp.tenant, timeout), call)
        except TimeoutError as error:
            message = f"Read timed out. (read timeout={timeout})"
            timed_out = ReadTimeoutError(self._pool, request.url or "", message)
            raise ReadTimeout(timed_out, request=request) from error
        if delivery.drop:
            disconnected = RemoteDisconnected("Remote end closed connection without response")
            raise NoConnection(ProtocolError("Connection aborted.", disconnected), request=request)
        if delivery.drip:
            return status, headers, BufferedReader(DrippingBody(dripping(delivery, body, timeout)))
        return status, headers, cut(delivery, body)


def _count_retry(retries: Retry, request: PreparedRequest, error: RequestException) -> Retry:
    """Count a lost connection as urllib3 does, and return the remaining retries.

    Raises:
        RequestException: The request is not retried, or the retries are used up.
    """
    lost: ProtocolError | ReadTimeoutError = error.args[0]
    try:
        return retries.increment(request.method, request.url, error=lost)
    except MaxRetryError as exhausted:
        raise NoConnection(exhausted, request=request) from error
    except HTTPError:
        raise error from None


def _read_timeout(timeout: Any) -> float | None:
    """Return the read timeout in seconds, for every form of timeout that requests accepts."""
    if not isinstance(timeout, Timeout):
        connect, read = timeout if isinstance(timeout, tuple) else (timeout, timeout)
        timeout = Timeout(connect=connect, read=read)
    started = timeout.clone()
    started.start_connect()
    seconds = started.read_timeout
    return seconds if isinstance(seconds, int | float) else None


def _note_response(response: Response) -> Response:
    _note(response.request, response)
    return response


def _note(request: PreparedRequest, outcome: Any) -> None:
    """Record a call in `responses.calls` as well, if the test has activated `responses`."""
    if getattr(responses.mock, "_patcher", None) is not None:
        responses.calls.add(request, outcome)
