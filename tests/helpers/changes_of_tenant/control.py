"""Requests for every kind of change, by operation of the control API."""

from urllib.parse import quote

from helpers.changes_of_tenant import devices, mfa, passkeys
from helpers.changes_of_tenant.words import API, CALLBACK


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


def _end_sessions(mock):
    mock.control("POST", "/sign-ins", {"user": "bob"})
    assert "code" in mock.authorize().sent
    return lambda: mock.control("POST", "/sessions/end", {"user": "bob"})


_BILL = {"user_id": "auth0|bill"}
_DROP = {"endpoint": "jwks", "drop": True}
_APPLE = ("POST", "/connections", {"name": "apple", "strategy": "apple"})
_SLACK = (
    "POST", "/connections",
    {"name": "slack", "strategy": "oauth2", "connected_accounts": {"active": True}},
)  # fmt: skip
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
    "CustomDomain": (
        "/custom-domains", "login.acme.test", {"domain": "login.acme.test"}, {"is_default": True},
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
    "answerPush": mfa.answer_push,
    "newRecoveryCode": _change("POST", "/mfa/recovery-codes", {"user": "alice"}),
    "removeAuthenticators": _change(
        "DELETE", "/users/auth0%7Calice/authenticators",
        first=[("POST", "/mfa/totp", {"user": "alice"})],
    ),
    "addPasskey": _change(
        "POST", "/passkeys", {"user": "alice"}, first=[("PATCH", "/tenant", passkeys.ENABLED)]
    ),
    "nativeSocialToken": _change(
        "POST", "/native-social-tokens", {"connection": "apple", "name": "Ann"}, first=[_APPLE]
    ),
    "connectAccount": _change(
        "POST", "/connected-accounts", {"user": "alice", "connection": "slack"}, first=[_SLACK]
    ),
    "signInAs": _change("POST", "/sign-ins", {"user": "alice"}),
    "approveDevice": devices.decide("approve", user="alice"),
    "denyDevice": devices.decide("deny"),
    "invite": _change(
        "POST", "/invitations",
        {"organization": "red", "email": "a@acme.example", "client": "c"},
        first=[
            ("POST", "/organizations", {"name": "red"}),
            ("POST", "/clients", {"client_id": "c", "initiate_login_uri": CALLBACK}),
        ],
    ),
    "accessToken": _change("POST", "/tokens", {"user": "alice"}),
    "endSessions": _end_sessions,
    "impersonationLink": _change("POST", "/impersonation-links", {"user": "alice"}),
    "exhaustRateLimit": _change(
        "POST", "/rate-limits", {"limit": "jwks", "remaining": 1},
        first=[("PATCH", "/tenant", {"mockidp": {"rate_limits": "auth0"}})],
    ),
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
    "managementToken": _change("POST", "/management-tokens", {}),
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
