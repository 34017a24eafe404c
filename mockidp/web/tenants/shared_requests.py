"""Requests to tenants that several processes share: each is one transaction, which may run again.

It begins as a transaction of the first tenant. If the request is for another one, that transaction
only selects the tenant, and the answer is a transaction of the other tenant. So no transaction is
inside another one, and each of them can run again.

The request and everything that it answers with are kept until the transaction is committed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import closing, suppress
from functools import partial
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, NamedTuple

from mockidp.protocol.errors.refusal import Refusal
from mockidp.storage.store import Backend, TenantDeleted
from mockidp.web.request import keys
from mockidp.web.tenants.router import OtherTenant

if TYPE_CHECKING:
    from _typeshed.wsgi import InputStream, StartResponse, WSGIApplication, WSGIEnvironment

IN_MEMORY = 1 << 20
"""The size up to which a body is kept in memory."""


class _Answer(NamedTuple):
    status: str
    headers: list[tuple[str, str]]
    body: Iterable[bytes]


class SharedRequests:
    """A WSGI app that answers each request in a transaction of its tenant's backend.

    If the server of the backend cannot be used, the app answers with the refusal.

    Args:
        app: Answers for the first tenant, or raises `OtherTenant`.
        backend: That of the first tenant.
    """

    def __init__(self, app: WSGIApplication, backend: Backend) -> None:
        self._app, self._backend = app, backend

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request.

        Raises:
            TenantDeleted: The tenant of the backend is deleted.
        """
        found = None
        with closing(_RewindableBody(environ["wsgi.input"])) as body:
            while found is None:
                own = {"wsgi.input": body, keys.DONE: {}, keys.REFUSAL: None}
                found = self._answer(environ | own)
        start_response(found.status, found.headers)
        return found.body

    def _answer(self, environ: WSGIEnvironment) -> _Answer | None:
        """Return the answer; None if the other tenant is deleted, so it is not selected again."""
        try:
            return _run(self._backend, self._app, environ)
        except OtherTenant as other:
            with suppress(TenantDeleted):
                return _run(other.tenant.backend, other.app, other.environ)
        return None


def _run(backend: Backend, app: WSGIApplication, environ: WSGIEnvironment) -> _Answer:
    """Return the answer of an app in a transaction, or that to a request that it refuses."""
    refused = environ[keys.REFUSAL]
    if refused is None:
        try:
            return backend.run(partial(_collect, app, environ))
        except Refusal as refusal:
            refused = refusal
    with backend.detached():
        return _collect(app, environ | {keys.REFUSAL: refused})


def _collect(app: WSGIApplication, environ: WSGIEnvironment) -> _Answer:
    """Return the answer of an app to a request, whose body is read from its beginning."""
    environ["wsgi.input"].rewind()
    started: list[tuple[str, list[tuple[str, str]]]] = []

    def start_response(
        status: str, headers: list[tuple[str, str]], _error: object = None
    ) -> Callable[[bytes], object]:
        started.append((status, headers))
        return bytes  # the app never writes

    body = app(dict(environ), start_response)
    return _Answer(*started[-1], body)


class _RewindableBody:
    """The body of a request, which is read from its beginning by each attempt.

    A large one, such as a snapshot, is kept in a temporary file.
    """

    def __init__(self, stream: InputStream) -> None:
        self._stream = stream
        self._kept = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - see `close`

    def close(self) -> None:
        """Delete the temporary file."""
        self._kept.close()

    def rewind(self) -> None:
        """Begin again."""
        self._kept.seek(0)

    def read(self, size: int = -1, /) -> bytes:
        """Return at most some bytes; all by default."""
        found = self._kept.read(size)
        if size < 0 or not found:
            received = self._stream.read(size)
            self._kept.write(received)
            found += received
        return found
