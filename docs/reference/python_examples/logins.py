"""Examples of logins, tokens, links, faults and the clock."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import requests

from mockidp import MockIdP

API = "https://api.acme.example/"
CALLBACK = "http://localhost:3000/callback"
CLI = "acme-native"


# --- logins ---


def sign_in_as(idp: MockIdP) -> None:
    idp.sign_in_as("alice", client="acme-spa")
    request = {"client_id": "acme-spa", "response_type": "code", "redirect_uri": CALLBACK}
    answer = requests.get(f"{idp.url}/authorize", params=request, allow_redirects=False, timeout=5)
    assert "code" in parse_qs(urlsplit(answer.headers["Location"]).query)


def exchange_tokens(idp: MockIdP) -> None:
    grant_type = "urn:ietf:params:oauth:grant-type:token-exchange"
    idp.patch_client(
        "acme-web",
        grant_types=[grant_type],
        token_exchange={"allow_any_profile_of_type": ["custom_authentication"]},
    )
    idp.add_token_exchange_profile("legacy", subject_token_type="urn:acme:legacy")
    idp.exchange_tokens("legacy", lambda _exchange: "alice")
    form = {
        "grant_type": grant_type,
        "client_id": "acme-web",
        "client_secret": "acme-web-secret",
        "subject_token": "legacy-alice",
        "subject_token_type": "urn:acme:legacy",
    }
    assert requests.post(f"{idp.url}/oauth/token", data=form, timeout=5).status_code == 200
    idp.exchange_tokens("legacy", lambda exchange: exchange.deny("stolen", "Reported as stolen."))
    assert requests.post(f"{idp.url}/oauth/token", data=form, timeout=5).status_code == 403


def invite(idp: MockIdP) -> None:
    idp.add_organization("acme", connections=[{"name": "Username-Password-Authentication"}])
    login_route = "https://app.acme.example/login"
    idp.patch_client("acme-web", organization_usage="allow", initiate_login_uri=login_route)
    link = idp.invite("acme", "alice@acme.example", client="acme-web")
    assert link.startswith(f"{login_route}?invitation=")
    message = idp.outbox.last(to="alice@acme.example", kind="user_invitation")
    assert message is not None
    assert message.link == link


def unblock(idp: MockIdP) -> None:
    form = {
        "grant_type": "password",
        "client_id": "acme-web",
        "client_secret": "acme-web-secret",
        "username": "alice@acme.example",
        "password": "wrong",
    }
    for _ in range(10):
        requests.post(f"{idp.url}/oauth/token", data=form, timeout=5)
    form["password"] = "Passw0rd!"
    assert requests.post(f"{idp.url}/oauth/token", data=form, timeout=5).status_code == 429
    idp.unblock("alice")
    assert requests.post(f"{idp.url}/oauth/token", data=form, timeout=5).status_code == 200


def _request_device_code(idp: MockIdP) -> tuple[str, dict[str, str]]:
    answer = requests.post(f"{idp.url}/oauth/device/code", data={"client_id": CLI}, timeout=5)
    codes = answer.json()
    poll = {
        "grant_type": "urn:ietf:params:oauth:grant-type:device_code",
        "client_id": CLI,
        "device_code": codes["device_code"],
    }
    return codes["user_code"], poll


def approve_device(idp: MockIdP) -> None:
    user_code, poll = _request_device_code(idp)
    idp.approve_device(user_code, "alice")
    assert requests.post(f"{idp.url}/oauth/token", data=poll, timeout=5).status_code == 200


def deny_device(idp: MockIdP) -> None:
    user_code, poll = _request_device_code(idp)
    idp.deny_device(user_code)
    answer = requests.post(f"{idp.url}/oauth/token", data=poll, timeout=5)
    assert answer.json()["error"] == "access_denied"


# --- tokens and links ---


def access_token(idp: MockIdP) -> None:
    token = idp.access_token(audience=API, user="alice", scope="read:items")
    assert idp.explain(token).accepted
    expired = idp.access_token(audience=API, user="alice", expired=True)
    assert not idp.explain(expired).accepted


def management_token(idp: MockIdP) -> None:
    token = idp.management_token("read:users")
    users = requests.get(
        f"{idp.url}/api/v2/users", headers={"Authorization": f"Bearer {token}"}, timeout=10
    )
    assert users.json()[0]["user_id"] == "auth0|alice"


def id_token(idp: MockIdP) -> None:
    token = idp.id_token(user="alice", client="acme-spa", claims={"email": None})
    claims = idp.explain(token).decoded["claims"]
    assert claims["aud"] == "acme-spa"
    assert claims["email"] is None


def native_social_token(idp: MockIdP) -> None:
    idp.add_connection("apple", strategy="apple")
    idp.add_user("apple|ada", connection="apple")
    idp.patch_client("acme-spa", native_social_login={"apple": {"enabled": True}})
    form = {
        "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
        "client_id": "acme-spa",
        "subject_token": idp.native_social_token("ada"),
        "subject_token_type": "http://auth0.com/oauth/token-type/apple-authz-code",
    }
    assert requests.post(f"{idp.url}/oauth/token", data=form, timeout=5).status_code == 200
    again = requests.post(f"{idp.url}/oauth/token", data=form, timeout=5)
    assert again.json()["error_description"] == "Invalid authorization code"


def connect_account(idp: MockIdP) -> None:
    vault = "urn:auth0:params:oauth:grant-type:token-exchange:federated-connection-access-token"
    of_service = "http://auth0.com/oauth/token-type/federated-connection-access-token"
    idp.add_connection("slack", strategy="oauth2", connected_accounts={"active": True})
    api_client = {"app_type": "resource_server", "resource_server_identifier": API}
    idp.add_client("items-api", client_secret="secret", grant_types=[vault], **api_client)
    idp.connect_account("alice", "slack", access_token="xoxp-1", scopes="chat:write")
    form = {
        "grant_type": vault,
        "client_id": "items-api",
        "client_secret": "secret",
        "subject_token": idp.access_token(user="alice", audience=API),
        "subject_token_type": "urn:ietf:params:oauth:token-type:access_token",
        "requested_token_type": of_service,
        "connection": "slack",
    }
    tokens = requests.post(f"{idp.url}/oauth/token", data=form, timeout=5).json()
    assert tokens["access_token"] == "xoxp-1"


def impersonation_link(idp: MockIdP) -> None:
    link = idp.impersonation_link("alice", client="acme-web", state="to-admin")
    answer = requests.get(link, allow_redirects=False, timeout=5)
    assert answer.headers["Location"].startswith(CALLBACK)
    again = requests.get(link, timeout=5)
    assert "Bad mac" in again.text


def explain(idp: MockIdP) -> None:
    explanation = idp.explain("http://localhost:3000/callback?error=access_denied")
    assert explanation.kind == "callback"
    assert explanation.accepted is False
    assert explanation.reasons == ("The login was refused with the error 'access_denied'.",)


# --- faults and rate limits ---


def exhaust_rate_limit(_idp: MockIdP) -> None:
    with MockIdP(settings={"rate_limits": "auth0"}) as limited:
        limited.clock.freeze()
        limited.exhaust_rate_limit("jwks", remaining=1)
        url = f"{limited.url}/.well-known/jwks.json"
        answers = [requests.get(url, timeout=5) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [200, 429]


def fault(idp: MockIdP) -> None:
    with idp.fault("token", status=503, times=1, when={"client": "acme-web"}) as outage:
        form = {"client_id": "acme-web", "grant_type": "client_credentials"}
        assert requests.post(f"{idp.url}/oauth/token", data=form, timeout=5).status_code == 503
        assert outage.fired == 1


def faults(idp: MockIdP) -> None:
    idp.fault("jwks", status=500, name="outage")
    assert [one.name for one in idp.faults] == ["outage"]


def faults__unfired(idp: MockIdP) -> None:
    idp.fault("jwks", status=500, name="outage")
    assert [one.name for one in idp.faults.unfired] == ["outage"]


def faults__cancel(idp: MockIdP) -> None:
    idp.fault("jwks", status=500, name="outage")
    assert idp.faults.cancel("outage")
    assert not idp.faults.cancel("outage")


def faults__clear(idp: MockIdP) -> None:
    idp.fault("jwks", status=500)
    idp.faults.clear()
    assert len(idp.faults) == 0


# --- clock ---


def clock__now(idp: MockIdP) -> None:
    idp.clock.freeze("2030-01-31T12:00:00Z")
    assert idp.clock.now() == 1896091200


def clock__freeze(idp: MockIdP) -> None:
    idp.clock.freeze("2030-01-31T12:00:00Z")
    token = idp.access_token(audience=API, user="alice")
    assert idp.explain(token).decoded["claims"]["iat"] == 1896091200


def clock__set(idp: MockIdP) -> None:
    idp.clock.set("2030-01-31T12:00:00Z")
    assert idp.clock.now() >= 1896091200


def clock__advance(idp: MockIdP) -> None:
    token = idp.access_token(audience=API, user="alice", expires_in=60)
    idp.clock.advance(61)
    assert idp.explain(token).accepted is False


def clock__offset(idp: MockIdP) -> None:
    before = idp.clock.now()
    idp.clock.offset(3600)
    assert idp.clock.now() >= before + 3600
    idp.clock.offset(0)


def clock__resume(idp: MockIdP) -> None:
    idp.clock.freeze("2030-01-31T12:00:00Z")
    idp.clock.resume()
    assert idp.clock.now() >= 1896091200


def clock__skew(idp: MockIdP) -> None:
    idp.clock.freeze("2030-01-31T12:00:00Z")
    idp.clock.skew = 90
    token = idp.access_token(audience=API, user="alice")
    assert idp.explain(token).decoded["claims"]["iat"] == 1896091200 + 90
