"""Which tenant a request is for: the WSGI layer in front of the one app.

The first tenant has the server's own URLs. Others can be made beside it while it runs: each has
a path prefix (`/t/<name>/`) and a host name (`<name>.localhost`) on the same server, and shares
nothing with the rest.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import unquote

from mockidp.errors import MockIdPError
from mockidp.protocol.problem import Problem
from mockidp.tenant.clock import Clock
from mockidp.tenant.ids import Ids
from mockidp.tenant.tenant import Tenant
from mockidp.web.exchange import UNKNOWN_TENANT_KEY, raw_target
from mockidp.web.forwarded import BehindProxy, note_distrust

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

TENANT_KEY = "mockidp.tenant"
TENANTS_KEY = "mockidp.tenants"
CA_KEY = "mockidp.ca_pem"
"""Where the PEM text of the certificate authority stands; empty without TLS."""
CONTROL_TOKEN_KEY = "mockidp.control_token"
"""Where the bearer token that steers the mock stands; empty where none is demanded."""

PREFIX = "/t/"
_CONTROL = "/_mockidp"
_ALWAYS_THERE = ("/_mockidp/health", "/_mockidp/ca.pem")
"""What needs no control API."""
MAX_COUNT = 1000
MAX_AGE = 86400
_MAX_GONE = 10_000
_MAX_TOLD = 20
_NAME = re.compile(r"(?!..--)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_IN_HOST = re.compile(r"([a-z0-9-]+)\.localhost(?::[0-9]+)?", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Disposable:
    """A tenant that was made at run time; `ends_at` is by the machine's clock."""

    name: str
    tenant: Tenant
    ends_at: float


class TenantRouter:
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
        self.endpoints = app
        """Answers for the tenant that is in the WSGI environment already."""
        self._control = control
        self._keys = {TENANTS_KEY: self, CA_KEY: ca_pem, CONTROL_TOKEN_KEY: control_token}
        self._clock = Clock()
        self._lock = threading.Lock()
        self._ids = Ids()
        # Neither mapping is ever changed, only replaced: requests read them without the lock.
        self._others: dict[str, Disposable] = {}
        self._gone: dict[str, None] = {}
        self._behind_proxy = BehindProxy(self._answer)
        self.tenant = tenant
        self.ports: Callable[[], Mapping[str, int]] = dict
        """Returns the port of each scheme that a server of ours listens on."""

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        if self.tenant.settings.trust_proxy:
            return self._behind_proxy(environ, start_response)
        note_distrust(self.tenant, environ)
        return self._answer(environ, start_response)

    def _answer(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ.update(self._keys)
        environ[TENANT_KEY] = self._pick(environ) if self._others or self._gone else self.tenant
        path = environ.get("PATH_INFO", "")
        is_control = path.startswith(_CONTROL) and not path.startswith(_ALWAYS_THERE)
        return (self._control if is_control else self.endpoints)(environ, start_response)

    @property
    def others(self) -> tuple[Disposable, ...]:
        """The tenants that were made at run time and are still good, the oldest first."""
        now = self._clock.now()
        return tuple(one for one in self._others.values() if now < one.ends_at)

    def make_up_name(self) -> str:
        """Return a name that no tenant has; a seed of the first one is not drawn from."""
        return f"t-{self._ids.tenant_name()}"

    def add(self, name: str, tenant: Tenant, *, max_age: float) -> Disposable:
        """Serve another tenant, for so many seconds.

        Raises:
            MockIdPError: The name is none, or there are too many; or the age is none.
            Problem: 409, the name is taken.
        """
        if not _NAME.fullmatch(name):
            raise MockIdPError(
                f"{name!r} is no name of a tenant: 1 to 63 of a-z, 0-9 and hyphens between them, "
                "but no two after the second (RFC 5891), as it is part of a host name"
            )
        if not 0 < max_age <= MAX_AGE:
            raise MockIdPError(f"max_age is {max_age}; expected seconds, more than 0, to a day")
        with self._lock:
            good = {one.name: one for one in self.others}
            if name in good:
                raise Problem(
                    409, f"there is a tenant {name!r} already; delete it, or take another name"
                )
            if len(good) >= MAX_COUNT:
                raise MockIdPError(
                    f"there are {MAX_COUNT} tenants; delete some, or give them a max_age"
                )
            made = Disposable(name=name, tenant=tenant, ends_at=self._clock.now() + max_age)
            self._keep({**good, name: made})
        return made

    def remove(self, name: str) -> bool:
        """Remove a tenant. Return whether it existed."""
        with self._lock:
            good = {one.name: one for one in self.others}
            was_there = good.pop(name, None) is not None
            self._keep(good)
        return was_there

    def _keep(self, good: dict[str, Disposable]) -> None:
        """Serve only these tenants. Host names of removed tenants are not routed to the first."""
        before = self._others
        gone = {**self._gone, **dict.fromkeys(before.keys() - good.keys())}
        still_gone = [name for name in gone if name not in good]
        self._others, self._gone = good, dict.fromkeys(still_gone[-_MAX_GONE:])
        for name in before.keys() - good.keys():
            before[name].tenant.faults.clear()  # what they hold back is let go

    def _pick(self, environ: WSGIEnvironment) -> Tenant:
        """Return the tenant that path or host name, and move a prefix to SCRIPT_NAME."""
        name = self._move_prefix(environ)
        if name is None:
            name = self._name_in_host(environ.get("HTTP_HOST") or "")
        if name is None:
            return self.tenant
        one = self._others.get(name)
        if one is not None and self._clock.now() < one.ends_at:
            return one.tenant
        there = ", ".join(sorted(each.name for each in self.others)[:_MAX_TOLD]) or "none"
        environ[UNKNOWN_TENANT_KEY] = f"no tenant is called {name[:63]!r}; there are: {there}"
        return self._nobody

    def _move_prefix(self, environ: WSGIEnvironment) -> str | None:
        """Return the name in a path that has one; an escaped slash is no end of it."""
        path, mounted_at = environ.get("PATH_INFO", ""), environ.get("SCRIPT_NAME", "")
        if not path.startswith(PREFIX):
            return None
        name, slash, rest = path.removeprefix(PREFIX).partition("/")
        environ["SCRIPT_NAME"] = f"{mounted_at}{PREFIX}{name}"
        environ["PATH_INFO"] = slash + rest
        sent = raw_target(environ).partition("?")[0].removeprefix(mounted_at)
        return unquote("/".join(sent.split("/")[2:3]))

    def _name_in_host(self, host: str) -> str | None:
        match = _IN_HOST.fullmatch(host)
        name = match[1].lower() if match else None
        return name if name in self._others or name in self._gone else None

    @cached_property
    def _nobody(self) -> Tenant:
        """What those meet who ask for a tenant that is not there: no fault, no journal of ours."""
        return Tenant()
