"""The test method `impersonation_link`: a link without a Management API token."""

from __future__ import annotations

from mockidp.errors import MockIdPError
from mockidp.flows.impersonation.request import make_link
from mockidp.frozen import frozen
from mockidp.protocol.errors.refusal import ApiRefusal
from mockidp.protocol.impersonation.link_request import parse_impersonation_request
from mockidp.protocol.urls.rules import first_url
from mockidp.tenant.tenant import Tenant
from mockidp.testing.method import Method, Target, answer, parameters
from mockidp.testing.named import named_user


@frozen
class NewLink:
    """The parameters of `impersonation_link`. Users are named by id, its last part, or e-mail."""

    user: str
    """The user to impersonate."""
    impersonator: str | None = None
    """The admin; by default the user called admin, else any other than `user`."""
    client: str | None = None
    """The client whose callback the link leads to; by default the first with a callback."""
    state: str | None = None
    """Returned to the callback. Without it, opening the link answers `Bad mac`."""
    callback_url: str | None = None
    """One of the client's callbacks; by default its first."""
    response_type: str | None = None
    """`code`, `token` or `token id_token`; by default `code`."""
    response_mode: str | None = None
    """`form_post`, or nothing."""
    scope: str | None = None
    """By default `openid`."""
    audience: str | None = None
    """Used if the setting `impersonation.honour_audience` is true."""
    ttl: int | None = None
    """The lifetime in seconds; by default the setting `impersonation.ttl`."""
    url: str | None = None
    """The tenant's URL at which the link is valid; by default the setting `browser_url`, else
    `issuer`, else the URL of the call."""


@frozen
class Link:
    """A link that logs an admin in as a user."""

    url: str
    user: str
    impersonator: str
    client: str
    callback_url: str
    expires_at: int
    """Seconds since 1970, by the tenant's clock."""


def _impersonation_link(target: Target, request: NewLink) -> Link:
    """Create a link that logs an admin in as a user."""
    tenant = target.tenant
    if request.response_mode not in (None, "form_post"):
        raise MockIdPError(
            f"Parameter `response_mode` is {request.response_mode!r}. Set it to 'form_post', or "
            "leave it out for a redirect."
        )
    user_id = named_user(tenant, request.user).user_id
    body = {
        "protocol": "oauth2",
        "impersonator_id": _impersonator(tenant, user_id, request.impersonator),
        "client_id": request.client or _first_client(tenant),
        "ttl": request.ttl,
        "additionalParameters": {
            "state": request.state,
            "callback_url": request.callback_url,
            "response_type": request.response_type,
            "response_mode": request.response_mode,
            "scope": request.scope,
            "audience": request.audience,
        },
    }
    base_url = request.url or tenant.browser_url(target.url)
    try:
        link = make_link(tenant, base_url, user_id, parse_impersonation_request(body))
    except ApiRefusal as error:
        raise MockIdPError(f"{error.message.rstrip('.')}. {error.hint}") from None
    if link.state is None and tenant.settings.impersonation.require_state:
        tenant.trace.advise("The link has no state, so opening it answers `Bad mac`. Send `state`.")
    return Link(
        url=link.url,
        user=link.user_id,
        impersonator=link.impersonated_by.user_id,
        client=link.client_id,
        callback_url=link.callback_url,
        expires_at=int(link.expires_at),
    )


def _impersonator(tenant: Tenant, user_id: str, name: str | None) -> str:
    if name is not None:
        return named_user(tenant, name).user_id
    admin = tenant.directory.user_named("admin")
    if admin is not None:
        return admin.user_id
    return next((one for one in tenant.directory.users if one != user_id), user_id)


def _first_client(tenant: Tenant) -> str:
    for client in tenant.directory.clients.values():
        if first_url(client.callbacks) is not None:
            return client.client_id
    raise MockIdPError(
        "No client of this tenant has a callback. Name a client and a `callback_url`, or add "
        "callbacks to a client."
    )


IMPERSONATION_LINK = Method(
    name="impersonation_link",
    http="POST /impersonation-links",
    function=_impersonation_link,
    parameters=parameters(NewLink),
    answer=answer(Link),
)
