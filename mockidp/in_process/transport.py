"""A tenant under httpx: its WSGI transport, with what a connection may do to an answer."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

import httpx
from anyio import to_thread

from mockidp.in_process.delivery import cut, dripping, patience, within
from mockidp.server.delivery import KEY, Delivery
from mockidp.tenant.tenant import Tenant
from mockidp.web.exchange import VOUCHED_HOSTS_KEY

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class Transport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """What an `httpx.Client` or an `httpx.AsyncClient` sends through to a tenant.

    The host of each request is one that the tenant answers to: whoever mounts the transport
    has chosen it.
    """

    def __init__(self, app: WSGIApplication, tenant: Tenant) -> None:
        self._app = app
        self._tenant = tenant

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer a request."""
        timeout = _read_timeout(request)
        call = _Call(self._app, request)
        with _as_httpx():
            answer, body = within(patience(self._tenant, timeout), call)
        if call.delivery.drop:
            raise httpx.RemoteProtocolError("Server disconnected without sending a response.")
        return httpx.Response(
            answer.status_code,
            headers=answer.headers,
            stream=_Body(body, call.delivery, timeout),
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer a request; one that may take its time holds up nobody else."""
        await request.aread()
        if any(one.fault.delay for one in self._tenant.faults):
            return await to_thread.run_sync(self.handle_request, request, abandon_on_cancel=True)
        return self.handle_request(request)


class _Call:
    """One request as a WSGI call."""

    def __init__(self, app: WSGIApplication, request: httpx.Request) -> None:
        self._app = app
        self._request = request
        self.delivery = Delivery()

    def __call__(self) -> tuple[httpx.Response, bytes]:
        """Return the answer and its whole body."""
        answer = httpx.WSGITransport(app=self._complete).handle_request(self._request)
        return answer, b"".join(answer.iter_raw())

    def _complete(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Say it as a server does: path and target as sent, the length of what came in chunks."""
        url = self._request.url
        environ["REQUEST_URI"] = target = url.raw_path.decode("ascii")
        environ["PATH_INFO"] = unquote_to_bytes(target.partition("?")[0]).decode("latin-1")
        if environ.pop("HTTP_TRANSFER_ENCODING", None):
            environ["CONTENT_LENGTH"] = str(len(self._request.content))
        environ[VOUCHED_HOSTS_KEY] = (url.raw_host.decode("ascii"),)
        environ[KEY] = self.delivery
        return self._app(environ, start_response)


class _Body(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body as it comes."""

    def __init__(self, body: bytes, delivery: Delivery, timeout: float | None) -> None:
        self._body = body
        self._delivery = delivery
        self._timeout = timeout

    def __iter__(self) -> Iterator[bytes]:
        with _as_httpx():
            yield from self._parts()
        self._check_end()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        parts = self._parts()
        with _as_httpx():
            while part := await to_thread.run_sync(next, parts, b"", abandon_on_cancel=True):
                yield part
        self._check_end()

    def _parts(self) -> Iterator[bytes]:
        if self._delivery.drip:
            return dripping(self._delivery, self._body, self._timeout)
        return iter([cut(self._delivery, self._body)])

    def _check_end(self) -> None:
        come, whole = len(cut(self._delivery, self._body)), len(self._body)
        if come < whole:
            raise httpx.RemoteProtocolError(
                "peer closed connection without sending complete message body "
                f"(received {come} bytes, expected {whole})"
            )


@contextmanager
def _as_httpx() -> Iterator[None]:
    try:
        yield
    except TimeoutError as error:
        raise httpx.ReadTimeout(str(error)) from error


def _read_timeout(request: httpx.Request) -> float | None:
    seconds: float | None = request.extensions.get("timeout", {}).get("read")
    return seconds
