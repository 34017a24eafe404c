"""Mint tokens without a login, for a user or a client, valid or deliberately wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from mockidp.errors import MockIdPError
from mockidp.faults import Fault
from mockidp.flows.tokens.access_token import issue_access_token, sign_access_token
from mockidp.flows.tokens.granted import Granted
from mockidp.flows.tokens.id_token import issue_id_token
from mockidp.frozen import frozen, replace
from mockidp.protocol.errors.oauth_error import AccessDenied
from mockidp.protocol.oauth.scope import OPENID, parse_scope
from mockidp.resources.client import Client
from mockidp.resources.organization import Organization
from mockidp.resources.resource_server import ResourceServer
from mockidp.resources.user import User
from mockidp.tenant.config.fault import parse_fault
from mockidp.tenant.content.try_client import TEST_CLIENT_ID
from mockidp.tenant.tenant import Tenant
from mockidp.testing.audiences import Audiences, check_scope
from mockidp.testing.named import named_client, named_organization, named_user

DEFAULT_SCOPE = (OPENID, "profile", "email")
_NO_EFFECT: tuple[object, ...] = (None, False, (), [], {})
"""The values of a word that have no effect."""


@frozen
class MintedToken:
    """An access token; `expires_in` is in seconds."""

    access_token: str
    scope: tuple[str, ...]
    expires_in: int


@contextmanager
def _refusals_as_errors() -> Iterator[None]:
    """Raise a refusal as an error of the test."""
    try:
        yield
    except AccessDenied as refused:
        raise MockIdPError(refused.hint) from None


@_refusals_as_errors()
def mint_access_token(
    tenant: Tenant,
    base_url: str,
    *,
    audience: str | Sequence[str] | None = None,
    scope: str | None = None,
    user: str | None = None,
    client: str | None = None,
    organization: str | None = None,
    expires_in: int | None = None,
    fault: Fault | None = None,
) -> MintedToken:
    """Mint an access token for a user or, without a user, for the client itself.

    All policies are skipped, because a test may need a token that no real client could get. By
    default, the token has all scopes that its APIs define. Of several audiences, the first API
    decides lifetime and format. A user is named by id, the id's last part, or e-mail.

    Raises:
        MockIdPError: There is no such user, client, organization, API or scope, an opaque token
            cannot be wrong as requested, or the custom claims are too large for a token.
    """
    audiences = Audiences.find(tenant, base_url, audience, lifetime=expires_in)
    api = audiences.first
    default_scopes = DEFAULT_SCOPE if api is None else audiences.scope_values
    scopes = default_scopes if scope is None else parse_scope(scope)
    found_client = _client(tenant, client)
    found_user = None if user is None else named_user(tenant, user)
    found_organization = named_organization(tenant, organization)
    if api is None:
        _check_opaque(found_user, expires_in=expires_in, fault=fault)
    check_scope(tenant, audiences, scopes, found_user)
    fault = audiences.set_claim(tenant.urls.own_issuer(base_url), scopes, fault)
    if found_user is not None:
        granted = Granted(
            client=found_client,
            user=found_user,
            scope=scopes,
            api=api,
            organization=found_organization,
        )
        with tenant.injection.flaw(fault):
            token, lifetime = issue_access_token(tenant, base_url, granted)
        return MintedToken(access_token=token, scope=scopes, expires_in=lifetime)
    api = audiences.apis[0]
    with tenant.injection.flaw(fault):
        token = _machine_token(
            tenant,
            base_url,
            client=found_client,
            api=api,
            scope=scopes,
            organization=found_organization,
        )
    return MintedToken(access_token=token, scope=scopes, expires_in=api.token_lifetime)


def _check_opaque(user: User | None, *, expires_in: int | None, fault: Fault | None) -> None:
    """Check the parameters of an opaque token.

    Raises:
        MockIdPError: There is no user, or a parameter needs a token with claims.
    """
    if user is None:
        raise MockIdPError(
            "A token needs an audience or a user. Without an audience it is an opaque token for "
            "/userinfo, and a client has no profile."
        )
    if expires_in is not None or fault is not None:
        raise MockIdPError(
            "A token without an audience is opaque, so it has no claims to set or to make wrong. "
            "Name the audience of an API."
        )


def _machine_token(
    tenant: Tenant,
    base_url: str,
    *,
    client: Client,
    api: ResourceServer,
    scope: tuple[str, ...],
    organization: Organization | None,
) -> str:
    return sign_access_token(
        tenant,
        base_url,
        client=client,
        subject=f"{client.client_id}@clients",
        api=api,
        scope=scope,
        gty=("client-credentials",),
        permissions=scope,
        lifetime=api.token_lifetime,
        request={},
        organization=organization,
    )


@_refusals_as_errors()
def mint_id_token(
    tenant: Tenant,
    base_url: str,
    *,
    user: str,
    client: str | None = None,
    nonce: str | None = None,
    scope: str | None = None,
    organization: str | None = None,
    expires_in: int | None = None,
    fault: Fault | None = None,
) -> str:
    """Mint an ID token about a user, by default for the first client.

    Raises:
        MockIdPError: There is no such user, client or organization, or the custom claims are too
            large for a token.
    """
    found_client = _client(tenant, client)
    if expires_in is not None:
        jwt = replace(found_client.jwt_configuration, lifetime_in_seconds=expires_in)
        found_client = replace(found_client, jwt_configuration=jwt)
    granted = Granted(
        client=found_client,
        user=named_user(tenant, user),
        scope=DEFAULT_SCOPE if scope is None else parse_scope(scope),
        api=None,
        nonce=nonce,
        organization=named_organization(tenant, organization),
    )
    with tenant.injection.flaw(fault):
        return issue_id_token(tenant, base_url, granted)


def token_fault(
    endpoint: str, claims: Mapping[str, Any] | None, words: Mapping[str, Any]
) -> Fault | None:
    """Return the flaws of a token as a fault, or None.

    Raises:
        ConfigError: A word is unknown, has a wrong value, or contradicts another.
    """
    given = {"set": claims, **words}
    flaws = {name: value for name, value in given.items() if value not in _NO_EFFECT}
    return parse_fault({"endpoint": endpoint, **flaws}, source=endpoint) if flaws else None


def _client(tenant: Tenant, client_id: str | None) -> Client:
    if client_id is not None:
        return named_client(tenant, client_id)
    clients = tenant.directory.clients.values()
    apps = (one for one in clients if not one.is_global and one.client_id != TEST_CLIENT_ID)
    return next(apps, Client(client_id="mockidp"))
