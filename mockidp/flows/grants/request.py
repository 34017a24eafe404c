"""What every grant gets: the tenant, where the request came in, its authenticated client."""

from __future__ import annotations

from dataclasses import dataclass

from mockidp.protocol.parameters import Parameters
from mockidp.resources.client import Client
from mockidp.tenant.tenant import Tenant


@dataclass(frozen=True, kw_only=True, slots=True)
class GrantRequest:
    """A token request whose client is known to be who it says."""

    tenant: Tenant
    base_url: str
    client: Client
    parameters: Parameters
    address: str = ""
    """The IP address that the request came from, or for which a trusted backend sends it."""
