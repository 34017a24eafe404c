"""Which tenant a request is for: the WSGI layer in front of the one app.

With one tenant it is a pass-through.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from mockidp.tenant.tenant import Tenant

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

TENANT_KEY = "mockidp.tenant"
CA_KEY = "mockidp.ca_pem"
"""Where the PEM text of the certificate authority stands; empty without TLS."""


class Tenants:
    """A WSGI app that puts the tenant into the environment of another."""

    def __init__(self, app: WSGIApplication, tenant: Tenant, *, ca_pem: str = "") -> None:
        self._app = app
        self._ca_pem = ca_pem
        self.tenant = tenant

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        environ[TENANT_KEY] = self.tenant
        environ[CA_KEY] = self._ca_pem
        return self._app(environ, start_response)
