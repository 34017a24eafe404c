"""Authenticate the client of a request, by its secret, an assertion or its TLS certificate.

Spec: RFC 6749 2.3 and 5.2; RFC 7523 2.2; RFC 8705 2.
Auth0: wrong credentials are `invalid_client` at /oauth/par and /oauth/revoke, and `access_denied`
at /oauth/token (docs/fidelity.md), unless the setting `profile` is `oidc`.
"""

from __future__ import annotations

from mockidp.flows.clients.assertion import authenticate_by_assertion
from mockidp.flows.clients.mutual_tls import (
    NOTHING,
    PresentedCertificate,
    authenticate_by_certificate,
)
from mockidp.flows.hints.clients import (
    hint_for_secret,
    hint_for_unknown_client,
    is_right_undecoded,
)
from mockidp.protocol.clients.authentication import (
    BASIC_CHALLENGE,
    ClientCredentials,
    parse_client_credentials,
    secret_mismatch,
    unknown_client,
    wrong_secret,
)
from mockidp.protocol.errors.oauth_error import AccessDenied, InvalidClient
from mockidp.protocol.oauth.grant_types import DEVICE_CODE
from mockidp.protocol.oauth.parameters import Parameters
from mockidp.resources.client import Client
from mockidp.tenant.tenant import Tenant


def authenticate_client(
    tenant: Tenant,
    base_url: str,
    parameters: Parameters,
    authorization: str | None,
    presented: PresentedCertificate = NOTHING,
) -> Client:
    """Return the client of a request, which is authenticated by its credentials.

    Args:
        tenant: The tenant.
        base_url: The URL of the tenant at which the request came in.
        parameters: The parameters of the body.
        authorization: The header Authorization.
        presented: The client certificate of the request.

    Raises:
        OAuthError: The credentials are missing, sent twice or wrong.
    """
    check = tenant.trace.check
    with check("client_authentication", has_header=authorization is not None):
        credentials = _choose_encoding(tenant, parse_client_credentials(parameters, authorization))
    secret, client = credentials.client_secret, identify_client(tenant, credentials)
    if credentials.assertion is not None:
        authenticate_by_assertion(tenant, base_url, client, credentials.assertion)
        return client
    if client.mutual_tls:
        authenticate_by_certificate(tenant, client, presented)
        return client
    with check(
        "client_secret",
        is_sent=secret is not None,
        method=client.token_endpoint_auth_method or "client_secret_post",
    ):
        if secret is None and parameters.raw().get("grant_type") == DEVICE_CODE:
            return client  # a device cannot keep the secret that its client has elsewhere
        if mismatch := secret_mismatch(client, credentials):
            hint = hint_for_secret(tenant.directory, client, credentials, authorization)
            raise wrong_secret(mismatch, hint)
    return client


def authenticate_client_by_standard(
    tenant: Tenant,
    base_url: str,
    parameters: Parameters,
    authorization: str | None,
    presented: PresentedCertificate = NOTHING,
) -> Client:
    """Return the client of a request. Wrong credentials are `invalid_client` (RFC 6749 5.2).

    Raises:
        OAuthError: The credentials are missing, sent twice or wrong.
    """
    try:
        return authenticate_client(tenant, base_url, parameters, authorization, presented)
    except AccessDenied as error:
        refused = InvalidClient(error.description, hint=error.hint)
        if authorization is not None and tenant.settings.profile == "oidc":
            refused.challenge = BASIC_CHALLENGE
        raise refused from None


def identify_client(tenant: Tenant, credentials: ClientCredentials) -> Client:
    """Return the client that credentials name.

    Raises:
        AccessDenied: The client is unknown.
    """
    client_id = credentials.client_id
    tenant.trace.note(client=client_id)
    with tenant.trace.check("client_id", sent=client_id):
        client = tenant.directory.client(client_id)
        if client is None:
            hint = hint_for_unknown_client(tenant.directory, client_id, credentials)
            raise unknown_client(client_id, hint)
    return client


def _choose_encoding(tenant: Tenant, credentials: ClientCredentials) -> ClientCredentials:
    """Return the credentials without form decoding if a setting allows it and they are right."""
    undecoded = credentials.undecoded
    if undecoded is None or not tenant.settings.accept_raw_basic_credentials:
        return credentials
    return undecoded if is_right_undecoded(tenant.directory, credentials) else credentials
