"""Consent of a user to a client: requested once, remembered, withdrawn.

Spec: OpenID Connect Core 3.1.2.4.
Auth0: a tenant's own clients need no consent, except for an API that says so and for callbacks on
localhost (docs/fidelity.md).
"""

from __future__ import annotations

from mockidp.protocol.artifacts import AuthorizationRequest, Consent
from mockidp.protocol.origin import is_loopback_url
from mockidp.resources.client import Client
from mockidp.storage.store import update
from mockidp.tenant.tenant import Tenant


def needs_consent(
    tenant: Tenant, client: Client, user_id: str, request: AuthorizationRequest
) -> bool:
    """Return whether the user must consent before the client gets an answer."""
    if not consent_reason(tenant, client, request):
        if "consent" in request.prompt:
            tenant.trace.advise(
                f"prompt=consent has no effect: client {client.client_id} is a first party, and "
                "the API skips consent"
            )
        return False
    key = consent_key(tenant, client.client_id, user_id, audience=request.audience)
    given = tenant.consents.get(key)
    return (
        "consent" in request.prompt or given is None or not set(request.scope) <= set(given.scope)
    )


def consent_reason(tenant: Tenant, client: Client, request: AuthorizationRequest) -> str:
    """Say why the request needs consent; empty if it does not."""
    if not client.is_first_party:
        return f"third-party clients need it once (is_first_party of {client.client_id} is false)"
    api = tenant.directory.apis.get(request.audience or tenant.default_audience() or "")
    if api is not None and not api.skip_consent_for_verifiable_first_party_clients:
        return (
            f"API {api.identifier} has skip_consent_for_verifiable_first_party_clients: false, so "
            "first-party clients need it once"
        )
    if tenant.settings.consent_on_localhost and is_loopback_url(request.redirect_uri):
        return "callbacks on localhost need it once (setting consent_on_localhost)"
    return ""


def remember_consent(tenant: Tenant, user_id: str, request: AuthorizationRequest) -> None:
    """Remember that a user consented to a request, in addition to earlier consents."""
    client_id, audience = request.client_id, request.audience or tenant.default_audience() or ""

    def add(given: Consent | None) -> Consent:
        scope = (*(given.scope if given else ()), *request.scope)
        return Consent(
            client_id=client_id,
            user_id=user_id,
            audience=audience,
            scope=tuple(dict.fromkeys(scope)),
        )

    update(tenant.consents, consent_key(tenant, client_id, user_id, audience=audience), add)


def consent_key(tenant: Tenant, client_id: str, user_id: str, *, audience: str | None) -> str:
    """Return the name under which a consent is remembered."""
    return "\n".join((client_id, user_id, audience or tenant.default_audience() or ""))
