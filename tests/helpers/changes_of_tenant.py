"""Requests for every kind of change of a tenant, by operation and by endpoint."""

import json
from urllib.parse import quote

CALLBACK = "http://localhost:3000/callback"
API = "https://api.acme.example/"
LOGIN = {"username": "alice@acme.example", "password": "Passw0rd!"}
GRANTS = ["authorization_code", "refresh_token"]


def _change(method, path, body=None, *, first=()):
    """Return a function that makes other calls first, and returns a call of the control API."""

    def prepare(mock):
        for earlier in first:
            assert mock.control(*earlier).status < 300
        return lambda: mock.control(method, path, body)

    return prepare


def _put_tenant(mock):
    document = mock.control("GET", "/tenant").json
    document["users"] = document["users"][:2]
    return lambda: mock.control("PUT", "/tenant", document)


def _put_snapshot(mock):
    snapshot = mock.memory()
    snapshot["bewit_key"], snapshot["sign_ins"] = "k" * 64, []
    snapshot["clock"]["skew"] += 1
    snapshot["keys"][0]["kid"] += "x"
    return lambda: mock.control("PUT", "/snapshot", snapshot)


def _revoke_key(mock):
    mock.control("POST", "/keys/rotate", {})
    kid = mock.control("GET", "/keys").json["items"][-1]["kid"]
    return lambda: mock.control("DELETE", f"/keys/{kid}")


def _unblock(mock):
    mock.token(grant_type="password", username="bob@acme.example", password="no")
    return lambda: mock.control("DELETE", "/users/auth0%7Cbob/blocks")


DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code"


def _request_device_code(mock):
    client = {"token_endpoint_auth_method": "none", "grant_types": [DEVICE_CODE]}
    mock.control("POST", "/clients", {"client_id": "cli", **client})
    return lambda: mock.post("/oauth/device/code", {"client_id": "cli"})


def _decide(decision, **more):
    def prepare(mock):
        user_code = _request_device_code(mock)().json["user_code"]
        return lambda: mock.control("POST", f"/devices/{decision}", {"user_code": user_code} | more)

    return prepare


def _mfa_token(mock, *factors, **form):
    """Demand a second factor of alice, who has enrolled some. Return an `mfa_token`."""
    names = ("otp", "sms", "email", "push-notification", "recovery-code")
    change = {
        "guardianFactors": [{"name": name, "enabled": True} for name in names],
        "guardianPolicies": {"policies": ["all-applications"]},
    }
    assert mock.control("PATCH", "/tenant", change).status == 200
    grants = [*GRANTS, "password", *(f"{_MFA}-{name}" for name in ("otp", "oob", "recovery-code"))]
    mock.control("PATCH", "/clients/acme-web", {"grant_types": grants})
    for path, fields in factors:
        assert mock.control("POST", path, {"user": "alice", **fields}).status < 300
    return mock.token(grant_type="password", **LOGIN, **form).json["mfa_token"]


_MFA = "http://auth0.com/oauth/grant-type/mfa"
_APP, _PUSH = ("/mfa/totp", {"secret": "JBSWY3DPEHPK3PXP"}), ("/mfa/push", {})
_MFA_API = {"audience": "http://localhost/mfa/", "scope": "remove:authenticators"}


def _challenge(mock, *factors):
    token = _mfa_token(mock, *factors)
    form = {
        "client_id": "acme-web", "client_secret": "acme-web-secret", "mfa_token": token,
        "challenge_type": "oob",
    }  # fmt: skip
    return lambda: mock.post("/mfa/challenge", form)


def _answer_push(mock):
    assert _challenge(mock, _PUSH)().status == 200
    return lambda: mock.control("POST", "/mfa/push-answers", {"user": "alice", "approved": True})


def _associate(mock):
    headers = {"Authorization": f"Bearer {_mfa_token(mock)}"}
    body = json.dumps({"authenticator_types": ["otp"]})
    return lambda: mock.send(
        "POST", "/mfa/associate", body, content_type="application/json", **headers
    )


def _otp(mock, token, **form):
    code = mock.control("GET", "/users/auth0%7Calice/totp").json["code"]
    return lambda: mock.token(grant_type=f"{_MFA}-otp", mfa_token=token, **{"otp": code, **form})


def _factor_page(mock, *, opened):
    """Log alice in with her password. Return the call of the page of the second factor."""
    _mfa_token(mock, _APP)
    answer = mock.log_in(mock.login_page())
    cookie = answer.cookie
    page = mock.get(answer.headers["Location"], Cookie=cookie).headers["Location"]
    if not opened:
        return lambda: mock.get(page, Cookie=cookie)
    mock.get(page, Cookie=cookie)
    code = mock.control("GET", "/users/auth0%7Calice/totp").json["code"]
    form = {"state": page.partition("state=")[2], "code": code, "rememberBrowser": "true"}
    return lambda: mock.post("/u/mfa-otp-challenge", form, Cookie=cookie)


def _remove_factor(mock):
    token = _otp(mock, _mfa_token(mock, _APP, **_MFA_API))().json["access_token"]
    headers = {"Authorization": f"Bearer {_mfa_token(mock)}"}
    first = json.loads(mock.get("/mfa/authenticators", **headers).text)[0]
    path = f"/mfa/authenticators/{quote(first['id'], safe='')}"
    return lambda: mock.send("DELETE", path, Authorization=f"Bearer {token}")


_BILL = {"user_id": "auth0|bill"}
_DROP = {"endpoint": "jwks", "drop": True}
_CLAIM = {"claim": "https://acme.example/c", "value": 1, "in": ["id_token"]}
_CLAIM_PATH = f"/claims/{quote(_CLAIM['claim'], safe='')}"
_RECORDS = {
    "User": ("/users", "auth0|bill", _BILL, {"name": "Patched"}),
    "Client": ("/clients", "c", {"client_id": "c"}, {"name": "Patched"}),
    "Api": ("/apis", "https://s.example/", {"identifier": "https://s.example/"}, {"name": "Patched"}),
    "ClientGrant": (
        "/client-grants", "cgr_1", {"id": "cgr_1", "client_id": "acme-spa", "audience": API},
        {"scope": ["read:items"]},
    ),
    "Connection": ("/connections", "staff", {"name": "staff"}, {"enabled_clients": ["acme-web"]}),
    "Role": ("/roles", "editor", {"name": "editor"}, {"description": "Patched"}),
    "Organization": ("/organizations", "acme", {"name": "acme"}, {"display_name": "Patched"}),
    "TokenExchangeProfile": (
        "/token-exchange-profiles", "legacy",
        {"name": "legacy", "subject_token_type": "urn:acme:legacy"},
        {"subject_token_type": "urn:acme:patched"},
    ),
}  # fmt: skip
"""For each type of record: path, key, a record, and a patch."""


def _changes_of_records():
    """Yield the operations that change records of each type."""
    for name, (path, key, record, patch) in _RECORDS.items():
        one, first = f"{path}/{quote(key, safe='')}", [("POST", path, record)]
        yield f"add{name}", _change("POST", path, record)
        yield f"patch{name}", _change("PATCH", one, patch, first=first)
        yield f"remove{name}", _change("DELETE", one, first=first)


CONTROL = {
    **dict(_changes_of_records()),
    "unblock": _unblock,
    "addClaim": _change("POST", "/claims", _CLAIM),
    "patchClaim": _change("PATCH", _CLAIM_PATH, {"value": 2}, first=[("POST", "/claims", _CLAIM)]),
    "removeClaim": _change("DELETE", _CLAIM_PATH, first=[("POST", "/claims", _CLAIM)]),
    "enrollTotp": _change("POST", "/mfa/totp", {"user": "alice"}),
    "enrollPhone": _change("POST", "/mfa/phones", {"user": "alice", "phone_number": "+1555"}),
    "enrollEmail": _change("POST", "/mfa/emails", {"user": "alice", "email": "a@b.example"}),
    "enrollPush": _change("POST", "/mfa/push", {"user": "alice"}),
    "answerPush": _answer_push,
    "newRecoveryCode": _change("POST", "/mfa/recovery-codes", {"user": "alice"}),
    "removeAuthenticators": _change(
        "DELETE", "/users/auth0%7Calice/authenticators",
        first=[("POST", "/mfa/totp", {"user": "alice"})],
    ),
    "signInAs": _change("POST", "/sign-ins", {"user": "alice"}),
    "approveDevice": _decide("approve", user="alice"),
    "denyDevice": _decide("deny"),
    "invite": _change(
        "POST", "/invitations",
        {"organization": "red", "email": "a@acme.example", "client": "c"},
        first=[
            ("POST", "/organizations", {"name": "red"}),
            ("POST", "/clients", {"client_id": "c", "initiate_login_uri": CALLBACK}),
        ],
    ),
    "accessToken": _change("POST", "/tokens", {"user": "alice"}),
    "impersonationLink": _change("POST", "/impersonation-links", {"user": "alice"}),
    "moveClock": _change("POST", "/clock", {"advance": 5, "skew": 2}),
    "putTenant": _put_tenant,
    "patchTenant": _change("PATCH", "/tenant", {"tenant": {"friendly_name": "Patched"}}),
    "reset": _change("POST", "/reset", {}, first=[("POST", "/faults", _DROP), ("POST", "/users", _BILL)]),
    "restore": _put_snapshot,
    "rotateKeys": _change("POST", "/keys/rotate", {}),
    "revokeKey": _revoke_key,
}  # fmt: skip
"""By operation name: functions that prepare a persistent change, and return the call."""
NOT_KEPT = {
    "idToken": _change("POST", "/id-tokens", {"user": "alice"}),
    "explain": _change("POST", "/explain", {"thing": "x"}),
    "addFault": _change("POST", "/faults", {"endpoint": "token", "rate_limit": True}),
    "cancelFault": _change(
        "DELETE", "/faults/f", first=[("POST", "/faults", {**_DROP, "name": "f"})]
    ),
    "cancelFaults": _change("DELETE", "/faults", first=[("POST", "/faults", _DROP)]),
    "clearJournal": _change("DELETE", "/journal"),
    "clearOutbox": _change("DELETE", "/outbox"),
    "makeTenant": _change("POST", "/tenants", {"name": "made"}),
    "deleteTenant": _change("DELETE", "/tenants/gone", first=[("POST", "/tenants", {"name": "gone"})]),
}  # fmt: skip
"""Operations without a persistent change, which succeed with a full disk."""


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
    cookie, _ = mock.logged_in()
    page = mock.authorize(cookie=cookie, client_id="third", scope="openid email")
    page = mock.get(page.headers["Location"], Cookie=cookie)
    form = {"state": page.sent["state"], "action": "accept"}
    return lambda: mock.post("/u/consent", form, Cookie=cookie)


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


def _sign_up(mock):
    body = {
        "client_id": "acme-web", "connection": "Username-Password-Authentication",
        "email": "new@acme.example", "password": "Passw0rd!",
    }  # fmt: skip
    return lambda: mock.post("/dbconnections/signup", body)


def _cross_origin(mock):
    """Return the request for a login ticket."""
    mock.control("PATCH", "/clients/acme-web", {"cross_origin_authentication": True})
    body = LOGIN | {
        "client_id": "acme-web", "realm": "Username-Password-Authentication",
        "credential_type": "http://auth0.com/oauth/grant-type/password-realm",
    }  # fmt: skip
    origin = CALLBACK.removesuffix("/callback")
    return lambda: mock.send(
        "POST", "/co/authenticate", json.dumps(body), content_type="application/json", Origin=origin
    )


def _login_ticket(mock):
    answer = _cross_origin(mock)()
    path = f"/authorize?client_id=acme-web&response_type=code&login_ticket={answer.json['login_ticket']}"
    return lambda: mock.get(path, Cookie=answer.cookie)


def _verify(mock):
    loc = f"{CALLBACK}-cross-auth"
    mock.control("PATCH", "/clients/acme-web", {"cross_origin_loc": loc})
    sent = _cross_origin(mock)().json
    path = f"/authorize?client_id=acme-web&response_type=code&login_ticket={sent['login_ticket']}"
    state = mock.get(path).sent["state"]
    return lambda: mock.post("/co/verify", {"state": state, "verifier": sent["co_verifier"]})


_EMAIL = {"name": "email", "strategy": "email"}
_RECIPIENT = {"client_id": "acme-spa", "connection": "email", "email": "new@acme.example"}


def _post_json(mock, path, body):
    return mock.send("POST", path, json.dumps(body), content_type="application/json")


def _passwordless(mock, **more):
    """Return the request for a code or a link."""
    mock.control("POST", "/connections", _EMAIL)
    return lambda: _post_json(mock, "/passwordless/start", _RECIPIENT | more)


def _passwordless_code(mock):
    """Return the last code that was sent."""
    _passwordless(mock, send="code")()
    return mock.control("GET", "/outbox").json["items"][-1]["code"]


def _passwordless_token(mock):
    otp = "http://auth0.com/oauth/grant-type/passwordless/otp"
    mock.control("PATCH", "/clients/acme-spa", {"grant_types": [*GRANTS, otp]})
    form = {"grant_type": otp, "username": "new@acme.example", "realm": "email"}
    code = _passwordless_code(mock)
    return lambda: mock.token("acme-spa", **form, otp=code)


def _wrong_passwordless_code(mock):
    _passwordless(mock, send="code")()
    guess = _RECIPIENT | {"verification_code": "0"}
    return lambda: _post_json(mock, "/passwordless/verify", guess)


def _open_passwordless_link(mock):
    _passwordless(mock, authParams={"response_type": "code"})()
    link = mock.control("GET", "/outbox").json["items"][-1]["link"]
    return lambda: mock.get(link.removeprefix(mock.url))


def _sign_up_page(mock):
    state = mock.login_page()
    form = {"state": state, "email": "new@acme.example", "password": "Passw0rd!"}
    return lambda: mock.post("/u/signup", form)


def _verify(mock):
    _sign_up(mock)()
    link = mock.control("GET", "/outbox").json["items"][-1]["link"]
    return lambda: mock.get(link.removeprefix(mock.url).removesuffix("#"))


def _request_reset(mock):
    body = {
        "client_id": "acme-web", "connection": "Username-Password-Authentication",
        "email": "bob@acme.example",
    }  # fmt: skip
    return lambda: mock.post("/dbconnections/change_password", body)


def _reset(mock):
    _request_reset(mock)()
    link = mock.control("GET", "/outbox").json["items"][-1]["link"]
    form = {"password-reset": "N3w-password", "re-enter-password": "N3w-password"}
    return lambda: mock.post(link.removeprefix(mock.url).removesuffix("#"), form)


def _poll(mock):
    code = _request_device_code(mock)().json["device_code"]
    form = {"grant_type": DEVICE_CODE, "client_id": "cli", "device_code": code}
    return lambda: mock.post("/oauth/token", form)


def _confirm_device(mock):
    user_code = _request_device_code(mock)().json["user_code"]
    page = mock.get(f"/activate?user_code={user_code}").headers["Location"]
    form = {"state": page.partition("state=")[2], "action": "confirm"}
    return lambda: mock.post("/u/device/confirmation", form)


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
    ("token", "a password, for a second factor"): lambda mock: _mfa_token(mock, _APP) and (
        lambda: mock.token(grant_type="password", **LOGIN)
    ),
    ("token", "a second factor"): lambda mock: _otp(mock, _mfa_token(mock, _APP)),
    ("token", "a wrong second factor"): lambda mock: _otp(mock, _mfa_token(mock, _APP), otp="x"),
    ("mfa", "a challenge"): lambda mock: _factor_page(mock, opened=False),
    ("mfa", "a code"): lambda mock: _factor_page(mock, opened=True),
    ("mfa_challenge", "push"): lambda mock: _challenge(mock, _PUSH),
    ("mfa_associate", "an app"): _associate,
    ("mfa_authenticators", "removed"): _remove_factor,
    ("authorize", "to the login page"): lambda mock: mock.authorize,
    ("authorize", "a user who signs in"): _sign_in,
    ("authorize", "single sign-on"): _single_sign_on,
    ("login", "a password"): _login,
    ("login", "a wrong password"): lambda mock: _login(mock, password="wrong"),
    ("resume", "back to the client"): _resume,
    ("organization", "selected"): _organization,
    ("consent", "accepted"): _consent,
    ("logout", "v2"): _logout("/v2/logout"),
    ("logout", "oidc"): _logout("/oidc/logout"),
    ("par", "a request"): _push,
    ("authorize", "a pushed request"): _open_pushed,
    ("co_authenticate", "a ticket"): _cross_origin,
    ("authorize", "a login ticket"): _login_ticket,
    ("co_verify", "a verifier"): _verify,
    ("passwordless_start", "a code"): lambda mock: _passwordless(mock, send="code"),
    ("passwordless_start", "a link"): _passwordless,
    ("token", "a passwordless code"): _passwordless_token,
    ("passwordless_verify", "a wrong code"): _wrong_passwordless_code,
    ("passwordless_verify_redirect", "a link"): _open_passwordless_link,
    ("device_code", "a request"): _request_device_code,
    ("device", "confirmed"): _confirm_device,
    ("token", "device_code"): _poll,
    ("revoke", "a refresh token"): _revoke,
    ("signup", "a user"): _sign_up,
    ("signup_page", "a user"): _sign_up_page,
    ("email_verification", "an address"): _verify,
    ("change_password", "a link"): _request_reset,
    ("reset_password", "a password"): _reset,
    ("impersonate", "a link"): _impersonate,
    ("impersonation_link", "opened"): _open_link,
}  # fmt: skip
"""By endpoint and case: functions that prepare a change, and return the request."""
READ_ONLY = {"certificate", "discovery", "favicon", "jwks", "userinfo"}
