"""Additional tenants: their URLs, and that they share nothing."""

from dataclasses import replace

import pytest

from helpers.acme import ACME
from helpers.interleaved import run_after_next_find
from helpers.tenant_client import bearer, hint
from mockidp.codec.write import to_file
from mockidp.errors import MockIdPError
from mockidp.tenant.tenant import Tenant
from mockidp.web.app import create_app
from mockidp.web.tenants import additional as layer

URL = "http://localhost:9400"
API = "https://api.example/"
IN_MEMORY = pytest.mark.parametrize("first", ["memory"], indirect=True)
"""For tests of objects in this process; `tests/tenant/shared` has those of tenants on Redis."""
SHOP = to_file(replace(ACME, roles=(), users=ACME.users[1:2]))


def test_it_has_its_own_path_and_host(first):
    made = first.make(name="w1")
    assert made["url"] == f"{URL}/t/w1"
    assert made["issuer"] == f"{URL}/t/w1/"
    assert made["host_url"] == "http://w1.localhost:9400"
    for url in (made["url"], made["host_url"]):
        discovered = first.at(url).get("/.well-known/openid-configuration").json
        assert discovered["issuer"] == f"{url}/"
        assert discovered["token_endpoint"] == f"{url}/oauth/token"
    listed = first.get("/_mockidp/v1/tenants").json["items"]
    assert [one["name"] for one in listed] == ["w1"]


def test_another_host_below_localhost_is_the_first_tenant(first):
    first.make(name="one")
    assert first.at("http://other.localhost:9400").get("/.well-known/jwks.json").status_code == 200


def test_its_name_can_be_a_part_of_paths(first):
    made = first.make(name="client")
    assert first.at(made["url"]).get("/client/web.js").status_code == 200


def test_a_name_is_generated_by_default(first):
    names = {first.make()["name"] for _ in range(3)}
    assert len(names) == 3


def test_they_share_nothing(first):
    one, other = (first.at(first.make(name=name)["url"]) for name in ("one", "other"))
    assert one.post("/_mockidp/v1/users", json_body={"user_id": "carol"}).status_code == 200
    assert other.get("/_mockidp/v1/users/auth0%7Ccarol").status_code == 404
    form = {"client_id": "x", "client_secret": "s", "grant_type": "client_credentials"}
    token = one.post("/oauth/token", **form, audience=API).json["access_token"]
    assert one.get("/_mockidp/v1/journal").json["items"][0]["url"] == f"{one.url}/oauth/token"
    assert other.get("/_mockidp/v1/journal").json["items"] == []
    explained = [
        tenant_client.post("/_mockidp/v1/explain", json_body={"thing": token}).json["accepted"]
        for tenant_client in (one, other, first)
    ]
    assert explained == [True, False, False]
    made = one.post("/_mockidp/v1/tokens", json_body={"user": "alice"}).json["access_token"]
    statuses = [
        tenant_client.get("/userinfo", headers=bearer(made)).status_code
        for tenant_client in (one, other)
    ]
    assert statuses == [200, 401]


def test_tenants_with_the_same_seed_have_different_tokens(first):
    seeded = [first.at(first.make(name=name, seed=7)["url"]) for name in ("one", "two")]
    opaque = [
        tenant_client.post("/_mockidp/v1/tokens", json_body={"user": "alice"}).json["access_token"]
        for tenant_client in seeded
    ]
    assert opaque[0] != opaque[1]


def test_it_is_created_from_a_document_with_its_own_keys(first):
    document = {"users": [{"user_id": "auth0|zoe", "email": "zoe@example.com"}]}
    made = first.at(first.make(name="own", tenant=document, own_keys=True)["url"])
    users = made.get("/_mockidp/v1/users").json["items"]
    assert [user["user_id"] for user in users] == ["auth0|zoe"]
    theirs, ours = (
        tenant_client.get("/.well-known/jwks.json").json["keys"] for tenant_client in (made, first)
    )
    assert theirs[0]["n"] != ours[0]["n"]


def test_it_is_deleted_by_call_and_by_age(first, monkeypatch):
    made = first.at(first.make(name="gone", max_age=60)["url"])
    assert made.get("/.well-known/jwks.json").status_code == 200
    assert first.request("DELETE", "/_mockidp/v1/tenants/gone").status_code == 204
    assert made.get("/.well-known/jwks.json").status_code == 404
    assert first.request("DELETE", "/_mockidp/v1/tenants/gone").status_code == 404
    first.make(name="old", max_age=60)
    first.make(name="young", max_age=6000)
    first.app.additional.clock.advance(61)
    assert first.at(f"{URL}/t/old").get("/.well-known/jwks.json").status_code == 404
    assert first.at(f"{URL}/t/young").get("/.well-known/jwks.json").status_code == 200
    assert [one.name for one in first.app.additional.all()] == ["young"]


def test_it_is_described_by_name(first):
    made = first.make(name="mine")
    assert first.get("/_mockidp/v1/tenants/mine").json == made
    refused = first.get("/_mockidp/v1/tenants/other")
    assert (refused.status_code, refused.json["detail"]) == (
        404,
        "There is no tenant 'other'. Known: mine.",
    )


@IN_MEMORY
def test_deleting_a_tenant_ends_its_delays(first):
    made = first.make(name="slow")
    fault = {"endpoint": "token", "delay": 3600}
    first.at(made["url"]).post("/_mockidp/v1/faults", json_body=fault)
    tenant = first.app.additional.get("slow").tenant
    (held,) = tenant.faults
    canceled = tenant.logout_delivery._canceled
    first.request("DELETE", "/_mockidp/v1/tenants/slow")
    assert held.ended.is_set()
    assert canceled.is_set(), "the deliveries of logout tokens, too"


@pytest.mark.parametrize(
    "name", ["", "A", "-a", "a-", "a b", "a/b", "..", "a" * 64, "ab--cd", "xn--a"]
)
def test_an_invalid_name_is_refused(name):
    app = create_app(Tenant())
    with pytest.raises(MockIdPError, match="not a valid tenant name"):
        app.additional.add(name, Tenant(), max_age=60)


def test_a_taken_name_and_too_many_tenants_are_refused(first, monkeypatch):
    first.make(name="one")
    refused = first.post("/_mockidp/v1/tenants", json_body={"name": "one"})
    assert refused.status_code == 409
    assert "There is a tenant 'one' already." in refused.json["detail"]
    monkeypatch.setattr(layer, "MAX_COUNT", 1)
    refused = first.post("/_mockidp/v1/tenants", json_body={"name": "two"})
    assert "There are 1 tenants already." in refused.json["detail"]


PATHS = [
    "/t/nobody/authorize",
    "/t/nobody/userinfo",
    "/t/nobody",
    "/t/",
    "/t/ONE/authorize",
    "/t/../authorize",
    "/t/one%2Fauthorize",
    "/t%2Fone/authorize",
]


@pytest.mark.parametrize("path", PATHS)
def test_an_unknown_tenant_is_404_and_the_hint_names_the_known_ones(first, path):
    first.make(name="one")
    first.make(name="another")
    refused = first.get(path)
    assert refused.status_code == 404
    assert hint(refused).endswith("Known: another, one.")
    assert len(first.tenant.journal) == 0


def test_a_control_request_to_an_unknown_tenant_is_a_problem(first):
    first.make(name="one")
    refused = first.post("/t/nobody/_mockidp/v1/reset", json_body={})
    assert (refused.status_code, refused.mimetype) == (404, "application/problem+json")
    assert refused.json["detail"] == "There is no tenant 'nobody'. Known: one."


def test_a_fault_of_the_first_does_not_fire_for_an_unknown_tenant(first):
    first.make(name="one")
    fault = first.post("/_mockidp/v1/faults", json_body={"endpoint": "*", "status": 503}).json
    assert first.get("/t/nobody/userinfo").status_code == 404
    assert first.get(f"/_mockidp/v1/faults/{fault['name']}").json["fired"] == 0


def test_the_prefix_alone_is_not_a_tenant(first):
    first.make(name="one")
    assert first.get("/t").status_code == 404


@IN_MEMORY
def test_without_other_tenants_the_prefix_is_an_ordinary_path(first):
    assert "Neither Auth0 nor this mock" in hint(first.get("/t/one/authorize"))


@pytest.mark.parametrize("how", ["by call", "by age"])
def test_a_deleted_tenant_is_not_found_under_its_host(first, how):
    made = first.make(name="one", max_age=60)
    first.make(name="two")
    if how == "by call":
        first.request("DELETE", "/_mockidp/v1/tenants/one")
    else:
        first.app.additional.clock.advance(61)
    for url in (made["url"], made["host_url"], "http://ONE.localhost:9400"):
        refused = first.at(url).get("/.well-known/jwks.json")
        assert refused.status_code == 404
        assert hint(refused) == "There is no tenant 'one'. Known: two."
    again = first.make(name="one")
    assert first.at(again["host_url"]).get("/.well-known/jwks.json").status_code == 200


def test_only_one_of_two_concurrent_deletions_succeeds(first, monkeypatch):
    first.make(name="one")
    additional, removed = first.app.additional, []
    run_after_next_find(
        monkeypatch, additional._names, lambda: removed.append(additional.remove("one"))
    )
    assert not additional.remove("one")
    assert removed == [True]


@IN_MEMORY
def test_a_tenant_that_is_being_deleted_is_not_found(first):
    made = first.make(name="one")
    first.app.additional._tenants._tenants.clear()
    assert first.at(made["url"]).get("/.well-known/jwks.json").status_code == 404
    assert first.app.additional.all() == ()


def test_without_known_tenants_the_hint_says_so(first):
    made = first.make(name="one")
    first.request("DELETE", "/_mockidp/v1/tenants/one")
    assert hint(first.at(made["url"]).get("/userinfo")).endswith("Known: none.")


@pytest.mark.parametrize("place", ["url", "host_url"])
@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/tenants"), ("GET", "/tenants"), ("DELETE", "/tenants/two")]
)
def test_only_the_first_creates_and_deletes_others(first, place, method, path):
    made = first.make(name="one")
    first.make(name="two")
    body = {"json": {}} if method == "POST" else {}
    refused = first.at(made[place]).request(method, f"/_mockidp/v1{path}", **body)
    assert refused.status_code == 403
    assert refused.json["detail"].startswith("Only the first tenant")
    assert [one.name for one in first.app.additional.all()] == ["one", "two"]


@pytest.mark.parametrize("max_age", [0, -1, 86401])
def test_max_age_is_more_than_zero_and_at_most_a_day(first, max_age):
    refused = first.post("/_mockidp/v1/tenants", json_body={"max_age": max_age})
    assert refused.status_code == 400
    assert f"Parameter `max_age` is {max_age}." in refused.json["detail"]


def test_its_document_is_the_firsts_without_the_issuer(first):
    changed = {"mockidp": {"issuer": "https://login.acme.example/", "hosts": ["mock.example"]}}
    first.request("PATCH", "/_mockidp/v1/tenant", json=changed)
    made = first.make(name="one")
    assert made["issuer"] == f"{URL}/t/one/"
    for host in ("login.acme.example", "mock.example"):
        found = first.at(f"https://{host}/t/one").get("/.well-known/openid-configuration")
        assert found.json["issuer"] == f"https://{host}/t/one/"


@pytest.mark.parametrize("setting", ["issuer", "browser_url"])
def test_its_browser_url_is_below_that_of_the_first(first, setting):
    changed = {"mockidp": {setting: "https://login.acme.example/"}}
    first.request("PATCH", "/_mockidp/v1/tenant", json=changed)
    found = first.at(first.make(name="one")["url"]).get("/.well-known/openid-configuration").json
    assert found["authorization_endpoint"] == "https://login.acme.example/t/one/authorize"
    assert found["token_endpoint"] == f"{URL}/t/one/oauth/token"


def test_a_generated_name_does_not_shift_the_first_tenants_seed(first):
    seeded = Tenant(seed=7)
    before = seeded.ids.state()
    first.app.tenant = seeded
    first.app.additional.generate_name()
    assert seeded.ids.state() == before
