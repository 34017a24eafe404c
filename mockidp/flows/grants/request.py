"""A token request as the grants get it."""

from __future__ import annotations

from mockidp.frozen import frozen
from mockidp.protocol.clients.certificate import ClientCertificate
from mockidp.protocol.oauth.parameters import Parameters
from mockidp.resources.client import Client
from mockidp.tenant.tenant import Tenant


@frozen
class GrantRequest:
    """A token request of an authenticated client."""

    tenant: Tenant
    base_url: str
    client: Client
    parameters: Parameters
    certificate: ClientCertificate | None = None
    """The client certificate that came with it."""
    address: str = ""
    """The IP address of the sender, or that of the user for whom a trusted backend sends it."""
