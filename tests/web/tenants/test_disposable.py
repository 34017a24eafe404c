"""Tenants that are made beside the first: where they are, and that they share nothing."""

import pytest
from tenant_client import TenantClient, bearer

from mockidp.errors import MockIdPError
from mockidp.protocol.origin import origin_of
from mockidp.tenant.tenant import Tenant
from mockidp.web import tenants as layer
from mockidp.web.app import create_app

URL = "http://localhost:9400"
API = "https://api.example/"


class Face(TenantClient):
    """A browser and an app at one place of the server."""

    def request(self, method, path, **options):
        """Send a request as a server gets it: with the tenant's prefix in the path."""
        origin = origin_of(self.url)
        whole = self.url.removeprefix(origin) + path
        raw = {"REQUEST_URI": whole, "RAW_URI": whole}
        options = {"base_url": origin, "environ_overrides": raw} | options
        return self.browser.open(whole, method=method, **options)

    def make(self, **body):
        answer = self.post("/_mockidp/v1/tenants", json_body=body)
        assert answer.status_code == 201, answer.text
        return answer.json


@pytest.fixture
def first():
    tenant = Tenant()
    return Face(tenant=tenant, app=create_app(tenant), url=URL)


def at(first, url):
    """Return another browser, at a tenant's URL."""
    return Face(tenant=first.tenant, app=first.app, url=url)


def test_it_has_a_path_and_a_host_of_its_own(first):
    made = first.make(name="w1")
    assert made["url"] == f"{URL}/t/w1"
    assert made["issuer"] == f"{URL}/t/w1/"
    assert made["host_url"] == "http://w1.localhost:9400"
    for url in (made["url"], made["host_url"]):
        discovered = at(first, url).get("/.well-known/openid-configuration").json
        assert discovered["issuer"] == f"{url}/"
        assert discovered["token_endpoint"] == f"{url}/oauth/token"
    listed = first.get("/_mockidp/v1/tenants").json["items"]
    assert [one["name"] for one in listed] == ["w1"]


def test_one_is_made_up_where_no_name_is_given(first):
    names = {first.make()["name"] for _ in range(3)}
    assert len(names) == 3


def test_they_share_nothing(first):
    one, other = (at(first, first.make(name=name)["url"]) for name in ("one", "other"))
    assert one.post("/_mockidp/v1/users", json_body={"user_id": "carol"}).status_code == 200
    assert other.get("/_mockidp/v1/users/auth0%7Ccarol").status_code == 404
    form = {"client_id": "x", "client_secret": "s", "grant_type": "client_credentials"}
    token = one.post("/oauth/token", **form, audience=API).json["access_token"]
    assert one.get("/_mockidp/v1/journal").json["items"][0]["url"] == f"{one.url}/oauth/token"
    assert other.get("/_mockidp/v1/journal").json["items"] == []
    explained = [
        face.post("/_mockidp/v1/explain", json_body={"thing": token}).json["accepted"]
        for face in (one, other, first)
    ]
    assert explained == [True, False, False]
    made = one.post("/_mockidp/v1/tokens", json_body={"user": "alice"}).json["access_token"]
    statuses = [face.get("/userinfo", headers=bearer(made)).status_code for face in (one, other)]
    assert statuses == [200, 401]


def test_with_one_seed_their_tokens_are_two(first):
    seeded = [at(first, first.make(name=name, seed=7)["url"]) for name in ("one", "two")]
    opaque = [
        face.post("/_mockidp/v1/tokens", json_body={"user": "alice"}).json["access_token"]
        for face in seeded
    ]
    assert opaque[0] != opaque[1]


def test_it_is_made_of_a_document_with_keys_of_its_own(first):
    document = {"users": [{"user_id": "auth0|zoe", "email": "zoe@example.com"}]}
    made = at(first, first.make(name="own", tenant=document, own_keys=True)["url"])
    users = made.get("/_mockidp/v1/users").json["items"]
    assert [user["user_id"] for user in users] == ["auth0|zoe"]
    theirs, ours = (face.get("/.well-known/jwks.json").json["keys"] for face in (made, first))
    assert theirs[0]["n"] != ours[0]["n"]


def test_it_is_deleted_by_call_and_by_age(first, monkeypatch):
    made = at(first, first.make(name="gone", max_age=60)["url"])
    assert made.get("/.well-known/jwks.json").status_code == 200
    assert first.request("DELETE", "/_mockidp/v1/tenants/gone").status_code == 204
    assert made.get("/.well-known/jwks.json").status_code == 404
    assert first.request("DELETE", "/_mockidp/v1/tenants/gone").status_code == 404
    first.make(name="old", max_age=60)
    first.make(name="young", max_age=6000)
    first.app._clock.advance(61)
    assert at(first, f"{URL}/t/old").get("/.well-known/jwks.json").status_code == 404
    assert at(first, f"{URL}/t/young").get("/.well-known/jwks.json").status_code == 200
    assert [one.name for one in first.app.others] == ["young"]


def test_a_delayed_answer_comes_when_its_tenant_goes(first):
    made = first.make(name="slow")
    fault = {"where": "token", "delay": 3600}
    at(first, made["url"]).post("/_mockidp/v1/faults", json_body=fault)
    (held,) = first.app._others["slow"].tenant.faults
    first.request("DELETE", "/_mockidp/v1/tenants/slow")
    assert held.ended.is_set()


@pytest.mark.parametrize("name", ["", "A", "-a", "a-", "a b", "a/b", "..", "a" * 64])
def test_what_is_no_name_of_a_host_is_refused(name):
    app = create_app(Tenant())
    with pytest.raises(MockIdPError, match="no name of a tenant"):
        app.add(name, Tenant(), max_age=60)


def test_a_name_is_taken_once_and_there_are_so_many(first, monkeypatch):
    first.make(name="one")
    refused = first.post("/_mockidp/v1/tenants", json_body={"name": "one"})
    assert 400 <= refused.status_code < 500
    assert "there is a tenant 'one' already" in refused.json["detail"]
    monkeypatch.setattr(layer, "MOST", 1)
    refused = first.post("/_mockidp/v1/tenants", json_body={"name": "two"})
    assert "there are 1 tenants" in refused.json["detail"]


@pytest.mark.parametrize("path", ["/t/nobody/authorize", "/t/", "/t", "/t/ONE/authorize"])
def test_an_unknown_tenant_is_not_found(first, path):
    first.make(name="one")
    assert first.get(path).status_code == 404


def test_another_host_below_localhost_is_the_first_tenant(first):
    first.make(name="one")
    assert at(first, "http://other.localhost:9400").get("/.well-known/jwks.json").status_code == 200
