"""The parameter `federated` of a logout, which SDKs send without a value."""

from __future__ import annotations

from mockidp.protocol.oauth.parameters import Parameters
from mockidp.protocol.request_parameters.logout import FEDERATED
from mockidp.tenant.tenant import Tenant


def advise_on_federated(tenant: Tenant, parameters: Parameters) -> None:
    """Advise that `federated` without a value has no effect here."""
    if parameters.raw().get(FEDERATED.name) == "":
        tenant.trace.advise(f"Parameter `{FEDERATED.name}` was ignored. {FEDERATED.text}")
