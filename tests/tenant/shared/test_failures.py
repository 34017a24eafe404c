"""Redis fails while mocks run: they answer 503 in the form of each endpoint, and recover."""

from contextlib import ExitStack, closing, contextmanager
from types import SimpleNamespace

import pytest

from helpers.html_page import Page
from helpers.redis_proxy import RedisProxy
from helpers.redis_server import RedisServer
from helpers.shared_mocks import CALLBACK, Mock
from mockidp.errors import MockIdPError

HINT = "The state of the mock is on Redis. Redis cannot be used: "
AUTHORIZE = f"/authorize?client_id=acme-web&response_type=code&redirect_uri={CALLBACK}"


def connected(server):
    import redis

    return redis.Redis.from_url(server.url)


@pytest.fixture
def proxy(server):
    with closing(RedisProxy(server.port)) as proxy:
        yield proxy


def requests_to(mock):
    """Return functions that send a request to each kind of endpoint, by its name."""
    token = mock.control("POST", "/management-tokens", {}).json["access_token"]
    code, bearer = mock.code("acme-web"), {"Authorization": f"Bearer {token}"}
    page = {"Accept": "text/html"}
    return {
        "token": lambda: mock.redeem(code),
        "authorize": lambda: mock.send("GET", AUTHORIZE),
        "jwks": lambda: mock.send("GET", "/.well-known/jwks.json"),
        "userinfo": lambda: mock.send("GET", "/userinfo", headers=bearer),
        "management": lambda: mock.send("GET", "/api/v2/users", headers=bearer),
        "change": lambda: mock.control("POST", "/users", {"user_id": "auth0|carol"}),
        "control": lambda: mock.control("GET", "/users"),
        "console": lambda: mock.send("GET", "/_mockidp/journal", headers=page),
    }


def check_form(name, answer):
    """Check that a refusal has the form of its endpoint."""
    assert answer.status_code == 503, name
    assert answer.headers["Mockidp-Hint"].startswith(HINT), name
    kind = answer.content_type.partition(";")[0]
    if name in {"authorize", "console"}:
        assert kind == "text/html"
        assert "Service Unavailable" in answer.text
    elif name in {"change", "control"}:
        assert kind == "application/problem+json"
        assert answer.json["detail"].startswith(HINT)
    elif name == "management":
        assert answer.json["statusCode"] == 503
    else:
        assert answer.json == {
            "error": "temporarily_unavailable",
            "error_description": "Service Unavailable",
        }


@contextmanager
def stopped(at):
    at.server.stop()
    yield
    at.stack.callback(RedisServer(port=at.server.port).stop)


@contextmanager
def silent(at):
    pool = at.mock.tenant.backend._state._client.connection_pool
    before = pool.connection_kwargs["socket_timeout"]
    pool.connection_kwargs["socket_timeout"] = 0.1
    pool.disconnect(inuse_connections=False)  # another thread may publish counters
    at.server.pause()
    yield
    at.server.resume()
    pool.connection_kwargs["socket_timeout"] = before
    pool.disconnect(inuse_connections=False)  # another thread may publish counters


@contextmanager
def loading(at):
    at.proxy.error = "LOADING Redis is loading the dataset in memory"
    yield
    at.proxy.error = ""


@contextmanager
def full(at):
    with connected(at.server) as admin:
        admin.config_set("maxmemory", 1)
        yield
        admin.config_set("maxmemory", 0)


@contextmanager
def read_only(at):
    with connected(at.server) as admin:
        admin.replicaof("127.0.0.1", "1")
        yield
        admin.replicaof("NO", "ONE")


@pytest.mark.parametrize(
    ("fails", "remedy"),
    [
        (stopped, "Is it running"),
        (silent, "Is it running"),
        (loading, "It has just started"),
        (full, "Let it use more memory"),
        (read_only, "Write the primary server"),
    ],
)
def test_every_endpoint_answers_503_and_recovers(server, proxy, start, fails, remedy):
    mock = Mock(start(url=proxy.url))
    requests = requests_to(mock)
    with ExitStack() as stack:
        with fails(SimpleNamespace(server=server, proxy=proxy, mock=mock, stack=stack)):
            for name, send in requests.items():
                answer = send()
                if fails in {full, read_only} and name in {"control", "console"}:
                    assert answer.status_code == 200, "it changes nothing"
                else:
                    check_form(name, answer)
                    assert remedy in answer.headers["Mockidp-Hint"]
        assert 503 not in {send().status_code for send in requests.values()}
        redeemed = [entry.status for entry in mock.tenant.journal.of("token")].count(200)
        assert redeemed == (fails is not stopped), "once, also if the first commit arrived late"


def test_a_request_that_cannot_be_answered_is_logged_once(server, mocks, caplog):
    caplog.set_level("INFO")
    server.stop()
    mocks[0].send("GET", "/.well-known/jwks.json")
    assert [HINT in message for message in caplog.messages] == [True]


def test_a_server_without_the_scripts(server, mocks):
    code = mocks[0].code("acme-web")
    with connected(server) as admin:
        admin.script_flush()
    assert mocks[1].redeem(code).status_code == 200


def test_a_loss_of_entries_is_noticed_by_mocks_that_read_them_again(server, start, mocks):
    """Redis may evict keys if its policy was changed while mocks run."""
    for mock in mocks:
        assert mock.control("GET", "/users").status_code == 200
    with connected(server) as client:
        client.delete("mockidp:store:users")
        assert mocks[0].control("GET", "/users/auth0|alice").status_code == 200, "from its copy"
        with pytest.raises(MockIdPError, match=r"deleted entries of the store `users`.*noeviction"):
            start()
        mocks[0].redeem("x")
        client.xtrim("mockidp:log", 0)
        answer = mocks[1].control("GET", "/users")
        assert (answer.status_code, "store `users`" in answer.headers["Mockidp-Hint"]) == (
            503,
            True,
        )


def test_a_loss_of_the_data_during_the_last_attempt_without_the_lease(server, mocks, monkeypatch):
    """The attempt with the lease begins with the state of the start, and not with an empty one."""
    monkeypatch.setattr("mockidp.storage.redis.transactions.ATTEMPTS", 1)
    one, other = mocks
    seen = []

    def act():
        seen.append(one.tenant.directory.users.get("auth0|alice") is not None)
        if len(seen) == 1:
            with connected(server) as admin:
                admin.flushall()
        one.tenant.clock.skew = 5

    one.tenant.backend.run(act)
    assert (seen, other.tenant.clock.skew) == ([True, True], 5)
    assert other.redeem(other.code("acme-web")).status_code == 200


def test_after_a_loss_of_the_data_older_and_newer_mocks_accept_each_others_forms(server, start):
    """Each process has one app, so a new one stands for another process."""
    older = start()
    with connected(server) as admin:
        admin.flushall()
    newer = start()
    for one, other in ((older, newer), (newer, older)):
        page = Page(Mock(one).send("GET", "/_mockidp/keys").text)
        answer = Mock(other).send("POST", "/_mockidp/keys/rotate", data=page.values(0))
        assert answer.status_code == 303
