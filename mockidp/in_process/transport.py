"""The httpx transport of a tenant, with the effects of faults on the connection."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import httpx
from anyio import to_thread

from mockidp.in_process.call import InProcessCall
from mockidp.in_process.delivery import cut, dripping, read_timeout, within
from mockidp.server.delivery import Delivery
from mockidp.tenant.tenant import Tenant

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


class Transport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """A transport for an `httpx.Client` or an `httpx.AsyncClient`.

    The tenant accepts every host, because whoever mounts the transport chooses the hosts.
    """

    def __init__(self, app: WSGIApplication, tenant: Tenant) -> None:
        self._app = app
        self._tenant = tenant

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer a request."""
        timeout: float | None = request.extensions.get("timeout", {}).get("read")
        call = _make_call(self._app, request)
        with _as_httpx():
            status, headers, body = within(read_timeout(self._tenant, timeout), call)
        if call.delivery.drop:
            raise httpx.RemoteProtocolError("Server disconnected without sending a response.")
        return httpx.Response(status, headers=headers, stream=_Body(body, call.delivery, timeout))

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer a request without blocking the event loop if a fault delays it."""
        await request.aread()
        if any(one.fault.delay for one in self._tenant.faults):
            return await to_thread.run_sync(self.handle_request, request, abandon_on_cancel=True)
        return self.handle_request(request)


def _make_call(app: WSGIApplication, request: httpx.Request) -> InProcessCall:
    url = request.url
    return InProcessCall(
        app,
        method=request.method,
        scheme=url.scheme,
        host=(url.raw_host.decode("ascii"), url.port or ""),
        target=url.raw_path.decode("ascii"),
        headers=[
            (name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw
        ],
        body=request.read(),
    )


class _Body(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A response body as the client receives it."""

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
        received, length = len(cut(self._delivery, self._body)), len(self._body)
        if received < length:
            raise httpx.RemoteProtocolError(
                "peer closed connection without sending complete message body "
                f"(received {received} bytes, expected {length})"
            )


@contextmanager
def _as_httpx() -> Iterator[None]:
    """Raise a timeout as an exception of httpx."""
    try:
        yield
    except TimeoutError as error:
        raise httpx.ReadTimeout(str(error)) from error
