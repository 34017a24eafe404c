"""Select the tenant of a request: the WSGI layer in front of the app for all tenants.

The first tenant has the server's own URLs. Each additional tenant has a path prefix (`/t/<name>/`)
and a host name (`<name>.localhost`) on the same server. A custom domain selects its tenant as well.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import unquote

from mockidp.hosts import is_address
from mockidp.protocol.errors.refusal import Refusal
from mockidp.protocol.urls.origin import host_in
from mockidp.storage.store import SharedBackend
from mockidp.tenant.additional import PREFIX
from mockidp.tenant.tenant import Tenant
from mockidp.web.keyed_hash import share_key
from mockidp.web.request import keys
from mockidp.web.request.forwarded import BehindProxy, warn_untrusted_proxy
from mockidp.web.request.target import raw_target
from mockidp.web.tenants.additional import AdditionalTenants

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

TENANT_KEY = "mockidp.tenant"
TENANTS_KEY = "mockidp.tenants"
CA_KEY = "mockidp.ca_pem"
"""Key of the PEM text of the certificate authority; empty without TLS."""
CONTROL_TOKEN_KEY = "mockidp.control_token"
"""Key of the bearer token of the control API; empty if none is required."""

_NOT_CONTROL = ("/_mockidp/health", "/_mockidp/ca.pem")
"""Paths below that of the control API that belong to the endpoints."""
_MAX_NAMED = 20
_IN_HOST = re.compile(r"([a-z0-9-]+)\.localhost(?::[0-9]+)?", re.IGNORECASE)


class OtherTenant(Exception):  # noqa: N818 - a result, which ends a transaction
    """Ends the transaction in which a tenant was selected, because it is not that of the tenant.

    Attributes:
        tenant: The tenant.
        app: The app that answers for it.
        environ: The WSGI environment for the app.
    """

    def __init__(self, tenant: Tenant, app: WSGIApplication, environ: WSGIEnvironment) -> None:
        super().__init__()
        self.tenant, self.app, self.environ = tenant, app, environ


class TenantRouter:
    """A WSGI app that selects the tenant, and calls the endpoints or the control API."""

    def __init__(
        self,
        app: WSGIApplication,
        parts: Mapping[str, WSGIApplication],
        tenant: Tenant,
        *,
        ca_pem: str = "",
        control_token: str = "",
    ) -> None:
        self.endpoints = app
        """The app of the endpoints. It answers for the tenant in the WSGI environment."""
        self._parts, self._prefixes = parts, tuple(parts)
        self._keys = {TENANTS_KEY: self, CA_KEY: ca_pem, CONTROL_TOKEN_KEY: control_token}
        self.additional = AdditionalTenants(tenant)
        self._behind_proxy = BehindProxy(self._answer)
        self.tenant = tenant
        self._app: WSGIApplication = self._serve
        if isinstance(tenant.backend, SharedBackend):
            from mockidp.web.tenants.shared_requests import SharedRequests  # noqa: PLC0415 - rarely needed

            self._app = SharedRequests(self._serve, tenant.backend)
        self.ports: Callable[[], Mapping[str, int]] = dict
        """Returns the port of each scheme that the server listens on."""
        self.is_exposed = False
        """Whether other machines can control the mock, because no control token is required."""

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        return self._app(environ, start_response)

    def _serve(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if self.tenant.settings.trust_proxy:
            return self._behind_proxy(environ, start_response)
        warn_untrusted_proxy(self.tenant, environ)
        return self._answer(environ, start_response)

    def _answer(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ.update(self._keys)
        environ[TENANT_KEY] = tenant = self._select(environ)
        app = self._app_of(environ.get("PATH_INFO", ""))
        if app is not self.endpoints and self.tenant.common_secret is not None:
            share_key(self.tenant.common_secret())
        if tenant is not self.tenant and keys.DONE in environ:
            raise OtherTenant(tenant, app, environ)
        return app(environ, start_response)

    def _app_of(self, path: str) -> WSGIApplication:
        if not path.startswith(self._prefixes) or path.startswith(_NOT_CONTROL):
            return self.endpoints
        return next(app for prefix, app in self._parts.items() if path.startswith(prefix))

    def _select(self, environ: WSGIEnvironment) -> Tenant:
        """Return the tenant of a request. If none can be found, the first one refuses it."""
        if environ.get(keys.REFUSAL) is None:
            return self._find(environ)
        try:
            found = self._find(environ)
        except Refusal:
            return self.tenant
        return self.tenant if environ.pop(keys.UNKNOWN_TENANT, None) else found

    def _find(self, environ: WSGIEnvironment) -> Tenant:
        """Return the tenant that the path or the host names, and move a prefix to SCRIPT_NAME.

        Raises:
            Refusal: The state of the tenant cannot be read.
        """
        host = environ.get("HTTP_HOST") or ""
        is_other = "." in host or environ.get("PATH_INFO", "").startswith(PREFIX)
        if not (is_other and self.additional):
            return self.tenant
        name = self._move_prefix(environ)
        if name is None:
            name, host = self._name_in_host(host), host_in(f"http://{host}")
            if name is None:
                return self._with_domain(environ, host)
            if _has_domain(self.tenant, host):
                owners = f"the first tenant, and the host name of tenant {name}"
                return self._refuse_host(environ, host, owners, name)
        found = self.additional.get(name)
        if found is not None:
            return found.tenant
        names = sorted(one.name for one in self.additional.names())
        known = ", ".join(names[:_MAX_NAMED]) or "none"
        environ[keys.UNKNOWN_TENANT] = f"There is no tenant {name[:63]!r}. Known: {known}."
        return self._unknown_tenant

    def client_roots(self) -> str | None:
        """Return the authorities of client certificates; None if no tenant uses mutual TLS."""
        from mockidp.flows.clients.mutual_tls import client_roots  # noqa: PLC0415 - only for https

        first = self.tenant.backend
        try:
            with first.transaction():
                others = [one.tenant for one in self.additional.all()]
                return client_roots((self.tenant, *others))
        except Refusal:  # the next request is refused
            with first.detached():
                return client_roots((self.tenant,))

    def _with_domain(self, environ: WSGIEnvironment, host: str) -> Tenant:
        """Return the tenant that has a host as a custom domain; by default the first one."""
        if "." not in host or is_address(host) or _has_domain(self.tenant, host):
            return self.tenant
        found = [one for one in self.additional.all() if _has_domain(one.tenant, host)]
        if len(found) > 1:
            names = ", ".join(one.name for one in found[:_MAX_NAMED])
            return self._refuse_host(environ, host, f"several tenants: {names}", found[0].name)
        return found[0].tenant if found else self.tenant

    def _refuse_host(
        self, environ: WSGIEnvironment, host: str, owners: str, example: str
    ) -> Tenant:
        """Return a tenant that refuses a request whose host does not select one tenant."""
        environ[keys.UNKNOWN_TENANT] = (
            f"Host {host} is a custom domain of {owners}. Add the prefix of the tenant to the "
            f"path, such as {PREFIX}{example}/authorize, or change the domain."
        )
        environ[keys.VOUCHED_HOSTS] = (host,)
        return self._unknown_tenant

    def _move_prefix(self, environ: WSGIEnvironment) -> str | None:
        """Return the name in the path, if any. An escaped slash does not end it."""
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
        return name if name and self.additional.is_known(name) else None

    @cached_property
    def _unknown_tenant(self) -> Tenant:
        """A tenant that answers requests to unknown tenants. It has no faults."""
        return Tenant()


def _has_domain(tenant: Tenant, host: str) -> bool:
    return tenant.urls.domain_at(host) is not None
