"""A token request as the grants get it."""

from __future__ import annotations

from dataclasses import dataclass

from mockidp.protocol.parameters import Parameters
from mockidp.resources.client import Client
from mockidp.tenant.tenant import Tenant


@dataclass(frozen=True, kw_only=True, slots=True)
class GrantRequest:
    """A token request of an authenticated client."""

    tenant: Tenant
    base_url: str
    client: Client
    parameters: Parameters
    address: str = ""
    """The IP address of the sender, or that of the user for whom a trusted backend sends it."""
