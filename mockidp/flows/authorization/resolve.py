"""Find the parameters of an authorization request: sent, pushed (PAR) or in a signed JWT (JAR)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mockidp.flows.authorization.pushed_request import URN, take_pushed_request
from mockidp.flows.authorization.request_object import read_request_object
from mockidp.frozen import frozen, replace
from mockidp.protocol.oauth.parameters import Parameters
from mockidp.protocol.oauth.request_object import REQUEST, REQUEST_URI, parameters_of
from mockidp.protocol.tokens.jwt import InvalidJwt, decode
from mockidp.resources.client import Client
from mockidp.tenant.tenant import Tenant


@frozen
class ResolvedRequest:
    """The parameters of a request, and how they came in."""

    parameters: Parameters
    is_pushed: bool = False
    is_signed: bool = False

    @property
    def wrapped_in(self) -> str:
        """The parameter that had the others; empty for none."""
        return REQUEST_URI if self.is_pushed else REQUEST if self.is_signed else ""

    def pushed(self) -> ResolvedRequest:
        """Return the request as /authorize will find it after it was pushed."""
        return replace(self, is_pushed=True)


def resolve_request(
    tenant: Tenant, base_url: str, client: Client, parameters: Parameters
) -> ResolvedRequest:
    """Return the parameters of a request to /authorize.

    Raises:
        OAuthError: The `request_uri` or the request object is refused. It is then unknown where
            the response would be sent, so the error is shown on a page.
    """
    if parameters.get(REQUEST_URI) is None:
        return read_signed(tenant, base_url, client, parameters)
    taken = take_pushed_request(tenant, client, parameters)
    return ResolvedRequest(
        parameters=Parameters(taken.parameters), is_pushed=True, is_signed=taken.is_signed
    )


def peek_parameters(tenant: Tenant, sent: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the parameters that a request will probably have, before it is checked.

    Nothing is used up or verified. A request that will be refused may keep its own parameters.
    """
    uri = sent.get(REQUEST_URI)
    if isinstance(uri, str):
        entry = tenant.pushed_requests.history(uri.removeprefix(URN))
        return entry.value.parameters if entry else sent
    try:
        _, claims = decode(str(sent.get(REQUEST)))
    except InvalidJwt:
        return sent
    inside = parameters_of(claims).raw()
    return {**sent, **inside} if tenant.settings.profile == "oidc" else inside


def read_signed(
    tenant: Tenant, base_url: str, client: Client, parameters: Parameters
) -> ResolvedRequest:
    """Return the parameters in the request object of a request, or else its own.

    Raises:
        InvalidRequestObject: The request object is refused.
    """
    if parameters.get(REQUEST) is None:
        return ResolvedRequest(parameters=parameters)
    read, is_signed = read_request_object(tenant, base_url, client, parameters)
    return ResolvedRequest(parameters=read, is_signed=is_signed)
