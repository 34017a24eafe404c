"""Refuse parameters that Auth0 acts on and mockidp does not, or name them in a hint.

Otherwise a test could pass here and fail against Auth0.
"""

from __future__ import annotations

from mockidp.protocol.errors.extension_error import InvalidDpopProof
from mockidp.protocol.errors.oauth_error import InvalidRequest
from mockidp.protocol.oauth.parameters import Parameters
from mockidp.protocol.request_parameters.authorize import AUTHORIZE
from mockidp.protocol.request_parameters.table import (
    ParameterTable,
    hints_for,
    parameters,
    refused_in,
)
from mockidp.protocol.request_parameters.token import TOKEN
from mockidp.protocol.tokens.custom_claim import EXTENSION
from mockidp.tenant.tenant import Tenant

_REQUEST = "request."
"""The start of a custom claim's path that reads a request parameter."""
_STANDARD = ("claims", "id_token_hint")
_OIDC_AUTHORIZE = ParameterTable(
    *(entry for entry in AUTHORIZE if entry.name not in _STANDARD),
    *parameters("supported", "", *_STANDARD),
)
"""The parameters of /authorize with the setting `profile: oidc`."""


def check_authorize_parameters(tenant: Tenant, parameters: Parameters) -> None:
    """Check the parameters of an authorization request that mockidp does not act on.

    Raises:
        InvalidRequest: mockidp does not support a parameter.
    """
    is_standard = tenant.settings.profile == "oidc"
    check_parameters(tenant, _OIDC_AUTHORIZE if is_standard else AUTHORIZE, parameters)
    _check_no_link(tenant, parameters)
    _advise_on_extensions(tenant, parameters)


def _check_no_link(tenant: Tenant, parameters: Parameters) -> None:
    """Check that a request is not for the linking of accounts, which Auth0 has removed."""
    sent = parameters.raw().get("access_token")
    with tenant.trace.check("access_token", is_sent=bool(sent)):
        if sent:
            raise InvalidRequest(
                "Parameter 'access_token' is not supported",
                hint="Auth0 no longer links the login to the account of the access token's user. "
                "Leave out `access_token`.",
            )


def _advise_on_extensions(tenant: Tenant, parameters: Parameters) -> None:
    """Name the parameters of the app's own that no custom claim reads."""
    read = {entry.path for entry in tenant.settings.claims}
    for name in parameters:
        if name.startswith(EXTENSION) and _REQUEST + name not in read:
            tenant.trace.advise(
                f"No custom claim reads parameter `{name}`. Auth0 passes it to Actions. Here, an "
                f"entry of `mockidp.claims` can read it, with `from` set to `request.{name}`."
            )


def check_token_parameters(tenant: Tenant, parameters: Parameters, grant_type: str) -> None:
    """Check the parameters of a token request that mockidp does not act on.

    Raises:
        InvalidRequest: mockidp does not support a parameter.
    """
    check_parameters(tenant, TOKEN, parameters, grant_type)


def check_parameters(
    tenant: Tenant,
    table: ParameterTable,
    parameters: Parameters,
    grant_type: str = "",
) -> None:
    """Refuse parameters that mockidp does not support, and add hints about others.

    Args:
        tenant: The tenant.
        table: The parameters of the endpoint.
        parameters: The parameters that were sent.
        grant_type: The grant type of a token request.

    Raises:
        InvalidRequest: mockidp does not support a parameter.
    """
    sent = parameters.raw()
    refused = refused_in(table, sent, grant_type)
    if refused is not None:
        name = refused.name
        with tenant.trace.check("parameters", refused=name):
            raise InvalidRequest(
                f"Parameter '{name}' is not supported",
                hint=f"{refused.text} Leave out `{name}`, which mockidp does not support yet.",
            )
    for hint in hints_for(table, sent, grant_type):
        tenant.trace.advise(hint)


def check_no_proof(tenant: Tenant, dpop: str | None) -> None:
    """Check that a request does not require tokens that are bound to a key.

    Spec: RFC 9449 5.

    Raises:
        InvalidDpopProof: It has a DPoP header, but its client would get bearer tokens.
    """
    if dpop is None:
        return
    with tenant.trace.check("dpop", is_sent=True):
        raise InvalidDpopProof(
            "DPoP is not supported",
            hint="The request has a DPoP header. Auth0 would bind the tokens to the proof's key, "
            "but mockidp does not support this yet and issues only bearer tokens. Switch DPoP off "
            "in the client.",
        )
