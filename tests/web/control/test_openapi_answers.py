"""The answers of all operations are as the OpenAPI document describes them."""

from functools import cache

import pytest
from openapi_schema_validator import OAS31Validator

from mockidp.protocol.mfa.records import OobChallenge
from mockidp.protocol.oauth.device_code import DeviceAuthorization
from mockidp.protocol.tokens.artifacts import AuthorizationRequest
from mockidp.protocol.tokens.keys import generate_private_key
from mockidp.web.control.operations import OPERATIONS

V1 = "/_mockidp/v1"
API = "https://api.acme.example/"
CALLBACK = "http://localhost:3000/callback"


@pytest.fixture
def check(openapi):
    """Return a function that checks an answer against the schema of its operation."""

    def check(answer, method, path, status):
        described = openapi["paths"][V1 + path][method.lower()]["responses"]
        assert answer.status_code == status, answer.text
        content = described[str(status)].get("content")
        if content is None:
            assert answer.data == b""
            return
        (kind,) = content
        assert answer.headers["Content-Type"] == kind
        schema = content[kind]["schema"] | {"components": openapi["components"]}
        OAS31Validator(schema).validate(answer.json)

    return check


ANSWERS = [
    ("GET", "/users", "/users", None, 200),
    ("POST", "/users", "/users", {"user_id": "auth0|zoe", "roles": []}, 200),
    ("GET", "/users/{id}", "/users/auth0|alice", None, 200),
    ("DELETE", "/users/{id}", "/users/auth0|alice", None, 204),
    ("DELETE", "/users/{id}/blocks", "/users/auth0|alice/blocks", None, 204),
    ("GET", "/clients", "/clients", None, 200),
    ("POST", "/clients", "/clients", {"client_id": "new", "callbacks": [CALLBACK]}, 200),
    ("GET", "/clients/{id}", "/clients/web", None, 200),
    ("DELETE", "/clients/{id}", "/clients/web", None, 204),
    ("GET", "/apis", "/apis", None, 200),
    ("POST", "/apis", "/apis", {"identifier": "x", "scopes": ["a", {"value": "b"}]}, 200),
    ("GET", "/apis/{id}", "/apis/https%3A%2F%2Fapi.acme.example%2F", None, 200),
    ("DELETE", "/apis/{id}", "/apis/https%3A%2F%2Fapi.acme.example%2F", None, 204),
    ("PATCH", "/users/{id}", "/users/auth0|alice", {"blocked": True}, 200),
    ("PATCH", "/apis/{id}", "/apis/https%3A%2F%2Fapi.acme.example%2F", {"name": "API"}, 200),
    ("GET", "/client-grants", "/client-grants", None, 200),
    ("POST", "/client-grants", "/client-grants", {"client_id": "web", "audience": API}, 200),
    ("GET", "/client-grants/{id}", "/client-grants/cgr_1", None, 200),
    ("PATCH", "/client-grants/{id}", "/client-grants/cgr_1", {"scope": []}, 200),
    ("DELETE", "/client-grants/{id}", "/client-grants/cgr_1", None, 204),
    ("GET", "/connections", "/connections", None, 200),
    ("POST", "/connections", "/connections", {"name": "c", "enabled_clients": ["web"]}, 200),
    ("GET", "/connections/{id}", "/connections/sms", None, 200),
    ("PATCH", "/connections/{id}", "/connections/sms", {"enabled_clients": None}, 200),
    ("DELETE", "/connections/{id}", "/connections/sms", None, 204),
    ("GET", "/roles", "/roles", None, 200),
    ("POST", "/roles", "/roles", {"name": "new"}, 200),
    ("GET", "/roles/{id}", "/roles/reader", None, 200),
    ("PATCH", "/roles/{id}", "/roles/reader", {"description": "Reads."}, 200),
    ("DELETE", "/roles/{id}", "/roles/reader", None, 204),
    ("GET", "/organizations", "/organizations", None, 200),
    ("POST", "/organizations", "/organizations", {"name": "new", "metadata": {"a": "b"}}, 200),
    ("GET", "/organizations/{id}", "/organizations/shop", None, 200),
    ("PATCH", "/organizations/{id}", "/organizations/shop", {"members": []}, 200),
    ("DELETE", "/organizations/{id}", "/organizations/shop", None, 204),
    ("GET", "/token-exchange-profiles", "/token-exchange-profiles", None, 200),
    (
        "POST",
        "/token-exchange-profiles",
        "/token-exchange-profiles",
        {"name": "new", "subject_token_type": "urn:acme:new"},
        200,
    ),
    ("GET", "/token-exchange-profiles/{id}", "/token-exchange-profiles/legacy", None, 200),
    (
        "PATCH",
        "/token-exchange-profiles/{id}",
        "/token-exchange-profiles/legacy",
        {"action": "a"},
        200,
    ),
    ("DELETE", "/token-exchange-profiles/{id}", "/token-exchange-profiles/legacy", None, 204),
    ("GET", "/custom-domains", "/custom-domains", None, 200),
    ("POST", "/custom-domains", "/custom-domains", {"domain": "new.acme.test"}, 200),
    ("GET", "/custom-domains/{id}", "/custom-domains/login.acme.test", None, 200),
    (
        "PATCH",
        "/custom-domains/{id}",
        "/custom-domains/login.acme.test",
        {"status": "pending_verification"},
        200,
    ),
    ("DELETE", "/custom-domains/{id}", "/custom-domains/login.acme.test", None, 204),
    ("GET", "/claims", "/claims", None, 200),
    ("POST", "/claims", "/claims", {"claim": "b", "from": "user.email", "in": "id_token"}, 200),
    ("PATCH", "/claims/{id}", "/claims/a", {"user": "alice"}, 200),
    ("DELETE", "/claims/{id}", "/claims/a", None, 204),
    ("POST", "/sign-ins", "/sign-ins", {"user": "alice"}, 204),
    (
        "POST",
        "/invitations",
        "/invitations",
        {"organization": "shop", "email": "a@acme.example", "client": "web"},
        200,
    ),
    ("POST", "/tokens", "/tokens", {"user": "alice", "audience": API, "expired": True}, 200),
    ("POST", "/management-tokens", "/management-tokens", {"scopes": "read:users"}, 200),
    ("POST", "/id-tokens", "/id-tokens", {"user": "alice", "nonce": "n"}, 200),
    (
        "POST",
        "/native-social-tokens",
        "/native-social-tokens",
        {"connection": "apple", "name": "A"},
        200,
    ),
    (
        "POST",
        "/connected-accounts",
        "/connected-accounts",
        {"user": "alice", "connection": "slack"},
        200,
    ),
    ("POST", "/impersonation-links", "/impersonation-links", {"user": "alice", "state": "S"}, 200),
    ("POST", "/explain", "/explain", {"thing": "eyJhbGciOiJub25lIn0.e30."}, 200),
    ("GET", "/faults", "/faults", None, 200),
    ("POST", "/faults", "/faults", {"endpoint": "token", "status": 503, "times": 2}, 200),
    ("POST", "/rate-limits", "/rate-limits", {"limit": "jwks", "remaining": 3}, 204),
    ("PATCH", "/clients/{id}", "/clients/web", {"callbacks": ["http://localhost:3000/"]}, 200),
    ("GET", "/faults/{id}", "/faults/slow", None, 200),
    ("DELETE", "/faults/{id}", "/faults/slow", None, 204),
    ("DELETE", "/faults", "/faults", None, 204),
    ("POST", "/devices/approve", "/devices/approve", {"user_code": "BCDF", "user": "alice"}, 204),
    ("POST", "/sessions/end", "/sessions/end", {"user": "alice"}, 204),
    ("GET", "/logout-tokens", "/logout-tokens", None, 200),
    ("POST", "/devices/deny", "/devices/deny", {"user_code": "BCDF"}, 204),
    ("POST", "/passkeys", "/passkeys", {"user": "alice"}, 200),
    ("POST", "/mfa/totp", "/mfa/totp", {"user": "bob"}, 200),
    ("GET", "/users/{id}/totp", "/users/auth0%7Calice/totp", None, 200),
    ("POST", "/mfa/phones", "/mfa/phones", {"user": "bob", "phone_number": "+15550100"}, 204),
    ("POST", "/mfa/emails", "/mfa/emails", {"user": "bob", "email": "b@acme.example"}, 204),
    ("POST", "/mfa/push", "/mfa/push", {"user": "bob"}, 204),
    ("POST", "/mfa/recovery-codes", "/mfa/recovery-codes", {"user": "bob"}, 200),
    ("POST", "/mfa/push-answers", "/mfa/push-answers", {"user": "alice", "approved": True}, 204),
    ("DELETE", "/users/{id}/authenticators", "/users/auth0%7Calice/authenticators", None, 204),
    ("GET", "/clock", "/clock", None, 200),
    ("POST", "/clock", "/clock", {"advance": 60}, 200),
    ("GET", "/journal", "/journal", None, 200),
    ("GET", "/journal", "/journal?endpoint=token&status=401&wait_seconds=0", None, 200),
    ("DELETE", "/journal", "/journal", None, 204),
    ("GET", "/outbox", "/outbox", None, 200),
    ("GET", "/outbox", "/outbox?kind=sms&times=0&wait_seconds=0", None, 200),
    ("DELETE", "/outbox", "/outbox", None, 204),
    ("GET", "/tenant", "/tenant", None, 200),
    ("PUT", "/tenant", "/tenant", {"clients": [{"name": "My SPA"}]}, 200),
    ("PUT", "/tenant", "/tenant", {"resourceServers": [{"identifier": "x", "scopes": ["a"]}]}, 200),
    ("PATCH", "/tenant", "/tenant", {"tenant": {"friendly_name": "Acme"}}, 200),
    ("POST", "/reset", "/reset", {}, 204),
    ("GET", "/snapshot", "/snapshot", None, 200),
    ("GET", "/keys", "/keys", None, 200),
    ("POST", "/keys/rotate", "/keys/rotate", {}, 200),
    ("GET", "/outbox", "/outbox", None, 200),
    ("DELETE", "/outbox", "/outbox", None, 204),
    ("GET", "/tenants", "/tenants", None, 200),
    ("POST", "/tenants", "/tenants", {"name": "worker-2"}, 201),
    ("GET", "/tenants/{id}", "/tenants/worker-1", None, 200),
    ("DELETE", "/tenants/{id}", "/tenants/worker-1", None, 204),
]


WAITING = DeviceAuthorization(
    user_code="BCDF",
    request=AuthorizationRequest(
        client_id="web", redirect_uri="", redirect_uri_sent=False, response_type="code",
        response_mode="query", scope=(), audience=None, state=None,
    ),
    expires_at=4e9,
)  # fmt: skip


one_private_key = cache(generate_private_key)
"""In place of a new one, which takes as long as all requests of a test."""


@pytest.fixture
def busy(control, monkeypatch):
    """A tenant with data for every operation."""
    monkeypatch.setattr("mockidp.tenant.tenant.generate_private_key", one_private_key)
    control.call("faults", endpoint="userinfo", name="slow", delay=1, when={"client": "web"})
    control.call("tenants", name="worker-1")
    control.call("client-grants", id="cgr_1", client_id="jobs", audience=API, scope=["read:items"])
    control.call("connections", name="sms", strategy="sms", enabled_clients=["web"])
    control.call("connections", name="apple", strategy="apple")
    control.call(
        "connections", name="slack", strategy="oauth2", connected_accounts={"active": True}
    )
    passkeys = {"authentication_methods": {"passkey": {"enabled": True}}}
    database = {"name": "Username-Password-Authentication", "options": passkeys}
    control.send("PATCH", f"{V1}/tenant", json={"databases": [database]})
    control.call("roles", name="reader")
    control.send("PATCH", V1 + "/tenant", json={"mockidp": {"rate_limits": "auth0"}})
    control.send("PATCH", V1 + "/clients/web", json={"initiate_login_uri": CALLBACK})
    member = {"user_id": "auth0|alice", "roles": ["reader"]}
    connection = {"name": "sms", "assign_membership_on_login": True}
    control.call("organizations", name="shop", members=[member], connections=[connection])
    control.call("token-exchange-profiles", name="legacy", subject_token_type="urn:acme:legacy")
    control.call("custom-domains", domain="login.acme.test")
    control.call("claims", claim="a", value={"any": [None, 1]})
    form = {
        "grant_type": "client_credentials", "client_id": "jobs", "client_secret": "jobs-secret",
        "audience": API,
    }  # fmt: skip
    control.send("POST", "/oauth/token", data=form)
    control.send("POST", "/oauth/token", data=form | {"client_secret": "wrong"})
    control.call("keys/rotate")
    control.tenant.device_codes.put("device", WAITING)
    control.call("mfa/totp", user="alice")
    push = OobChallenge(authenticator_id="push|dev_1", user_id="auth0|alice", login="login")
    control.tenant.oob_challenges.put("push", push)
    return control


@pytest.mark.parametrize("case", ANSWERS)
def test_an_answer_is_as_described(busy, check, case):
    method, path, target, body, status = case
    sent = {} if body is None else {"json": body}
    check(busy.send(method, V1 + target, **sent), method, path, status)


def test_a_revoked_key_and_a_taken_snapshot_too(busy, check):
    kid = next(k["kid"] for k in busy.send("GET", V1 + "/keys").json["items"]
               if k["standing"] == "previous")  # fmt: skip
    check(busy.send("DELETE", f"{V1}/keys/{kid}"), "DELETE", "/keys/{id}", 204)
    held = busy.send("GET", V1 + "/snapshot").json
    check(busy.send("PUT", V1 + "/snapshot", json=held), "PUT", "/snapshot", 204)


def test_every_operation_was_checked():
    checked = {(method, path) for method, path, *_ in ANSWERS}
    checked |= {("DELETE", "/keys/{id}"), ("PUT", "/snapshot")}
    assert checked == {(one.method, one.path) for one in OPERATIONS}
