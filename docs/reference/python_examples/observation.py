"""Examples of journal, outbox, assertions, state and the mock itself."""

from __future__ import annotations

import pytest
import requests

from mockidp import MockIdP, MockIdPError, RemoteIdP

API = "https://api.acme.example/"
CALLBACK = "http://localhost:3000/callback"


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
    with pytest.raises(MockIdPError, match="Waited 0 s"):
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
    with pytest.raises(AssertionError, match="Expected no refusals, found 1"):
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
