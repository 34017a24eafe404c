"""Which tenant a request is for: the WSGI layer in front of the one app.

The first tenant has the server's own URLs. Others can be made beside it while it runs: each has
a path prefix (`/t/<name>/`) and a host name (`<name>.localhost`) on the same server, and shares
nothing with the rest.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mockidp.errors import MockIdPError
from mockidp.tenant.clock import Clock
from mockidp.tenant.tenant import Tenant

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

TENANT_KEY = "mockidp.tenant"
TENANTS_KEY = "mockidp.tenants"
CA_KEY = "mockidp.ca_pem"
"""Where the PEM text of the certificate authority stands; empty without TLS."""
CONTROL_TOKEN_KEY = "mockidp.control_token"
"""Where the bearer token that steers the mock stands; empty where none is demanded."""

PREFIX = "/t/"
_CONTROL = ("/_mockidp/v1", "/_mockidp/openapi.json")
MOST = 1000
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_IN_HOST = re.compile(r"([a-z0-9-]+)\.localhost(?::[0-9]+)?", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Disposable:
    """A tenant that was made at run time; `ends_at` is by the machine's clock."""

    name: str
    tenant: Tenant
    ends_at: float


class Tenants:
    """A WSGI app that puts the tenant into the environment of another, or of what steers it."""

    def __init__(
        self,
        app: WSGIApplication,
        control: WSGIApplication,
        tenant: Tenant,
        *,
        ca_pem: str = "",
        control_token: str = "",
    ) -> None:
        self._app = app
        self._control = control
        self._keys = {TENANTS_KEY: self, CA_KEY: ca_pem, CONTROL_TOKEN_KEY: control_token}
        self._clock = Clock()
        self._lock = threading.Lock()
        self._others: dict[str, Disposable] = {}
        self.tenant = tenant

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        environ.update(self._keys)
        environ[TENANT_KEY] = self._pick(environ) if self._others else self.tenant
        is_control = environ.get("PATH_INFO", "").startswith(_CONTROL)
        return (self._control if is_control else self._app)(environ, start_response)

    @property
    def others(self) -> tuple[Disposable, ...]:
        """The tenants that were made at run time and are still good, the oldest first."""
        now = self._clock.now()
        return tuple(one for one in self._others.values() if now < one.ends_at)

    def add(self, name: str, tenant: Tenant, *, max_age: float) -> Disposable:
        """Serve another tenant, for so many seconds.

        Raises:
            MockIdPError: The name is none, is taken, or there are too many.
        """
        if not _NAME.fullmatch(name):
            raise MockIdPError(
                f"{name!r} is no name of a tenant: 1 to 63 of a-z, 0-9 and hyphens between them, "
                "as it is part of a host name"
            )
        with self._lock:
            self._others = {one.name: one for one in self.others}
            if name in self._others:
                raise MockIdPError(
                    f"there is a tenant {name!r} already; delete it, or take another name"
                )
            if len(self._others) >= MOST:
                raise MockIdPError(f"there are {MOST} tenants; delete some, or give them a max_age")
            made = Disposable(name=name, tenant=tenant, ends_at=self._clock.now() + max_age)
            self._others[name] = made
        return made

    def remove(self, name: str) -> bool:
        """Serve a tenant no more; tell whether it was there."""
        with self._lock:
            removed = self._others.pop(name, None)
        if removed is not None:
            removed.tenant.faults.clear()  # what they hold back is let go
        return removed is not None

    def _pick(self, environ: WSGIEnvironment) -> Tenant:
        """Return the tenant that path or host name, and move a prefix to SCRIPT_NAME."""
        path = environ.get("PATH_INFO", "")
        if path.startswith(PREFIX):
            name, slash, rest = path.removeprefix(PREFIX).partition("/")
            found = self._find(name)
            if found is not None:
                environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + PREFIX + name
                environ["PATH_INFO"] = slash + rest
                return found
        in_host = _IN_HOST.fullmatch(environ.get("HTTP_HOST", ""))
        return (self._find(in_host[1].lower()) if in_host else None) or self.tenant

    def _find(self, name: str) -> Tenant | None:
        one = self._others.get(name)
        return one.tenant if one is not None and self._clock.now() < one.ends_at else None
