"""Take a pushed authorization request, which is answered once.

Spec: RFC 9126.
Auth0: `docs/fidelity.md`, "/oauth/par".
"""

from __future__ import annotations

from mockidp.flows.hints.timestamps import clock_time
from mockidp.protocol.errors.extension_error import InvalidRequestUri, RequestUriNotSupported
from mockidp.protocol.errors.oauth_error import InvalidRequest
from mockidp.protocol.oauth.parameters import Parameters
from mockidp.protocol.oauth.request_object import REQUEST_URI
from mockidp.protocol.tokens.artifacts import PushedRequest
from mockidp.resources.client import Client
from mockidp.tenant.tenant import Tenant
from mockidp.tenant.trace import cut

PUSH_REQUIRED = "Pushed authorization requests are required"
URN = "urn:ietf:params:oauth:request_uri:"
_IN_AUTHORIZE = ("client_id", REQUEST_URI)


def take_pushed_request(tenant: Tenant, client: Client, parameters: Parameters) -> PushedRequest:
    """Return the request that `request_uri` refers to, once.

    Raises:
        OAuthError: Nothing was pushed under it, or it was used or expired.
    """
    uri = parameters.require(REQUEST_URI)
    with tenant.trace.check("request_uri", sent=cut(uri.removeprefix(URN))):
        if not uri.startswith(URN):
            raise RequestUriNotSupported(
                "Parameter 'request_uri' is not supported",
                hint=f"Parameter `request_uri` is {uri[:100]!r}. Auth0 reads no request objects "
                f"from URLs. Push the request to /oauth/par and send the {URN} URI it returns.",
            )
        key = uri.removeprefix(URN)
        entry = tenant.pushed_requests.history(key)
        if entry is None:
            raise _invalid("Nothing was pushed under it, or it was pushed before a reset.")
        if entry.value.client_id != client.client_id:
            raise _invalid(
                f"Client {entry.value.client_id} pushed it, but client {client.client_id} sent it."
            )
        if tenant.pushed_requests.take(key) is None:
            raise _invalid(
                f"It was used at {clock_time(entry.taken_at)}, and can be used only once."
                if entry.taken_at is not None
                else f"It expired at {clock_time(entry.expires_at)}, {client.par_request_expiry} "
                "seconds after it was pushed."
            )
    ignored = [name for name in parameters.raw() if name not in _IN_AUTHORIZE]
    if ignored:
        tenant.trace.advise(
            f"Parameters next to `request_uri` were not read: {', '.join(ignored)}. Push them with "
            "the others."
        )
    return entry.value


def check_was_pushed(tenant: Tenant, client: Client, *, is_pushed: bool) -> None:
    """Check that the request was pushed if the client or the tenant requires it.

    Raises:
        InvalidRequest: It was not.
    """
    of_client = client.require_pushed_authorization_requests
    of_tenant = tenant.directory.configuration.tenant.flags.require_pushed_authorization_requests
    with tenant.trace.check(
        "pushed_request", client=of_client, tenant=of_tenant, is_pushed=is_pushed
    ):
        if (of_client or of_tenant) and not is_pushed:
            whose = f"client {client.client_id}" if of_client else "the tenant's flags"
            raise InvalidRequest(
                PUSH_REQUIRED,
                hint=f"Field `require_pushed_authorization_requests` of {whose} is true. Send the "
                "parameters to /oauth/par first, and the `request_uri` that it returns here.",
            )


def _invalid(hint: str) -> InvalidRequestUri:
    return InvalidRequestUri(
        "Invalid or expired request_uri", hint=f"The `request_uri` was refused. {hint}"
    )
