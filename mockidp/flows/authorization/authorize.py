"""An authorization request: refused, answered at once from a session, or sent to the login page.

Spec: RFC 6749 4.1.1 to 4.1.2.1; OpenID Connect Core 3.1.2.
Auth0: what is wrong with client or callback is shown on a page; the rest goes to the callback.
"""

from __future__ import annotations

from dataclasses import dataclass

from mockidp.flows.audience import check_user_access, find_api, granted_scope
from mockidp.flows.authorization.reply_to import known_client, read_reply_to
from mockidp.flows.authorization.request import read_authorization_request
from mockidp.flows.authorization.response import (
    error_response,
    make_authorization_response,
    reply_to_request,
)
from mockidp.flows.consent import consent_reason, needs_consent
from mockidp.flows.hints.scopes import advise_on_scope
from mockidp.flows.login.blocked import blocked_at_callback
from mockidp.flows.login.connection import check_connection
from mockidp.flows.login.prepared_sign_in import answer_sign_in
from mockidp.flows.request_parameters import check_authorize_parameters
from mockidp.flows.tokens.issue import Granted
from mockidp.protocol.artifacts import (
    AuthorizationCode,
    AuthorizationRequest,
    LoginTransaction,
    Session,
)
from mockidp.protocol.legacy_pipeline import is_legacy, profile_attributes, with_id_token
from mockidp.protocol.oauth_error import (
    ConsentRequired,
    InvalidRequest,
    LoginRequired,
    OAuthError,
)
from mockidp.protocol.parameters import Parameters
from mockidp.protocol.refusal_texts import CONSENT_REQUIRED, LOGIN_REQUIRED
from mockidp.protocol.response_mode import AuthorizationResponse, ResponseMode
from mockidp.protocol.response_type import CODE
from mockidp.resources.client import Client
from mockidp.resources.user import User
from mockidp.tenant.tenant import Tenant


@dataclass(frozen=True, kw_only=True, slots=True)
class LoginNeeded:
    """The person has to be asked: `state` names the login that waits."""

    state: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SignedIn:
    """A test has said who signs in: the answer, and the browser's new session."""

    response: AuthorizationResponse
    session: Session


def authorize(
    tenant: Tenant, base_url: str, parameters: Parameters, *, session: Session | None
) -> AuthorizationResponse | LoginNeeded | SignedIn:
    """Answer an authorization request.

    Raises:
        OAuthError: Client or redirect URI are no good; to be shown, never to be redirected.
    """
    client = known_client(tenant, base_url, parameters)
    reply_to = read_reply_to(tenant, client, parameters)
    try:
        request = read_authorization_request(tenant, parameters, client, reply_to)
        check_authorize_parameters(tenant, client, parameters)
        check_connection(tenant, client, request.connection)
        api = find_api(tenant, base_url, request.audience)
        check_user_access(tenant, client, api)
        advise_on_scope(tenant, client, api, request.scope)
        signed_in = answer_sign_in(tenant, request)
        if signed_in is not None:
            response = make_response(tenant, base_url, request, signed_in)
            return SignedIn(response=response, session=signed_in)
        usable = _usable_session(tenant, client, session, request)
        if usable and not _waits_for_consent(tenant, client, usable, request):
            return make_response(tenant, base_url, request, usable)
    except OAuthError as error:
        # Where no check has failed, a parameter was not a text.
        tenant.trace.refuse("request", error)
        return error_response(error, reply_to)
    return _begin_login(tenant, request, usable)


def refuse_authorization(
    tenant: Tenant, base_url: str, parameters: Parameters, error: OAuthError
) -> AuthorizationResponse:
    """Return an error on its way to the client, for a request that is not looked at further.

    Raises:
        OAuthError: Client or redirect URI are no good; to be shown, never to be redirected.
    """
    client = known_client(tenant, base_url, parameters)
    return error_response(error, read_reply_to(tenant, client, parameters))


def make_response(
    tenant: Tenant, base_url: str, request: AuthorizationRequest, session: Session
) -> AuthorizationResponse:
    """Return what the session entitles the client to, on its way to the client.

    Raises:
        OAuthError: The user is blocked, or the answer would be too large.
    """
    client, user = _find_both(tenant, request, session)
    api = find_api(tenant, base_url, request.audience)
    legacy, response_type = is_legacy(client, api), request.response_type
    if response_type != CODE:
        challenge = request.challenge
        tenant.trace.note(
            nonce=request.nonce is not None, pkce=challenge.method if challenge else None
        )
    scope = granted_scope(
        tenant,
        client=client,
        user=user,
        api=api,
        requested=request.scope,
        attributes=profile_attributes(user, None) if legacy else (),
    )
    with_auth_time = request.max_age is not None or "login" in request.prompt
    auth_time = session.auth_time if with_auth_time else None
    code = AuthorizationCode(
        client_id=client.client_id,
        user_id=user.user_id,
        redirect_uri=request.redirect_uri,
        redirect_uri_sent=request.redirect_uri_sent,
        scope=scope,
        requested_scope=request.scope,
        audience=request.audience,
        nonce=request.nonce,
        challenge=request.challenge,
        sid=session.sid,
        auth_time=auth_time,
        request=request.readable,
    )
    granted = Granted(
        client=client,
        user=user,
        scope=scope,
        api=api,
        nonce=request.nonce,
        sid=session.sid,
        auth_time=auth_time,
        front_channel=True,
        request=request.readable,
    )
    return make_authorization_response(
        tenant,
        base_url,
        response_type=with_id_token(response_type) if legacy else response_type,
        reply_to=reply_to_request(request),
        granted=granted,
        code=code,
    )


def _usable_session(
    tenant: Tenant, client: Client, session: Session | None, request: AuthorizationRequest
) -> Session | None:
    """Return the session if it answers this request without asking the person again.

    Raises:
        LoginRequired: It does not, and nobody may be asked.
    """
    usable = session if session and _serves(tenant, client, session, request) else None
    with tenant.trace.check(
        "session", came=session is not None, usable=usable is not None, prompt=request.prompt
    ):
        if usable is None and "none" in request.prompt:
            raise _login_required(session, request.response_mode)
    return usable


def _login_required(session: Session | None, mode: ResponseMode) -> LoginRequired:
    why = (
        "the session is too old, or it belongs to another connection than the requested one or to "
        "one that is not enabled for the client"
    )
    if session is None:
        why = "no session cookie came with the request, or its session has ended"
        if mode == "web_message":
            why += "; browsers that block third-party cookies send none from an iframe"
    return LoginRequired(LOGIN_REQUIRED, hint=f"prompt=none, and {why}")


def _serves(
    tenant: Tenant, client: Client, session: Session, request: AuthorizationRequest
) -> bool:
    user = tenant.directory.user(session.user_id)
    if user is None or {"login", "select_account"} & set(request.prompt):
        return False
    if request.connection not in (None, user.connection):
        return False
    if user.connection not in tenant.directory.connections_for(client):
        return False
    return request.max_age is None or tenant.now() - session.auth_time <= request.max_age


def _waits_for_consent(
    tenant: Tenant, client: Client, session: Session, request: AuthorizationRequest
) -> bool:
    """Return whether the person has to consent first.

    Raises:
        ConsentRequired: They do, and nobody may be asked.
    """
    tenant.trace.note(user=session.user_id)
    needed = needs_consent(tenant, client, session.user_id, request)
    with tenant.trace.check("consent", needed=needed, prompt=request.prompt):
        if needed and "none" in request.prompt:
            raise ConsentRequired(
                CONSENT_REQUIRED,
                hint="prompt=none, and the user has not consented: "
                + consent_reason(tenant, client, request),
            )
    return needed


def _find_both(
    tenant: Tenant, request: AuthorizationRequest, session: Session
) -> tuple[Client, User]:
    """Return client and user, who may have been removed while a page was open."""
    tenant.trace.note(user=session.user_id)
    client = tenant.directory.client(request.client_id)
    user = tenant.directory.user(session.user_id)
    with tenant.trace.check("user", user=session.user_id, blocked=bool(user and user.blocked)):
        if client is None or user is None:
            raise InvalidRequest(
                f"Unknown client: {request.client_id}", hint="client or user were removed meanwhile"
            )
        if user.blocked:
            raise blocked_at_callback(f"user {user.user_id} has blocked: true")
    return client, user


def _begin_login(
    tenant: Tenant, request: AuthorizationRequest, usable: Session | None
) -> LoginNeeded:
    state = tenant.ids.opaque_id()
    tenant.logins.put(
        state,
        LoginTransaction(state=state, request=request, session_id=usable.id if usable else None),
        expires_at=tenant.now() + tenant.settings.login_lifetime,
    )
    return LoginNeeded(state=state)
