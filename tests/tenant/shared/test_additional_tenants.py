"""Additional tenants of two mocks on Redis: what one mock makes or changes, the other one has."""

import threading
from dataclasses import replace

import pytest

from helpers.acme import ACME as SMALL
from helpers.client_certificates import certificate
from helpers.persisted_tenant import ACME
from helpers.shared_mocks import Mock, raced
from helpers.tenant_client import hint
from helpers.waiting import SOON
from mockidp.codec.write import to_file
from mockidp.tenant.tenant import Tenant
from mockidp.web.tenants import additional as layer

JWKS, DISCOVERY = "/.well-known/jwks.json", "/.well-known/openid-configuration"
SHOP = to_file(replace(SMALL, roles=(), users=SMALL.users[1:2]))


@pytest.fixture
def shop(mocks):
    """The same additional tenant through both mocks."""
    url = mocks[0].make(name="shop")
    return [mock.at(url) for mock in mocks]


def test_a_tenant_of_one_mock_is_there_in_the_other_one(mocks):
    one, other = mocks
    made = one.control("POST", "/tenants", {"name": "shop"})
    assert made.status_code == 201
    for mock in mocks:
        assert mock.control("GET", "/tenants").json["items"] == [made.json]
        assert mock.control("GET", "/tenants/shop").json == made.json
        for url in (made.json["url"], made.json["host_url"]):
            assert mock.at(url).send("GET", DISCOVERY).json["issuer"] == f"{url}/"
    assert one.at(made.json["url"]).send("GET", JWKS).json == (
        other.at(made.json["host_url"]).send("GET", JWKS).json
    )
    assert one.send("GET", JWKS).json != one.at(made.json["url"]).send("GET", JWKS).json


def test_records_and_codes_of_a_tenant_are_in_both_mocks_and_in_no_other_tenant(mocks, shop):
    one, other = shop
    assert one.control("POST", "/users", {"user_id": "auth0|carol"}).status_code == 200
    assert other.control("GET", "/users/auth0|carol").status_code == 200
    assert mocks[0].control("GET", "/users/auth0|carol").status_code == 404
    code = one.code("acme-web")
    assert mocks[1].redeem(code).status_code == 403
    assert other.redeem(code).status_code == 200
    assert one.redeem(code).status_code == 403


def test_a_code_raced_over_both_mocks_is_redeemed_once(shop):
    code = shop[0].code("acme-web")
    assert raced(shop, lambda mock: mock.redeem(code)) == {200: 1, 403: 49}


def test_the_mocks_have_one_journal_outbox_clock_and_plan_of_faults(mocks, shop):
    one, other = shop
    one.redeem("x")
    other.send("GET", "/nowhere")
    endpoints = [
        [entry["endpoint"] for entry in mock.control("GET", "/journal").json["items"]]
        for mock in (*shop, *mocks)
    ]
    assert endpoints == [["token", "unmatched"]] * 2 + [[]] * 2
    fault = {"endpoint": "token", "error": "server_error", "times": 7}
    assert one.control("POST", "/faults", fault).status_code < 300
    assert raced(shop, lambda mock: mock.redeem("x")) == {500: 7, 403: 43}
    assert mocks[0].redeem("x").status_code == 403
    sent = {
        "client_id": "acme-web",
        "email": "alice@acme.example",
        "connection": "Username-Password-Authentication",
    }
    assert one.send("POST", "/dbconnections/change_password", json=sent).status_code == 200
    assert len(other.control("GET", "/outbox").json["items"]) == 1
    assert one.control("POST", "/clock", {"freeze": "2031-01-01T00:00:00Z"}).status_code == 200
    assert other.control("GET", "/clock").json["now"] == 1924992000
    assert mocks[0].control("GET", "/clock").json["now"] < 1924992000


def test_a_reset_restores_the_start_of_the_tenant_in_both_mocks(mocks, shop):
    one, other = shop
    before = one.send("GET", JWKS).json
    mocks[0].control("POST", "/users", {"user_id": "auth0|first"})
    one.control("POST", "/users", {"user_id": "auth0|carol"})
    one.control("POST", "/keys/rotate", {})
    code = one.code("acme-web")
    assert other.send("GET", JWKS).json != before
    assert other.control("POST", "/reset", {}).status_code == 204
    for mock in shop:
        assert mock.send("GET", JWKS).json == before
        assert mock.control("GET", "/users/auth0|carol").status_code == 404
        assert mock.redeem(code).status_code == 403
    assert mocks[1].control("GET", "/users/auth0|first").status_code == 200


def test_a_reset_of_the_first_tenant_keeps_the_others(mocks, shop):
    shop[0].control("POST", "/users", {"user_id": "auth0|carol"})
    assert mocks[1].control("POST", "/reset", {}).status_code == 204
    assert shop[1].control("GET", "/users/auth0|carol").status_code == 200


def test_a_mock_that_starts_later_has_the_tenants(shop, start):
    shop[0].control("POST", "/users", {"user_id": "auth0|carol"})
    late = Mock(start()).at("http://localhost:9400/t/shop")
    assert late.control("GET", "/users/auth0|carol").status_code == 200
    assert late.send("GET", JWKS).json == shop[0].send("GET", JWKS).json


def test_a_mock_answers_for_a_known_tenant_while_it_loads_another_one(mocks, shop, monkeypatch):
    from mockidp.tenant.shared import additional

    def load(state, load=additional._open):
        loads.append(state)
        is_loading.set()
        assert go_on.wait(SOON)
        return load(state)

    def get():
        answers.append(slow.send("GET", JWKS).status_code)

    assert shop[1].send("GET", JWKS).status_code == 200
    slow = mocks[1].at(mocks[0].make(name="slow"))
    is_loading, go_on, loads, answers = threading.Event(), threading.Event(), [], []
    monkeypatch.setattr(additional, "_open", load)
    threads = [threading.Thread(target=get) for _ in range(2)]
    for thread in threads:
        thread.start()
    assert is_loading.wait(SOON)
    assert shop[1].send("GET", JWKS).status_code == 200
    assert answers == []
    go_on.set()
    for thread in threads:
        thread.join(SOON)
    assert (answers, len(loads)) == ([200, 200], 1)


def test_a_name_raced_over_both_mocks_is_taken_once(mocks, keys):
    def make(mock):
        return mock.control("POST", "/tenants", {"name": "shop"})

    assert raced(mocks, make) == {201: 1, 409: 49}
    prefixes = {key.split(":")[2] for key in keys() if key.startswith("mockidp:t:")}
    assert len(prefixes) == 1, "the others have left nothing on Redis"


def test_there_are_never_too_many_tenants(mocks, monkeypatch):
    monkeypatch.setattr(layer, "MAX_COUNT", 3)
    assert raced(mocks, lambda mock: mock.control("POST", "/tenants", {})) == {201: 3, 400: 47}
    assert len(mocks[0].control("GET", "/tenants").json["items"]) == 3


def test_own_keys_are_those_of_the_tenant_in_both_mocks(mocks):
    url = mocks[0].make(own_keys=True)
    one, other = (mock.at(url).send("GET", JWKS).json for mock in mocks)
    assert one == other
    of_first = mocks[0].send("GET", JWKS).json
    assert not {key["n"] for key in one["keys"]} & {key["n"] for key in of_first["keys"]}


def issue(mock):
    return mock.control("POST", "/tokens", {"user": "alice"}).json["access_token"]


def test_a_seed_gives_the_same_tokens_whichever_mock_issues_them(mocks, start):
    alone = Mock(Tenant(ACME))
    alone = alone.at(alone.make(name="seeded", seed=7))
    expected = [issue(alone) for _ in range(4)]
    url = mocks[0].make(name="seeded", seed=7)
    pair = [mock.at(url) for mock in mocks]
    assert [issue(pair[turn % 2]) for turn in range(4)] == expected
    assert pair[1].control("POST", "/reset", {}).status_code == 204
    assert [issue(pair[turn % 2]) for turn in range(4)] == expected
    raced_tokens = [issue(mock) for mock in pair]
    assert len({*raced_tokens, *expected}) == 6
    assert [key["kid"] for key in pair[0].send("GET", JWKS).json["keys"]] == [
        key["kid"] for key in alone.send("GET", JWKS).json["keys"]
    ]


def test_a_snapshot_is_the_start_of_a_tenant(mocks):
    one, other = mocks
    code = one.code("acme-web")
    one.control("POST", "/users", {"user_id": "auth0|carol"})
    url = one.make(snapshot=one.control("GET", "/snapshot").json)
    assert other.at(url).redeem(code).status_code == 200, "it has a copy of the code"
    assert other.redeem(code).status_code == 200
    other.at(url).control("DELETE", "/users/auth0|carol")
    assert one.at(url).control("POST", "/reset", {}).status_code == 204
    assert other.at(url).control("GET", "/users/auth0|carol").status_code == 200


def test_a_snapshot_of_a_tenant_is_restored_through_the_other_mock(shop):
    one, other = shop
    taken = one.control("GET", "/snapshot").json
    one.control("POST", "/users", {"user_id": "auth0|carol"})
    assert other.control("PUT", "/snapshot", taken).status_code == 204
    assert one.control("GET", "/users/auth0|carol").status_code == 404


def test_an_export_is_lenient_in_both_mocks(mocks):
    export = {**SHOP, "clients": [*SHOP["clients"], {"client_id": "new", "brand_new": 1}]}
    assert mocks[0].control("POST", "/tenants", {"tenant": export}).status_code == 400
    url = mocks[0].make(tenant=export, lenient=True)
    documents = [mock.at(url).control("GET", "/tenant").json for mock in mocks]
    assert documents[0] == documents[1]
    assert documents[0]["users"][0]["user_id"] == "auth0|bob"


def test_settings_of_the_server_override_a_document_that_is_pushed(mocks):
    def override(document):
        return replace(document, mockidp=replace(document.mockidp, login_lifetime=5))

    for mock in mocks:
        mock.tenant.override = override
    url = mocks[0].make(name="shop")
    for mock in mocks:
        assert mock.at(url).control("PUT", "/tenant", SHOP).status_code == 200
        settings = mock.at(url).control("GET", "/tenant").json["mockidp"]
        assert settings["login_lifetime"] == 5


def test_a_custom_domain_selects_its_tenant_in_both_mocks(mocks):
    domains = {"customDomains": [{"domain": "login.acme.example"}], "mockidp": {}}
    url = mocks[0].make(name="acme", tenant=domains)
    keys = mocks[0].at(url).send("GET", JWKS).json
    for mock in mocks:
        assert mock.at("http://login.acme.example:9400").send("GET", JWKS).json == keys
        assert mock.at("http://other.example:9400").send("GET", JWKS).status_code == 400
    mocks[1].make(name="twin", tenant=domains)
    refused = mocks[0].at("http://login.acme.example:9400").send("GET", JWKS)
    assert hint(refused).startswith(
        "Host login.acme.example is a custom domain of several tenants: acme, twin."
    )


def test_mutual_tls_of_a_tenant_asks_for_certificates_in_both_mocks(mocks):
    ca = certificate("Acme CA", is_ca=True)
    document = {"tenant": {"mtls": {"enable_endpoint_aliases": True}}, "mockidp": {"client_ca": ca}}
    assert [mock.app.client_roots() for mock in mocks] == [None, None]
    mocks[0].make(name="acme", tenant=document)
    assert [mock.app.client_roots() for mock in mocks] == [ca.strip()] * 2
    mocks[1].control("DELETE", "/tenants/acme")
    assert [mock.app.client_roots() for mock in mocks] == [None, None]


def test_mutual_tls_while_another_tenant_is_deleted(mocks, monkeypatch):
    ca = certificate("Acme CA", is_ca=True)
    document = {"tenant": {"mtls": {"enable_endpoint_aliases": True}}, "mockidp": {"client_ca": ca}}
    for name in ("gone", "kept"):
        mocks[0].make(name=name, tenant=document)
    both = mocks[1].app.additional.all()
    mocks[0].control("DELETE", "/tenants/gone")
    monkeypatch.setattr(mocks[1].app.additional, "all", lambda: both)
    assert mocks[1].app.client_roots() == ca.strip()


def test_mutual_tls_of_the_first_tenant_without_redis(start, server):
    mtls = replace(ACME.tenant.mtls, enable_endpoint_aliases=True)
    mock = Mock(start(replace(ACME, tenant=replace(ACME.tenant, mtls=mtls))))
    server.stop()
    for _ in range(2):
        assert mock.app.client_roots() == ""


def test_requests_of_a_tenant_are_counted_over_both_mocks(shop):
    for mock in shop:
        mock.send("GET", JWKS)
        mock.app.additional.get("shop").tenant.metrics.publish()
    totals = shop[0].app.additional.get("shop").tenant.metrics.totals()
    assert totals["requests", "jwks", "200"] == 2
    assert ("requests", "jwks", "200") not in shop[0].tenant.metrics.totals()
