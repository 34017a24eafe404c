"""Additional tenants that end: by a call, by age, or with the data on Redis."""

import threading

import pytest

from helpers.redis_server import RedisServer
from helpers.shared_mocks import WEB, Mock
from helpers.tenant_client import hint, race
from mockidp.faults import Fault
from mockidp.tenant import metrics

JWKS = "/.well-known/jwks.json"
UNKNOWN = "There is no tenant 'shop'. Known: "


@pytest.fixture
def shop(mocks):
    """The same additional tenant through both mocks, which have used it."""
    url = mocks[0].make(name="shop")
    pair = [mock.at(url) for mock in mocks]
    for mock in pair:
        assert mock.redeem("x").status_code == 403
    return pair


def of_tenants(keys):
    return {key for key in keys() if key.startswith("mockidp:t:")}


@pytest.mark.parametrize("through", [0, 1])
def test_a_tenant_that_one_mock_deletes_is_unknown_in_both(mocks, shop, keys, through):
    mocks[0].make(name="kept")
    kept = mocks[0].app.additional._names.get("kept").id
    assert mocks[through].control("DELETE", "/tenants/shop").status_code == 204
    for mock in mocks:
        for url in ("http://localhost:9400/t/shop", "http://shop.localhost:9400"):
            refused = mock.at(url).send("GET", JWKS)
            assert (refused.status_code, hint(refused)) == (404, UNKNOWN + "kept.")
        assert mock.control("DELETE", "/tenants/shop").status_code == 404
        assert mock.at("http://localhost:9400/t/kept").send("GET", JWKS).status_code == 200
    assert {key.split(":")[2] for key in of_tenants(keys)} == {kept}


def test_nothing_of_a_deleted_tenant_stays_on_the_server(mocks, keys, monkeypatch):
    monkeypatch.setattr(metrics, "INTERVAL", 3600)
    before = keys()
    url = mocks[0].make(name="shop")
    tenants = [mock.app.additional.get("shop").tenant for mock in mocks]
    for mock in mocks:
        assert mock.at(url).redeem("x").status_code == 403
    tenants[0].metrics.publish()
    assert "metrics" in {key.split(":")[-1] for key in of_tenants(keys)}
    assert mocks[1].control("DELETE", "/tenants/shop").status_code == 204
    for tenant in tenants:
        tenant.metrics.publish()
    assert keys() - before == {
        "mockidp:store:deleted_tenants", "mockidp:order:deleted_tenants", "mockidp:feed:tenant_names",
    }  # fmt: skip


def test_a_deletion_does_not_look_at_the_other_keys_of_the_database(mocks, keys, server):
    import redis

    mocks[0].make(name="shop")
    with redis.Redis.from_url(server.url) as client:
        client.set("mockidp:t:of another program", "v")
        client.config_resetstat()
        assert mocks[1].control("DELETE", "/tenants/shop").status_code == 204
        used = client.info("commandstats")
    assert not {"cmdstat_scan", "cmdstat_keys"} & used.keys()
    assert of_tenants(keys) == {"mockidp:t:of another program"}


def test_a_mock_deletes_a_tenant_that_it_has_not_used(mocks, keys):
    mocks[0].make(name="shop")
    assert mocks[1].control("DELETE", "/tenants/shop").status_code == 204
    assert not of_tenants(keys)
    assert mocks[0].control("GET", "/tenants").json["items"] == []


def test_a_mock_forgets_the_tenants_that_another_one_has_deleted(mocks, shop):
    one, other = mocks
    assert one.control("DELETE", "/tenants/shop").status_code == 204
    other.at(one.make(name="next")).send("GET", JWKS)
    for mock in mocks:
        assert [opened.tenant.backend for opened in mock.tenant.others._opened.values()] == [
            mock.app.additional.get("next").tenant.backend
        ]


def test_a_mock_that_only_makes_tenants_forgets_those_that_another_one_has_deleted(mocks):
    one, other = mocks
    for name in ("first", "second"):
        one.make(name=name)
        assert other.control("DELETE", f"/tenants/{name}").status_code == 204
    one.make(name="next")
    assert len(one.tenant.others._opened) == 1


def test_a_name_can_be_used_again(mocks, shop):
    keys_before = shop[0].send("GET", JWKS).json
    mocks[0].control("DELETE", "/tenants/shop")
    mocks[1].make(name="shop", own_keys=True)
    found = [mock.send("GET", JWKS).json for mock in shop]
    assert found[0] == found[1] != keys_before


def test_a_tenant_ends_by_the_clock_of_the_machine(mocks, keys):
    url = mocks[0].make(name="shop", max_age=60)
    assert mocks[1].at(url).control("POST", "/clock", {"advance": 3600}).status_code == 200
    assert mocks[0].at(url).send("GET", JWKS).status_code == 200
    for mock in mocks:
        mock.app.additional.clock.advance(61)
        refused = mock.at(url).send("GET", JWKS)
        assert (refused.status_code, hint(refused)) == (404, UNKNOWN + "none.")
        assert mock.control("GET", "/tenants").json["items"] == []
    assert of_tenants(keys)
    mocks[1].make(name="next")
    assert len({key.split(":")[2] for key in of_tenants(keys)}) == 1


def test_the_keys_of_a_tenant_expire_if_no_mock_deletes_them(mocks, server, keys):
    import redis

    url = mocks[0].make(name="shop", max_age=60)
    for mock in mocks:
        mock.at(url).redeem("x")
        mock.at(url).tenant.backend.run(lambda: None)
        mock.at(url).control("POST", "/keys/rotate", {})
        mock.app.additional.get("shop").tenant.metrics.publish()
        with mock.app.additional.get("shop").tenant.backend.exclusive():
            pass
    with redis.Redis.from_url(server.url) as client:
        left = {key: client.ttl(key) for key in of_tenants(keys)}
        assert {key: seconds for key, seconds in left.items() if not 3600 < seconds <= 3660} == {}
        assert {key.rpartition(":")[2] for key in left} >= {
            "state", "log", "released", "metrics", "journal", "signing",
        }  # fmt: skip
        assert client.ttl("mockidp:state") == -1


def test_if_the_state_of_a_tenant_has_expired_too_early_it_is_unknown(mocks, shop, server, keys):
    import redis

    with redis.Redis.from_url(server.url) as client:
        client.delete(*of_tenants(keys))
    for mock in shop:
        for _ in range(2):
            refused = mock.send("GET", JWKS)
            assert (refused.status_code, hint(refused)) == (404, UNKNOWN + "shop.")
    assert not of_tenants(keys)


def get_try_page(mock):
    """Send a page a code, which it redeems."""
    cookie = "mockidp-try=" + ".".join(("s" * 32, "n" * 32, "v" * 64))
    path = f"/_mockidp/try?code=x&state={'s' * 32}"
    return mock.send("GET", path, headers={"Cookie": cookie})


@pytest.mark.parametrize("send", [lambda mock: mock.redeem("x"), get_try_page])
def test_a_delay_ends_when_the_other_mock_deletes_the_tenant(mocks, shop, send):
    tenant = mocks[0].app.additional.get("shop").tenant
    fault = tenant.faults.add(Fault(endpoint="token", delay=3600))
    answers = []
    thread = threading.Thread(target=lambda: answers.append(send(shop[0])), daemon=True)
    thread.start()
    while not fault.fired:
        pass  # each look is a round trip
    assert mocks[1].control("DELETE", "/tenants/shop").status_code == 204
    thread.join()
    assert (answers[0].status_code, hint(answers[0])) == (404, UNKNOWN + "none.")


def test_logins_while_the_tenant_is_deleted_are_answered_with_404(mocks, shop):
    turns, statuses = iter(range(40)), set()

    def act():
        turn = next(turns)
        if turn == 20:
            return mocks[0].control("DELETE", "/tenants/shop")
        return shop[turn % 2].redeem("x")

    statuses = {answer.status_code for answer in race(act, count=40)}
    assert statuses <= {204, 403, 404}


@pytest.mark.parametrize("url", ["http://localhost:9400/t/shop", "http://shop.localhost:9400"])
def test_if_redis_has_lost_its_data_the_tenants_are_gone_and_the_first_is_back(mocks, server, url):
    mocks[0].make(name="shop")
    mocks[0].make(name="other")
    mocks[1].send("GET", JWKS)
    server.stop()
    again = RedisServer(port=server.port)
    try:
        for mock in mocks:
            refused = mock.at(url).send("GET", JWKS)
            assert (refused.status_code, hint(refused)) == (404, UNKNOWN + "none.")
            assert mock.at("http://another.localhost:9400").send("GET", JWKS).status_code == 200
            assert mock.send("GET", JWKS).status_code == 200
            assert mock.control("GET", "/tenants").json["items"] == []
        url = mocks[1].make(name="shop")
        assert mocks[0].at(url).redeem("x").status_code == 403
    finally:
        again.stop()


def test_the_names_that_a_mock_keeps_are_limited(mocks, monkeypatch):
    monkeypatch.setattr("mockidp.tenant.shared.additional.KEPT_NAMES", 2)
    for name in ("first", "second", "third"):
        mocks[0].make(name=name)
    for mock in mocks:
        mock.send("GET", JWKS)
        noted = [mock.tenant.others.has_noted(name) for name in ("first", "second", "third")]
        assert noted == [False, True, True]


@pytest.mark.parametrize("used", ["used before", "not used before"])
def test_without_redis_a_request_to_a_tenant_gets_503_with_a_hint(mocks, server, used):
    url = mocks[0].make(name="shop")
    if used == "used before":
        mocks[1].at(url).redeem("x")
    else:
        mocks[1].send("GET", JWKS)  # knows the name of the tenant
    server.stop()
    for url in ("http://localhost:9400/t/shop", "http://shop.localhost:9400"):
        mock = mocks[1].at(url)
        refused = mock.token(**WEB, grant_type="authorization_code", code="x")
        assert refused.status_code == 503
        assert refused.json == {
            "error": "temporarily_unavailable",
            "error_description": "Service Unavailable",
        }
        assert hint(refused).startswith("The state of the mock is on Redis. Redis cannot be used:")
        refused = mock.control("POST", "/reset", {})
        assert (refused.status_code, refused.mimetype) == (503, "application/problem+json")
    assert mocks[1].at("http://localhost:9400/t/nobody").send("GET", JWKS).status_code == 503
    assert mocks[0].control("POST", "/tenants", {}).status_code == 503
    assert mocks[1].app.client_roots() is None


def test_a_tenant_is_used_again_once_redis_is_back(server, start, tmp_path):
    saving = RedisServer("--dir", tmp_path)
    from mockidp.tenant.shared.tenant import shared_tenant

    mock = Mock(shared_tenant(saving.url))
    shop = mock.at(mock.make(name="shop"))
    shop.control("POST", "/users", {"user_id": "auth0|carol"})
    mock.tenant.others._client.save()
    saving.stop()
    assert shop.control("GET", "/users").status_code == 503
    saving = RedisServer("--dir", tmp_path, port=saving.port)
    assert shop.control("GET", "/users/auth0|carol").status_code == 200
    saving.stop()
