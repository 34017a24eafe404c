"""The examples of the page about Python: one function for each entry, which the tests run.

`idp` serves the tenant of `mockidp serve --example acme`. The name of a function is that of its
entry, with `__` for a dot.
"""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from mockidp import MockIdP, MockIdPError, RemoteIdP

API = "https://api.acme.example/"
CALLBACK = "http://localhost:3000/callback"


# --- records ---


def add_user(idp: MockIdP) -> None:
    user = idp.add_user("carol", email="carol@acme.example", roles=["viewer"])
    assert user.user_id == "auth0|carol"
    assert user.password == "Passw0rd!"


def get_user(idp: MockIdP) -> None:
    assert idp.get_user("alice").email == "alice@acme.example"


def list_users(idp: MockIdP) -> None:
    assert "auth0|alice" in [user.user_id for user in idp.list_users()]


def patch_user(idp: MockIdP) -> None:
    assert idp.patch_user("alice", blocked=True).blocked


def remove_user(idp: MockIdP) -> None:
    idp.remove_user("alice")
    assert "auth0|alice" not in [user.user_id for user in idp.list_users()]


def add_client(idp: MockIdP) -> None:
    client = idp.add_client("shop", callbacks=[CALLBACK])
    assert client.client_secret == "shop-secret"


def get_client(idp: MockIdP) -> None:
    assert idp.get_client("acme-web").name == "Acme Web"


def list_clients(idp: MockIdP) -> None:
    assert "acme-web" in [client.client_id for client in idp.list_clients()]


def patch_client(idp: MockIdP) -> None:
    client = idp.patch_client("acme-web", callbacks=[CALLBACK])
    assert client.callbacks == (CALLBACK,)
    assert client.name == "Acme Web"


def remove_client(idp: MockIdP) -> None:
    idp.remove_client("acme-m2m")
    assert "acme-m2m" not in [grant.client_id for grant in idp.list_client_grants()]


def add_api(idp: MockIdP) -> None:
    idp.add_api("https://shop.example/", scopes=["read:orders"])
    assert idp.access_token(audience="https://shop.example/", scope="read:orders")


def get_api(idp: MockIdP) -> None:
    assert "read:items" in [scope.value for scope in idp.get_api(API).scopes]


def list_apis(idp: MockIdP) -> None:
    assert API in [api.identifier for api in idp.list_apis()]


def patch_api(idp: MockIdP) -> None:
    assert idp.patch_api(API, token_lifetime=60).token_lifetime == 60


def remove_api(idp: MockIdP) -> None:
    idp.remove_api(API)
    assert API not in [grant.audience for grant in idp.list_client_grants()]


def add_client_grant(idp: MockIdP) -> None:
    grant = idp.add_client_grant(client_id="acme-spa", audience=API, scope=["read:items"])
    assert grant.id.startswith("cgr_")


def get_client_grant(idp: MockIdP) -> None:
    grant = idp.list_client_grants()[0]
    assert idp.get_client_grant(grant.id) == grant


def list_client_grants(idp: MockIdP) -> None:
    assert "acme-m2m" in [grant.client_id for grant in idp.list_client_grants()]


def patch_client_grant(idp: MockIdP) -> None:
    grant = idp.list_client_grants()[0]
    assert idp.patch_client_grant(grant.id, scope=[]).scope == ()


def remove_client_grant(idp: MockIdP) -> None:
    grant = idp.list_client_grants()[0]
    idp.remove_client_grant(grant.id)
    assert grant not in idp.list_client_grants()


def add_connection(idp: MockIdP) -> None:
    idp.add_connection("staff", enabled_clients=["acme-web"])
    assert idp.add_user("dave", connection="staff").connection == "staff"


def get_connection(idp: MockIdP) -> None:
    idp.add_connection("staff")
    assert idp.get_connection("staff").strategy == "auth0"


def list_connections(idp: MockIdP) -> None:
    names = [connection.name for connection in idp.list_connections()]
    assert "Username-Password-Authentication" in names


def patch_connection(idp: MockIdP) -> None:
    idp.add_connection("staff")
    changed = idp.patch_connection("staff", enabled_clients=["acme-web"])
    assert changed.enabled_clients == ("acme-web",)


def remove_connection(idp: MockIdP) -> None:
    idp.add_connection("staff")
    idp.add_user("dave", connection="staff")
    idp.remove_connection("staff")
    assert "auth0|dave" not in [user.user_id for user in idp.list_users()]


def add_role(idp: MockIdP) -> None:
    read = {"permission_name": "read:items", "resource_server_identifier": API}
    idp.add_role("reader", permissions=[read])
    assert idp.add_user("carol", roles=["reader"]).roles == ("reader",)


def get_role(idp: MockIdP) -> None:
    idp.add_role("reader", description="May read.")
    assert idp.get_role("reader").description == "May read."


def list_roles(idp: MockIdP) -> None:
    idp.add_role("reader")
    assert "reader" in [role.name for role in idp.list_roles()]


def patch_role(idp: MockIdP) -> None:
    idp.add_role("reader")
    assert idp.patch_role("reader", description="May read.").description == "May read."


def remove_role(idp: MockIdP) -> None:
    idp.add_role("reader")
    idp.add_user("carol", roles=["reader"])
    idp.remove_role("reader")
    assert idp.get_user("carol").roles == ()


def add_organization(idp: MockIdP) -> None:
    organization = idp.add_organization("acme", members=[{"user_id": "auth0|alice"}])
    assert organization.id.startswith("org_")


def get_organization(idp: MockIdP) -> None:
    organization = idp.add_organization("acme")
    assert idp.get_organization(organization.id) == idp.get_organization("acme")


def list_organizations(idp: MockIdP) -> None:
    idp.add_organization("acme")
    assert [one.name for one in idp.list_organizations()] == ["acme"]


def patch_organization(idp: MockIdP) -> None:
    idp.add_organization("acme")
    assert idp.patch_organization("acme", display_name="Acme").display_name == "Acme"


def remove_organization(idp: MockIdP) -> None:
    idp.add_organization("acme")
    idp.remove_organization("acme")
    assert idp.list_organizations() == []


def add_claim(idp: MockIdP) -> None:
    idp.add_claim("https://acme.example/plan", value="pro", in_="id_token")
    claims = idp.explain(idp.id_token(user="alice")).decoded["claims"]
    assert claims["https://acme.example/plan"] == "pro"


def list_claims(idp: MockIdP) -> None:
    idp.add_claim("https://acme.example/plan", value="pro")
    assert "https://acme.example/plan" in [one.claim for one in idp.list_claims()]


def patch_claim(idp: MockIdP) -> None:
    idp.add_claim("https://acme.example/plan", value="pro")
    changed = idp.patch_claim("https://acme.example/plan", from_="user.app_metadata.plan")
    assert changed.path == "user.app_metadata.plan"


def remove_claim(idp: MockIdP) -> None:
    idp.add_claim("https://acme.example/plan", value="pro")
    idp.remove_claim("https://acme.example/plan")
    assert "https://acme.example/plan" not in [one.claim for one in idp.list_claims()]


# --- logins ---


def sign_in_as(idp: MockIdP) -> None:
    idp.sign_in_as("alice", client="acme-spa")
    request = {"client_id": "acme-spa", "response_type": "code", "redirect_uri": CALLBACK}
    answer = requests.get(f"{idp.url}/authorize", params=request, allow_redirects=False, timeout=5)
    assert "code" in parse_qs(urlsplit(answer.headers["Location"]).query)


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


# --- tokens and links ---


def access_token(idp: MockIdP) -> None:
    token = idp.access_token(audience=API, user="alice", scope="read:items")
    assert idp.explain(token).accepted
    expired = idp.access_token(audience=API, user="alice", expired=True)
    assert not idp.explain(expired).accepted


def id_token(idp: MockIdP) -> None:
    token = idp.id_token(user="alice", client="acme-spa", claims={"email": None})
    claims = idp.explain(token).decoded["claims"]
    assert claims["aud"] == "acme-spa"
    assert claims["email"] is None


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
    assert explanation.reasons == ("the login was refused: access_denied",)


# --- faults ---


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


# --- journal ---


def journal(idp: MockIdP) -> None:
    requests.get(f"{idp.url}/userinfo", timeout=5)
    for entry in idp.journal:
        assert (entry.endpoint, entry.status) == ("userinfo", 401)


def journal__of(idp: MockIdP) -> None:
    requests.get(f"{idp.url}/userinfo", timeout=5)
    assert len(idp.journal.of("userinfo", status=401)) == 1


def journal__last(idp: MockIdP) -> None:
    assert idp.journal.last("userinfo") is None
    requests.get(f"{idp.url}/userinfo", timeout=5)
    entry = idp.journal.last("userinfo")
    assert entry is not None
    assert entry.hint


def journal__wait_for(idp: MockIdP) -> None:
    requests.get(f"{idp.url}/userinfo", timeout=5)
    (entry,) = idp.journal.wait_for("userinfo", timeout=2)
    assert entry.status == 401


def journal__to_json(idp: MockIdP) -> None:
    requests.get(f"{idp.url}/userinfo", timeout=5)
    assert '"endpoint": "userinfo"' in idp.journal.to_json()


def journal__clear(idp: MockIdP) -> None:
    requests.get(f"{idp.url}/userinfo", timeout=5)
    idp.journal.clear()
    assert len(idp.journal) == 0


# --- outbox ---


def outbox(idp: MockIdP) -> None:
    assert [message.to for message in idp.outbox] == []


def outbox__of(idp: MockIdP) -> None:
    assert idp.outbox.of(to="alice@acme.example", kind="reset_email") == []


def outbox__last(idp: MockIdP) -> None:
    assert idp.outbox.last(user="alice") is None


def outbox__wait_for(idp: MockIdP) -> None:
    with pytest.raises(MockIdPError, match="waited 0 s"):
        idp.outbox.wait_for(to="alice@acme.example", timeout=0)


def outbox__clear(idp: MockIdP) -> None:
    idp.outbox.clear()
    assert len(idp.outbox) == 0


# --- assertions ---


def assert_signed_in(idp: MockIdP) -> None:
    form = {
        "grant_type": "password",
        "client_id": "acme-web",
        "client_secret": "acme-web-secret",
        "username": "alice@acme.example",
        "password": "Passw0rd!",
    }
    requests.post(f"{idp.url}/oauth/token", data=form, timeout=5)
    entry = idp.assert_signed_in("alice", client="acme-web")
    assert entry.grant == "password"


def assert_token_requested(idp: MockIdP) -> None:
    form = {
        "grant_type": "client_credentials",
        "client_id": "acme-m2m",
        "client_secret": "acme-m2m-secret",
        "audience": API,
    }
    requests.post(f"{idp.url}/oauth/token", data=form, timeout=5)
    idp.assert_token_requested(grant="client_credentials", audience=API, times=1)


def assert_no_refusals(idp: MockIdP) -> None:
    idp.assert_no_refusals()
    requests.get(f"{idp.url}/userinfo", timeout=5)
    with pytest.raises(AssertionError, match="expected no refusals, found 1"):
        idp.assert_no_refusals()


# --- keys and state ---


def list_keys(idp: MockIdP) -> None:
    assert [key.standing for key in idp.list_keys()] == ["current", "next"]


def rotate_keys(idp: MockIdP) -> None:
    token = idp.access_token(audience=API, user="alice")
    kid = idp.rotate_keys()
    assert idp.list_keys()[0].kid == kid
    assert idp.explain(token).accepted


def revoke_key(idp: MockIdP) -> None:
    token = idp.access_token(audience=API, user="alice")
    idp.rotate_keys()
    (previous,) = [key for key in idp.list_keys() if key.standing == "previous"]
    idp.revoke_key(previous.kid)
    assert idp.explain(token).accepted is False


def reset(idp: MockIdP) -> None:
    idp.fault("token", status=503)
    idp.add_user("carol")
    idp.reset()
    assert len(idp.faults) == 0
    idp.add_user("carol")


def snapshot(idp: MockIdP) -> None:
    before = idp.snapshot()
    kid = idp.rotate_keys()
    idp.restore(before)
    assert idp.list_keys()[1].kid == kid


def restore(idp: MockIdP) -> None:
    before = idp.snapshot()
    idp.clock.advance(3600)
    idp.restore(before)


# --- where the tenant is ---


def url(idp: MockIdP) -> None:
    assert requests.get(f"{idp.url}/.well-known/jwks.json", timeout=5).ok


def issuer(idp: MockIdP) -> None:
    discovery = requests.get(f"{idp.issuer}.well-known/openid-configuration", timeout=5).json()
    assert discovery["issuer"] == idp.issuer


# --- only MockIdP: its server ---


def MockIdP__() -> None:  # noqa: N802 - the name of its entry
    with MockIdP({"users": [{"user_id": "auth0|zoe"}]}, seed=7) as idp:
        assert idp.url.startswith("http://localhost:")
    with MockIdP(settings={"profile": "oidc"}, tls=True) as idp:
        assert idp.tls_url.startswith("https://localhost:")


def start() -> None:
    idp = MockIdP().start()
    assert idp.is_served
    idp.stop()
    idp.start()  # on the same port
    idp.stop()


def stop() -> None:
    idp = MockIdP().start()
    idp.stop()
    assert not idp.is_served


def serve() -> None:
    with MockIdP().serve() as idp:
        assert idp.is_served


def is_served() -> None:
    with MockIdP() as idp:
        assert idp.is_served
    assert not idp.is_served


def tls_url() -> None:
    with MockIdP(tls=True) as idp:
        answer = requests.get(f"{idp.tls_url}/userinfo", verify=idp.ca_file, timeout=5)
        assert answer.status_code == 401


def ca_file() -> None:
    with MockIdP(tls=True) as idp:
        assert idp.ca_file.endswith("ca.pem")


def bundle_file() -> None:
    with MockIdP(tls=True) as idp:
        assert requests.get(f"{idp.tls_url}/_mockidp/health", verify=idp.bundle_file, timeout=5).ok


def transport() -> None:
    import httpx  # noqa: PLC0415 - an extra

    idp = MockIdP(url="https://acme.eu.auth0.com")
    with httpx.Client(transport=idp.transport(), base_url=idp.url) as client:
        assert client.get("/.well-known/jwks.json").status_code == 200


# --- only RemoteIdP: its connections ---


def RemoteIdP__(idp: MockIdP) -> None:  # noqa: N802 - the name of its entry
    with RemoteIdP(idp.url) as remote:
        remote.sign_in_as("alice")


def close(idp: MockIdP) -> None:
    remote = RemoteIdP(idp.url)
    remote.reset()
    remote.close()
