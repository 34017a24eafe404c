"""The facts of a request before it is handled: its client, user, audience and grant.

Nothing is used up, and nothing is refused. Unknown facts are None.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable, Mapping
from dataclasses import field
from typing import Any
from urllib.parse import unquote, unquote_plus

from mockidp.faults import FaultContext
from mockidp.flows.authorization.resolve import peek_parameters
from mockidp.flows.exchange.subject_token import peek_user
from mockidp.frozen import frozen
from mockidp.protocol.impersonation.bewit import BewitError, read_bewit, split_target
from mockidp.protocol.oauth.device_code import DeviceAuthorization
from mockidp.protocol.oauth.grant_types import DEVICE_CODE, TOKEN_EXCHANGE, TOKEN_VAULT
from mockidp.protocol.tokens.artifacts import LoginTransaction
from mockidp.protocol.tokens.jwt import InvalidJwt, decode
from mockidp.tenant.directory import MANAGEMENT_PATH
from mockidp.tenant.tenant import Tenant

Facts = dict[str, str | None]


@frozen
class RequestFacts:
    """A request as it was sent."""

    endpoint: str
    method: str
    base_url: str
    target: str
    """Path and query as sent."""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    authorization: str | None = None
    session_id: str | None = None

    def get(self, name: str) -> str | None:
        """Return a parameter if it is a non-empty string."""
        value = self.parameters.get(name)
        return value if isinstance(value, str) and value else None

    def credentials(self, scheme: str) -> str:
        """Return the credentials of the Authorization header for a scheme."""
        sent, _, rest = (self.authorization or "").partition(" ")
        return rest.strip() if sent.lower() == scheme else ""


def describe_request(tenant: Tenant, request: RequestFacts) -> FaultContext:
    """Return the facts of a request that faults can match."""
    facts: Facts = {"client": request.get("client_id") or _basic_client(request)}
    lookup = _LOOKUPS.get(request.endpoint)
    found = lookup(tenant, request) if lookup else {}
    facts |= {name: value for name, value in found.items() if value is not None}
    return FaultContext(
        endpoint=request.endpoint,
        method=request.method,
        url=request.base_url + request.target.partition("?")[0],
        parameters=request.parameters,
        **facts,
    )


def _basic_client(request: RequestFacts) -> str | None:
    try:
        decoded = b64decode(request.credentials("basic")).decode()
    except ValueError:
        return None
    return unquote_plus(decoded.partition(":")[0]) or None


def _at_token(tenant: Tenant, request: RequestFacts) -> Facts:
    grant, audience = request.get("grant_type"), request.get("audience")
    facts: Facts = {"grant": grant, "audience": audience or tenant.default_audience()}
    code = tenant.codes.history(request.get("code") or "")
    if grant == "authorization_code" and code is not None:
        audience = code.value.audience or tenant.default_audience()
        return facts | {"user": code.value.user_id, "audience": audience}
    device = tenant.device_codes.history(request.get("device_code") or "")
    if grant == DEVICE_CODE and device is not None:
        return {"grant": grant, **_of_device(tenant, device.value)}
    if grant == "refresh_token":
        return {"grant": grant, **_of_refresh_token(tenant, request.get("refresh_token"))}
    if "mfa_token" in request.parameters:
        return facts | _of_mfa_token(tenant, request.get("mfa_token") or "")
    if grant in (TOKEN_EXCHANGE, TOKEN_VAULT):
        token, kind = request.get("subject_token"), request.get("subject_token_type")
        return facts | {"user": peek_user(tenant, token or "", kind)}
    return facts | _of_login_name(tenant, request)


def _at_mfa(tenant: Tenant, request: RequestFacts) -> Facts:
    return _of_mfa_token(tenant, request.credentials("bearer") or request.get("mfa_token") or "")


def _of_mfa_token(tenant: Tenant, token: str) -> Facts:
    entry = tenant.mfa_transactions.history(token)
    if entry is None:
        return _of_access_token(token)
    found = entry.value
    return {"client": found.client_id, "user": found.user_id, "audience": found.audience}


def _of_device(tenant: Tenant, device: DeviceAuthorization) -> Facts:
    audience = device.request.audience or tenant.default_audience()
    return {"user": device.approval.user_id if device.approval else None, "audience": audience}


def _at_revoke(tenant: Tenant, request: RequestFacts) -> Facts:
    return _of_refresh_token(tenant, request.get("token"))


def _of_refresh_token(tenant: Tenant, text: str | None) -> Facts:
    token = tenant.refresh_tokens.history(text or "")
    family = tenant.refresh_families.history(token.value.family_id) if token else None
    if family is None:
        return {}
    return {"user": family.value.user_id, "audience": family.value.audience}


def _of_login_name(tenant: Tenant, request: RequestFacts) -> Facts:
    """Return the user that is named by e-mail or username, or by id as the picker does."""
    name = request.get("username") or request.get("user_id")
    directory = tenant.directory
    if name is None:
        return {}
    realm = request.get("realm") or request.get("connection")
    connection = directory.connection(realm) if realm else None
    if connection is not None and connection.is_passwordless:
        user = directory.find_passwordless_user(connection, name.strip())
    else:
        connections = [realm] if realm else directory.connections
        user = directory.user(name) or directory.find_user(name, connections)
    return {"user": user.user_id if user else None}


def _of_session(tenant: Tenant, request: RequestFacts) -> Facts:
    return {"user": _session_user(tenant, request.session_id)}


def _of_id_token(tenant: Tenant, request: RequestFacts) -> Facts:
    """Return the user of an ID token or refresh token that an app sends back."""
    found = _of_refresh_token(tenant, request.get("refresh_token"))
    claims = _of_access_token(request.get("id_token") or "")
    return {"user": found.get("user") or claims.get("user")}


def _at_userinfo(tenant: Tenant, request: RequestFacts) -> Facts:
    token = request.credentials("bearer") or request.get("access_token") or ""
    opaque = tenant.opaque_tokens.history(token)
    if opaque is not None:
        return {"client": opaque.value.client_id, "user": opaque.value.user_id}
    return _of_access_token(token)


def _of_access_token(token: str) -> Facts:
    try:
        _, claims = decode(token)
    except InvalidJwt:
        return {}
    audience = claims.get("aud")
    facts = {
        "client": claims.get("azp") or claims.get("client_id"),
        "user": claims.get("sub"),
        "audience": audience[0] if isinstance(audience, list) and audience else audience,
    }
    return {name: value for name, value in facts.items() if isinstance(value, str)}


def _at_authorize(tenant: Tenant, request: RequestFacts) -> Facts:
    audience = _requested_audience(tenant, request)
    for waiting in tenant.sign_ins.waiting:
        if waiting.client_id in (None, request.get("client_id")):
            return {"user": waiting.user_id, "audience": audience}
    return {"user": _session_user(tenant, request.session_id), "audience": audience}


def _at_par(tenant: Tenant, request: RequestFacts) -> Facts:
    return {"audience": _requested_audience(tenant, request)}


def _requested_audience(tenant: Tenant, request: RequestFacts) -> str | None:
    """Return the audience of an authorization request, which may be pushed or signed."""
    sent = peek_parameters(tenant, request.parameters).get("audience")
    return sent if isinstance(sent, str) and sent else tenant.default_audience()


def _at_login(tenant: Tenant, request: RequestFacts) -> Facts:
    """Return the facts at a page of the hosted login, or when it ends."""
    entry = tenant.logins.history(request.get("state") or "")
    if entry is None:
        return {}
    login: LoginTransaction = entry.value
    who = _of_login_name(tenant, request) or {"user": _session_user(tenant, login.session_id)}
    audience = login.request.audience or tenant.default_audience()
    return {"client": login.request.client_id, "audience": audience, **who}


def _at_connection(tenant: Tenant, request: RequestFacts) -> Facts:
    """Return the facts of a request with which an identity provider sends the browser back."""
    entry = tenant.logins.history(request.get("state") or "")
    answer = entry.value.provider_answer if entry else None
    return {**_at_login(tenant, request), **({"user": answer.user_id} if answer else {})}


def _at_passwordless(tenant: Tenant, request: RequestFacts) -> Facts:
    connection = tenant.directory.connection(request.get("connection") or "")
    recipient = request.get("email") or request.get("phone_number")
    if connection is None or not connection.is_passwordless or recipient is None:
        return {}
    user = tenant.directory.find_passwordless_user(connection, recipient.strip())
    return {"user": user.user_id if user else None}


def _at_database(tenant: Tenant, request: RequestFacts) -> Facts:
    """Return the user with the e-mail address that a sign-up or a reset is for."""
    email, connection = request.get("email"), request.get("connection")
    user = tenant.directory.find_user(email, [connection]) if email and connection else None
    return {"user": user.user_id if user else None}


def _of_audience(tenant: Tenant, request: RequestFacts) -> Facts:
    return {"audience": request.get("audience") or tenant.default_audience()}


def _at_logout(tenant: Tenant, request: RequestFacts) -> Facts:
    return {"user": _session_user(tenant, request.session_id)}


def _session_user(tenant: Tenant, session_id: str | None) -> str | None:
    session = tenant.sessions.get(session_id) if session_id else None
    return session.user_id if session else None


def _at_impersonate(_tenant: Tenant, request: RequestFacts) -> Facts:
    before, slash, _ = request.target.partition("?")[0].rpartition("/impersonate")
    return {"user": unquote(before.rpartition("/")[2]) if slash else None}


def _at_impersonation_link(tenant: Tenant, request: RequestFacts) -> Facts:
    try:
        link = tenant.links.history(read_bewit(split_target(request.target)[1]).ext)
    except BewitError:
        link = None
    if link is None:
        return _at_impersonate(tenant, request)
    made = link.value
    return {"client": made.client_id, "user": made.user_id, "audience": made.audience}


def _at_management(_tenant: Tenant, request: RequestFacts) -> Facts:
    """Return the caller, and the user whose record the call is about."""
    path = request.target.partition("?")[0].partition(f"{MANAGEMENT_PATH}users/")[2]
    facts = _of_access_token(request.credentials("bearer"))
    return facts | ({"user": unquote(path.partition("/")[0])} if path else {})


_LOOKUPS: Mapping[str, Callable[[Tenant, RequestFacts], Facts]] = {
    "authorize": _at_authorize,
    "par": _at_par,
    "login": _at_login,
    "provider": _at_login,
    "connection": _at_connection,
    "organization": _at_login,
    "consent": _at_login,
    "device": _at_login,
    "resume": _at_login,
    "token": _at_token,
    "device_code": _of_audience,
    "passwordless_start": _at_passwordless,
    "passwordless_verify": _at_passwordless,
    "passwordless_verify_redirect": _at_passwordless,
    "passkey_enrollment": _at_login,
    "signup": _at_database,
    "change_password": _at_database,
    "signup_page": _at_login,
    "reset_password": _at_login,
    "revoke": _at_revoke,
    "userinfo": _at_userinfo,
    "logout": _at_logout,
    "impersonate": _at_impersonate,
    "impersonation_link": _at_impersonation_link,
    "co_authenticate": _of_login_name,
    "mfa": _at_login,
    "mfa_challenge": _at_mfa,
    "mfa_associate": _at_mfa,
    "mfa_authenticators": _at_mfa,
    "oauth_ro": _of_login_name,
    "unlink": _at_userinfo,
    "usernamepassword_login": _of_login_name,
    "sso_data": _of_session,
    "delegation": _of_id_token,
    "tokeninfo": _of_id_token,
    "management": _at_management,
}
"""By endpoint. The documents have no facts."""
