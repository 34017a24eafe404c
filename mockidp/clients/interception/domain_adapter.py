"""What answers for an intercepted domain: a registration of `responses` that asks the tenant."""

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
from mockidp.protocol.origin import make_origin, origin_of, split_host

SCHEMES = ("http", "https")

Answer = tuple[int, list[tuple[str, str]], bytes | BufferedReader]


class DomainAdapter:
    """A domain's way to its tenant.

    Attributes:
        idp: The tenant, at its domain's URL.
        calls: What `responses` has recorded of it.
    """

    def __init__(self, name: str, port: str, idp: MockIdP) -> None:
        self._origins = frozenset(make_origin(scheme, name, port) for scheme in SCHEMES)
        self.idp = idp
        mock = responses.RequestsMock(response_callback=_note_response)
        mock.add(_Registration(idp))
        self.calls = mock.calls
        self._send = mock.unbound_on_send()

    def is_for(self, url: str) -> bool:
        """Return whether a URL is one of the domain's."""
        scheme, _, authority = origin_of(url).partition("://")
        host = split_host(authority.rpartition("@")[2])
        if host is None or scheme.lower() not in SCHEMES:
            return False
        return make_origin(scheme.lower(), *host) in self._origins

    def send(
        self, adapter: HTTPAdapter, request: PreparedRequest, *args: Any, **kwargs: Any
    ) -> Response:
        """Answer as `HTTPAdapter.send` does: what the adapter retries is retried, without pause.

        `responses` sees to a status that is retried; a lost connection is seen to here.
        """
        retries = adapter.max_retries
        while True:
            try:
                return self._send(adapter, request, *args, retries=retries, **kwargs)
            except (NoConnection, ReadTimeout) as error:
                retries = _count(retries, request, error)


class _Registration(responses.CallbackResponse):
    """What is registered for the whole of a domain, whatever the method and the path."""

    def __init__(self, idp: MockIdP) -> None:
        super().__init__("", re.compile(""), self._answer, content_type=None)
        self._idp = idp
        self._pool = connection_from_url(idp.url)

    def matches(self, _request: PreparedRequest) -> tuple[bool, str]:
        """Match: the door was chosen by the URL."""
        return True, ""

    def get_response(self, request: PreparedRequest) -> HTTPResponse:
        """Ask the tenant."""
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
            why = f"Read timed out. (read timeout={timeout})"
            late = ReadTimeoutError(self._pool, request.url or "", why)
            raise ReadTimeout(late, request=request) from error
        if delivery.drop:
            gone = RemoteDisconnected("Remote end closed connection without response")
            raise NoConnection(ProtocolError("Connection aborted.", gone), request=request)
        if delivery.drip:
            return status, headers, BufferedReader(DrippingBody(dripping(delivery, body, timeout)))
        return status, headers, cut(delivery, body)


def _count(retries: Retry, request: PreparedRequest, error: RequestException) -> Retry:
    """Count a lost connection as urllib3 does.

    Raises:
        RequestException: Such a request is not sent again, or was sent too often.
    """
    lost: ProtocolError | ReadTimeoutError = error.args[0]
    try:
        return retries.increment(request.method, request.url, error=lost)
    except MaxRetryError as exhausted:
        raise NoConnection(exhausted, request=request) from error
    except HTTPError:
        raise error from None


def _read_timeout(timeout: Any) -> float | None:
    """Return how long a client waits for the next byte, of all that requests takes for it."""
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
    """Record a call in `responses.calls`, too, where the test has activated `responses`."""
    if getattr(responses.mock, "_patcher", None) is not None:
        responses.calls.add(request, outcome)
