"""The step `consent`: the user allows the client what it requests, which is stored.

Spec: OpenID Connect Core 3.1.2.4.
Auth0: first-party clients need no consent, except for APIs that demand it and for callbacks on
localhost (docs/fidelity.md).
"""

from __future__ import annotations

from mockidp.flows.login.transaction import check_owner, refuse_login, update_login
from mockidp.frozen import replace
from mockidp.protocol.errors.oauth_error import AccessDenied, ConsentRequired
from mockidp.protocol.errors.refusal_texts import CONSENT_REQUIRED
from mockidp.protocol.oauth.response_mode import AuthorizationResponse
from mockidp.protocol.tokens.artifacts import (
    AuthorizationRequest,
    Consent,
    LoginTransaction,
    Session,
)
from mockidp.protocol.urls.origin import is_loopback_url
from mockidp.resources.client import Client
from mockidp.storage.store import update
from mockidp.tenant.tenant import Tenant


def is_pending(tenant: Tenant, client: Client, login: LoginTransaction) -> bool:
    """Return whether the user must consent before the client gets a response.

    Raises:
        ConsentRequired: They must, and the request forbids pages.
    """
    request, reason = login.request, _reason(tenant, client, login.request)
    needed = bool(reason) and _is_new(tenant, login)
    if not reason and "consent" in request.prompt:
        tenant.trace.advise(
            f"Parameter prompt=consent has no effect, because client {client.client_id} is "
            "first-party and the API skips consent."
        )
    with tenant.trace.check("consent", needed=needed, prompt=request.prompt):
        if needed and "none" in request.prompt:
            raise ConsentRequired(
                CONSENT_REQUIRED,
                hint=f"Parameter prompt=none was sent, but the user has not consented. {reason}",
            )
    return needed


def _is_new(tenant: Tenant, login: LoginTransaction) -> bool:
    """Return whether the request needs more than the user has consented to."""
    request = login.request
    if request.authorization_details:
        return not login.has_consented
    key = consent_key(tenant, request.client_id, str(login.user_id), audience=request.audience)
    given = tenant.consents.get(key)
    return (
        "consent" in request.prompt or given is None or not set(request.scope) <= set(given.scope)
    )


def _reason(tenant: Tenant, client: Client, request: AuthorizationRequest) -> str:
    """Explain why the request needs consent; empty if it does not."""
    if request.authorization_details:
        return "Each request with `authorization_details` needs consent."
    if not client.is_first_party:
        return (
            "Third-party clients need consent once "
            f"(`is_first_party` of client {client.client_id} is false)."
        )
    api = tenant.directory.apis.get(request.audience or tenant.default_audience() or "")
    if api is not None and not api.skip_consent_for_verifiable_first_party_clients:
        return (
            f"API {api.identifier} has `skip_consent_for_verifiable_first_party_clients: false`, "
            "so first-party clients need consent once."
        )
    if tenant.settings.consent_on_localhost and is_loopback_url(request.redirect_uri):
        return "Callbacks on localhost need consent once (setting `consent_on_localhost`)."
    return ""


def accept(tenant: Tenant, login: LoginTransaction, session: Session | None) -> None:
    """Store that the user allows the client what it requests, and continue the login.

    Raises:
        InvalidRequest: The browser is not the one that logged in.
    """
    owner = check_owner(tenant, login, session)
    request = login.request
    remember_consent(tenant, owner.user_id, request)
    settled = replace(request, prompt=tuple(p for p in request.prompt if p != "consent"))
    update_login(tenant, login, replace(login, request=settled, has_consented=True))


def decline(tenant: Tenant, login: LoginTransaction) -> AuthorizationResponse:
    """End a login whose user does not consent."""
    error = AccessDenied(
        "User did not authorize the request", hint="The user declined on the consent page."
    )
    tenant.trace.refuse("consent", error, accepted=False)
    return refuse_login(tenant, login, error)


def remember_consent(tenant: Tenant, user_id: str, request: AuthorizationRequest) -> None:
    """Add the scope of a request to what the user has consented to."""
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
    """Return the key of a consent in its store."""
    return "\n".join((client_id, user_id, audience or tenant.default_audience() or ""))
