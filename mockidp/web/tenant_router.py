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
from mockidp.protocol.origin import host_in
from mockidp.tenant.tenant import Tenant
from mockidp.web.additional_tenants import AdditionalTenants
from mockidp.web.exchange import UNKNOWN_TENANT_KEY, VOUCHED_HOSTS_KEY, raw_target
from mockidp.web.forwarded import BehindProxy, warn_untrusted_proxy

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

TENANT_KEY = "mockidp.tenant"
TENANTS_KEY = "mockidp.tenants"
CA_KEY = "mockidp.ca_pem"
"""Key of the PEM text of the certificate authority; empty without TLS."""
CONTROL_TOKEN_KEY = "mockidp.control_token"
"""Key of the bearer token of the control API; empty if none is required."""

PREFIX = "/t/"
_NOT_CONTROL = ("/_mockidp/health", "/_mockidp/ca.pem")
"""Paths below that of the control API that belong to the endpoints."""
_MAX_NAMED = 20
_IN_HOST = re.compile(r"([a-z0-9-]+)\.localhost(?::[0-9]+)?", re.IGNORECASE)


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
        self._parts = parts
        self._keys = {TENANTS_KEY: self, CA_KEY: ca_pem, CONTROL_TOKEN_KEY: control_token}
        self.additional = AdditionalTenants()
        self._behind_proxy = BehindProxy(self._answer)
        self.tenant = tenant
        self.ports: Callable[[], Mapping[str, int]] = dict
        """Returns the port of each scheme that the server listens on."""

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        if self.tenant.settings.trust_proxy:
            return self._behind_proxy(environ, start_response)
        warn_untrusted_proxy(self.tenant, environ)
        return self._answer(environ, start_response)

    def _answer(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ.update(self._keys)
        environ[TENANT_KEY] = self._select(environ) if self.additional else self.tenant
        return self._app_of(environ.get("PATH_INFO", ""))(environ, start_response)

    def _app_of(self, path: str) -> WSGIApplication:
        for prefix, app in self._parts.items():
            if path.startswith(prefix) and not path.startswith(_NOT_CONTROL):
                return app
        return self.endpoints

    def _select(self, environ: WSGIEnvironment) -> Tenant:
        """Return the tenant that the path or the host names, and move a prefix to SCRIPT_NAME."""
        name = self._move_prefix(environ)
        if name is None:
            host = environ.get("HTTP_HOST") or ""
            name, host = self._name_in_host(host), host_in(f"http://{host}")
            if name is None:
                return self._with_domain(environ, host)
            if _has_domain(self.tenant, host):
                owners = f"the first tenant, and the host name of tenant {name}"
                return self._refuse_host(environ, host, owners, name)
        found = self.additional.get(name)
        if found is not None:
            return found.tenant
        names = sorted(one.name for one in self.additional.all())
        known = ", ".join(names[:_MAX_NAMED]) or "none"
        environ[UNKNOWN_TENANT_KEY] = f"There is no tenant {name[:63]!r}. Known: {known}."
        return self._unknown_tenant

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
        environ[UNKNOWN_TENANT_KEY] = (
            f"Host {host} is a custom domain of {owners}. Add the prefix of the tenant to the "
            f"path, such as {PREFIX}{example}/authorize, or change the domain."
        )
        environ[VOUCHED_HOSTS_KEY] = (host,)
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
    return host in tenant.directory.custom_domains
