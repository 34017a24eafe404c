"""How often a request to a mock on Redis waits for the server, and how much it commits."""

from contextlib import ExitStack, closing

import pytest

from helpers.persisted_tenant import ACME
from helpers.redis_server import RedisServer
from helpers.shared_mocks import Mock
from mockidp.tenant import metrics

M2M = {
    "grant_type": "client_credentials",
    "client_id": "acme-m2m",
    "client_secret": "acme-m2m-secret",
    "audience": "https://api.acme.example/",
}


@pytest.fixture(scope="module")
def mocks():
    server = RedisServer()
    from mockidp.tenant.shared.tenant import shared_tenant

    with ExitStack() as stack:
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        patch.setattr(metrics, "INTERVAL", 3600)  # no request waits for their publication
        stack.callback(server.stop)
        tenants = [shared_tenant(server.url, ACME) for _ in range(2)]
        for tenant in tenants:
            stack.enter_context(closing(tenant.backend))
        yield [Mock(tenant) for tenant in tenants]


@pytest.fixture
def trips(mocks, monkeypatch):
    """A function that counts the round trips of a request, and checks its status, if any."""
    import redis

    for mock in mocks:
        mock.token(**M2M)  # loads the scripts
    sent, pools = [], [mock.tenant.backend._state._client.connection_pool for mock in mocks]
    execute = redis.Redis.execute_command

    def counting(client, *command, **options):
        if client.connection_pool in pools:  # timers of earlier tests may still publish counters
            sent.append(command[0])
        return execute(client, *command, **options)

    def trips(act, status=200):
        monkeypatch.setattr(redis.Redis, "execute_command", counting)
        sent.clear()
        answer = act()
        monkeypatch.undo()
        assert status is None or answer.status_code == status
        return len(sent)

    return trips


@pytest.mark.parametrize("at", [0, 1])
def test_a_token_request_by_client_credentials_needs_one(mocks, trips, at):
    assert trips(lambda: mocks[at].token(**M2M)) == 1


def test_a_code_redemption_needs_one_where_the_code_was_issued(mocks, trips):
    code = mocks[0].code("acme-web")
    assert trips(lambda: mocks[0].redeem(code)) == 1


def test_a_code_redemption_needs_two_at_the_other_mock(mocks, trips):
    code = mocks[0].code("acme-web")
    assert trips(lambda: mocks[1].redeem(code)) == 2
    assert trips(lambda: mocks[0].redeem(code), 403) == 2, "the code has been used meanwhile"


def test_a_request_needs_one_although_the_other_mock_has_answered_others(mocks, trips):
    for _ in range(3):
        mocks[1].token(**M2M)
    assert trips(lambda: mocks[0].token(**M2M)) == 1


def test_a_request_that_writes_nothing_needs_one_or_two_if_something_has_changed(mocks, trips):
    one, other = mocks
    assert trips(lambda: one.send("GET", "/.well-known/jwks.json")) == 1
    other.tenant.rotate_keys()
    assert trips(lambda: one.send("GET", "/.well-known/jwks.json")) == 2


@pytest.fixture
def shop(mocks):
    """The same additional tenant through both mocks, which have used it."""
    url = mocks[0].make(name="shop")
    pair = [mock.at(url) for mock in mocks]
    for mock in pair:
        mock.token(**M2M)
    yield pair
    mocks[0].control("DELETE", "/tenants/shop")


def test_a_request_to_an_additional_tenant_needs_one_more_which_selects_it(shop, trips):
    assert trips(lambda: shop[0].token(**M2M)) == 2
    code = shop[0].code("acme-web")
    assert trips(lambda: shop[0].redeem(code)) == 2
    code = shop[0].code("acme-web")
    assert trips(lambda: shop[1].redeem(code)) == 3


@pytest.mark.usefixtures("shop")
def test_a_request_to_the_first_of_several_tenants_needs_one(mocks, trips):
    assert trips(lambda: mocks[0].token(**M2M)) == 1
    mocks[1].make(name="other")
    assert trips(lambda: mocks[0].token(**M2M)) == 1
    mocks[1].control("DELETE", "/tenants/other")


def test_a_tls_connection_needs_one_for_each_tenant(shop, mocks, trips):
    for mock in mocks:
        assert trips(mock.app.client_roots, None) == 2


def test_a_tenant_of_another_mock_is_opened_with_few(mocks, trips):
    url = mocks[0].make(name="new")
    mocks[1].token(**M2M)
    assert trips(lambda: mocks[1].at(url).token(**M2M)) <= 6
    assert mocks[0].control("DELETE", "/tenants/new").status_code == 204
