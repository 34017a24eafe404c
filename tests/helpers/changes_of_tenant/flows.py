"""Requests for every kind of change, by endpoint."""

import json
from urllib.parse import quote

from helpers.changes_of_tenant import (
    accounts,
    cross_origin,
    devices,
    legacy,
    mfa,
    passkeys,
    passwordless,
    providers,
)
from helpers.changes_of_tenant.words import API, CALLBACK, GRANTS, LOGIN


def _code(mock, **form):
    code = mock.logged_in()[1]
    body = {"grant_type": "authorization_code", "code": code, "redirect_uri": CALLBACK, **form}
    return lambda: mock.token(**body)


def _refresh(mock, client="acme-spa"):
    token = mock.refresh_token(client)
    return lambda: mock.token(client, grant_type="refresh_token", refresh_token=token)


def _refresh_idle(mock):
    policy = {"rotation_type": "non-rotating", "expiration_type": "expiring"}
    client = {"token_endpoint_auth_method": "none", "callbacks": [CALLBACK], "grant_types": GRANTS}
    mock.control("POST", "/clients", {"client_id": "idle", "refresh_token": policy, **client})
    return _refresh(mock, "idle")


def _reuse(mock):
    token = mock.refresh_token("acme-spa")
    used = {"grant_type": "refresh_token", "refresh_token": token}
    assert mock.token("acme-spa", **used).status == 200
    return lambda: mock.token("acme-spa", **used)


def _sign_in(mock):
    mock.control("POST", "/sign-ins", {"user": "bob"})
    return mock.authorize


def _single_sign_on(mock):
    cookie, _ = mock.logged_in()
    return lambda: mock.authorize(cookie=cookie, prompt="none")


def _login(mock, **form):
    state = mock.login_page()
    return lambda: mock.log_in(state, **form)


def _resume(mock):
    answer = mock.log_in(mock.login_page())
    return lambda: mock.get(answer.headers["Location"], Cookie=answer.cookie)


def _consent(mock):
    other = {"client_id": "third", "callbacks": [CALLBACK], "is_first_party": False}
    mock.control("POST", "/clients", other)
    database = {"name": "Username-Password-Authentication", "is_domain_connection": True}
    mock.control("PATCH", "/tenant", {"databases": [database]})
    cookie, _ = mock.logged_in()
    page = mock.authorize(cookie=cookie, client_id="third", scope="openid email")
    page = mock.get(page.headers["Location"], Cookie=cookie)
    form = {"state": page.sent["state"], "action": "accept"}
    return lambda: mock.post("/u/consent", form, Cookie=cookie)


def _register(mock):
    flags = {"enable_dynamic_client_registration": True}
    mock.control("PATCH", "/tenant", {"tenant": {"flags": flags}})
    app = json.dumps({"client_name": "New", "redirect_uris": [CALLBACK]})
    return lambda: mock.send("POST", "/oidc/register", app, content_type="application/json")


def _organization(mock):
    red = {"name": "red", "connections": [{"name": "Username-Password-Authentication"}]}
    mock.control("POST", "/organizations", red)
    usage = {"organization_usage": "require", "organization_require_behavior": "pre_login_prompt"}
    mock.control("PATCH", "/clients/acme-web", usage)
    state = mock.authorize().sent["state"]
    form = {"state": state, "organizationName": "red"}
    return lambda: mock.post("/u/organization/selection", form)


def _logout(path):
    def prepare(mock):
        cookie, _ = mock.logged_in()
        return lambda: mock.get(path, Cookie=cookie)

    return prepare


def _push(mock):
    mock.control("PATCH", "/clients/acme-web", {"require_pushed_authorization_requests": True})
    form = {
        "client_id": "acme-web", "client_secret": "acme-web-secret", "response_type": "code",
        "redirect_uri": CALLBACK,
    }  # fmt: skip
    return lambda: mock.post("/oauth/par", form)


def _open_pushed(mock):
    uri = _push(mock)().json["request_uri"]
    return lambda: mock.get(f"/authorize?client_id=acme-web&request_uri={quote(uri)}")


def _revoke(mock):
    form = {"client_id": "acme-spa", "token": mock.refresh_token("acme-spa")}
    return lambda: mock.post("/oauth/revoke", form)


def _management_token(mock):
    form = {"grant_type": "client_credentials", "client_id": "acme-global"}
    return lambda: mock.post("/oauth/token", {**form, "client_secret": "acme-global-secret"})


def _impersonate(mock):
    token = _management_token(mock)().json["access_token"]
    body = {
        "protocol": "oauth2", "impersonator_id": "auth0|admin", "client_id": "acme-web",
        "additionalParameters": {"response_type": "code", "state": "s", "callback_url": CALLBACK},
    }  # fmt: skip
    return lambda: mock.send(
        "POST", "/users/auth0%7Calice/impersonate", json.dumps(body),
        content_type="application/json", Authorization=f"Bearer {token}",
    )  # fmt: skip


def _open_link(mock):
    url = _impersonate(mock)().text
    return lambda: mock.get(url.removeprefix(mock.url))


FLOWS = {
    ("token", "a code"): _code,
    ("token", "a code with a wrong redirect URI"): lambda mock: _code(mock, redirect_uri="http://x"),
    ("token", "a refresh token that rotates"): _refresh,
    ("token", "a refresh token that stays"): _refresh_idle,
    ("token", "a refresh token that is reused"): _reuse,
    ("token", "a wrong password"): lambda mock: lambda: mock.token(
        grant_type="password", username="bob@acme.example", password="wrong"
    ),
    ("token", "a password, for a refresh token"): lambda mock: lambda: mock.token(
        grant_type="password", **LOGIN, scope="offline_access", audience=API
    ),
    ("token", "a Management API v1 token"): _management_token,
    ("token", "a password, for a second factor"): lambda mock: mfa.mfa_token(mock, mfa.APP) and (
        lambda: mock.token(grant_type="password", **LOGIN)
    ),
    ("token", "a second factor"): lambda mock: mfa.otp(mock, mfa.mfa_token(mock, mfa.APP)),
    ("token", "a wrong second factor"): lambda mock: mfa.otp(mock, mfa.mfa_token(mock, mfa.APP), otp="x"),
    ("mfa", "a challenge"): lambda mock: mfa.factor_page(mock, opened=False),
    ("mfa", "a code"): lambda mock: mfa.factor_page(mock, opened=True),
    ("mfa_challenge", "push"): lambda mock: mfa.challenge(mock, mfa.PUSH),
    ("mfa_associate", "an app"): mfa.associate,
    ("mfa_authenticators", "removed"): mfa.remove_factor,
    ("authorize", "to the login page"): lambda mock: mock.authorize,
    ("authorize", "a user who signs in"): _sign_in,
    ("authorize", "single sign-on"): _single_sign_on,
    ("login", "a password"): _login,
    ("login", "a wrong password"): lambda mock: _login(mock, password="wrong"),
    ("provider", "a user"): providers.pick,
    ("connection", "a new user"): providers.come_back,
    ("resume", "back to the client"): _resume,
    ("organization", "selected"): _organization,
    ("consent", "accepted"): _consent,
    ("logout", "v2"): _logout("/v2/logout"),
    ("logout", "oidc"): _logout("/oidc/logout"),
    ("par", "a request"): _push,
    ("authorize", "a pushed request"): _open_pushed,
    ("co_authenticate", "a ticket"): cross_origin.request_ticket,
    ("authorize", "a login ticket"): cross_origin.log_in,
    ("co_verify", "a verifier"): cross_origin.verify,
    ("passwordless_start", "a code"): lambda mock: passwordless.start(mock, send="code"),
    ("passwordless_start", "a link"): passwordless.start,
    ("token", "a passwordless code"): passwordless.redeem,
    ("passwordless_verify", "a wrong code"): passwordless.guess,
    ("passwordless_verify_redirect", "a link"): passwordless.open_link,
    ("device_code", "a request"): devices.request_code,
    ("device", "confirmed"): devices.confirm,
    ("token", "device_code"): devices.poll,
    ("revoke", "a refresh token"): _revoke,
    ("global_token_revocation", "a user"): providers.log_out,
    ("signup", "a user"): accounts.sign_up,
    ("register", "a client"): _register,
    ("passkey_challenge", "a challenge"): passkeys.challenge,
    ("passkey_register", "a challenge"): passkeys.sign_up,
    ("passkey_enrollment", "declined"): passkeys.decline,
    ("signup_page", "a user"): accounts.sign_up_page,
    ("email_verification", "an address"): accounts.verify_email,
    ("change_password", "a link"): accounts.request_reset,
    ("reset_password", "a password"): accounts.reset,
    ("impersonate", "a link"): _impersonate,
    ("impersonation_link", "opened"): _open_link,
    ("oauth_ro", "a password"): legacy.resource_owner,
    ("oauth_access_token", "a token of Google"): legacy.social,
    ("unlink", "an account"): legacy.unlink,
    ("usernamepassword_login", "a form"): legacy.hosted_login,
    ("connection", "a form of a login with a password"): legacy.post_form,
}  # fmt: skip
"""By endpoint and case: functions that prepare a change, and return the request."""


READ_ONLY = {
    "certificate", "challenge", "delegation", "discovery", "favicon", "health_check", "jwks",
    "lock_settings", "sso_data", "tokeninfo", "userinfo", "webfinger",
}  # fmt: skip
