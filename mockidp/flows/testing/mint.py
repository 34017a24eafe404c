"""A token without a flow: for a user, or for a client itself."""

from __future__ import annotations

from dataclasses import dataclass

from mockidp.errors import MockIdPError
from mockidp.flows.audience import UnknownAudience, find_api
from mockidp.flows.issue import Granted, issue_access_token, sign_access_token
from mockidp.protocol.client import Client
from mockidp.protocol.resource_server import ResourceServer
from mockidp.protocol.scope import OPENID, parse_scope
from mockidp.protocol.user import User
from mockidp.tenant.tenant import Tenant


@dataclass(frozen=True, kw_only=True, slots=True)
class MintedToken:
    """An access token; `expires_in` is in seconds."""

    access_token: str
    scope: tuple[str, ...]
    expires_in: int


def mint_access_token(
    tenant: Tenant,
    base_url: str,
    *,
    audience: str | None = None,
    scope: str | None = None,
    user: str | None = None,
    client: str | None = None,
) -> MintedToken:
    """Make an access token, for a user if one is named, else for a client itself.

    No policy is asked: a test may need a token that nobody would get. Without `scope` it has
    all that the API defines. A user may be named by id, the id's last part, or e-mail.

    Raises:
        MockIdPError: No such user, client or API.
    """
    try:
        api = find_api(tenant, base_url, audience)
    except UnknownAudience as error:
        raise MockIdPError(error.hint) from None
    asked = parse_scope(scope) or _default_scope(api)
    by = _client(tenant, client)
    if user is not None:
        granted = Granted(client=by, user=_user(tenant, user), scope=asked, api=api)
        token, lifetime = issue_access_token(tenant, base_url, granted)
    elif api is not None:
        lifetime = api.token_lifetime
        token = sign_access_token(
            tenant,
            base_url,
            client=by,
            subject=f"{by.client_id}@clients",
            api=api,
            scope=asked,
            gty=("client-credentials",),
            permissions=asked,
            lifetime=lifetime,
        )
    else:
        raise MockIdPError(
            "a token needs an audience, or a user: without an audience it is an opaque token for "
            "/userinfo, and a client has no profile"
        )
    return MintedToken(access_token=token, scope=asked, expires_in=lifetime)


def _default_scope(api: ResourceServer | None) -> tuple[str, ...]:
    return (OPENID, "profile", "email") if api is None else api.scope_values


def _user(tenant: Tenant, name: str) -> User:
    user = tenant.directory.name_user(name)
    if user is None:
        known = ", ".join(tenant.directory.users) or "none"
        raise MockIdPError(f"no user {name!r}; there are: {known}")
    return user


def _client(tenant: Tenant, client_id: str | None) -> Client:
    clients = tenant.directory.clients
    if client_id is None:
        ordinary = [client for client in clients.values() if not client.is_global]
        return next(iter(ordinary), Client(client_id="mockidp"))
    client = tenant.directory.client(client_id)
    if client is None:
        raise MockIdPError(f"no client {client_id!r}; there are: {', '.join(clients) or 'none'}")
    return client
