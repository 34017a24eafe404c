"""The connection to Redis is lost during a commit: a request has its effects once, or not at all."""

from contextlib import closing

import pytest

from helpers.backchannel_app import ALL, BackchannelApp, delivered, with_logout_url
from helpers.persisted_tenant import ACME
from helpers.redis_proxy import RedisProxy
from helpers.shared_mocks import Mock
from helpers.tenant_client import TenantClient, hint
from helpers.try_page import DOCUMENT, PATH, follow
from mockidp.protocol.errors.oauth_error import TemporarilyUnavailable
from mockidp.tenant import metrics


@pytest.fixture
def app():
    with BackchannelApp().served() as app:
        yield app


@pytest.fixture
def proxy(server):
    with closing(RedisProxy(server.port)) as proxy:
        yield proxy


@pytest.fixture
def mock(start, proxy, app):
    """A mock behind the proxy, with a session; the app is notified when it ends."""
    document = with_logout_url(app.url, "acme-web", document=ACME, initiators=ALL)
    mock = Mock(start(document, url=proxy.url))
    assert mock.redeem(mock.code("acme-web")).status_code == 200
    return mock


class Loses:
    """Loses the next commits of a mock, or those of them that contain a text."""

    def __init__(self, mock, *losses, text=b""):
        self.commit = mock.tenant.backend._state._commit.sha.encode()
        self.losses, self.text = list(losses), text

    def __call__(self, command):
        is_lost = self.losses and self.commit in command and self.text in command
        return self.losses.pop(0) if is_lost else None


def logs_out(mock):
    return mock.control("POST", "/sessions/end", {"user": "alice"}).status_code


@pytest.mark.parametrize("loss", ["command", "answer"])
def test_a_commit_whose_answer_is_lost_is_made_once(mock, proxy, app, loss):
    proxy.loses = losses = Loses(mock, loss)
    assert (logs_out(mock), losses.losses) == (204, [])
    assert [one.state for one in delivered(mock)] == ["delivered"]
    assert len(app.posted) == 1


@pytest.mark.parametrize("loss", ["command", "answer"])
def test_an_exchange_whose_answer_is_lost_is_in_the_journal_once(mock, proxy, loss):
    proxy.loses = Loses(mock, loss, loss, loss)
    before = len(mock.tenant.journal)
    assert mock.redeem("x").status_code == 403
    assert len(mock.tenant.journal) == before + 1


@pytest.mark.parametrize("loss", ["command", "answer"])
def test_a_call_by_a_page_whose_answer_is_lost_is_made_once(start, proxy, loss):
    browser = TenantClient(tenant=start(DOCUMENT, url=proxy.url))
    login = browser.request("GET", browser.get(f"{PATH}/login").location)
    login = browser.post(login.location, action="pick", user_id="auth0|alice")
    proxy.loses = losses = Loses(browser, None, loss, text=b'"codes"')  # not when it is issued
    page = follow(browser, login)
    assert (page.status_code, losses.losses) == (200, [])
    assert "failed" not in page.text
    token, userinfo = browser.tenant.journal.of("token"), browser.tenant.journal.of("userinfo")
    assert [entry.status for entry in (*token, *userinfo)] == [200, 200]


@pytest.mark.parametrize("loss", ["command", "answer"])
def test_what_became_of_a_commit_is_found_out_once_redis_is_back(mock, proxy, app, caplog, loss):
    lose, posted = Loses(mock, loss), int(loss == "answer")

    def loses(command):
        lost = lose(command)
        proxy.is_down = proxy.is_down or lost is not None
        return lost

    proxy.loses = loses
    refused = mock.control("POST", "/sessions/end", {"user": "alice"})
    assert refused.status_code == 503
    assert "may have been kept. Check this before you send it again" in hint(refused)
    refused = mock.control("POST", "/sessions/end", {"user": "alice"})
    assert refused.status_code == 503
    assert "may have been kept" not in hint(refused), "it has changed nothing"
    assert app.posted == []
    proxy.is_down = False
    assert mock.control("GET", "/users").status_code == 200
    assert [one.state for one in delivered(mock, times=posted)] == ["delivered"] * posted
    assert len(app.posted) == posted
    assert ("but its changes were kept" in caplog.text) == bool(posted)
    requests = mock.tenant.metrics._counts
    assert requests["requests", "control", "503"] == 2
    assert requests["requests", "control", "204"] == 1, "only that of the fixture"
    if not posted:
        assert logs_out(mock) == 204
        assert len(delivered(mock)) == 1


def test_a_commit_that_was_given_up_is_not_made_later(mock, proxy):
    state, sent = mock.tenant.backend._state, []
    proxy.loses = Loses(mock, "command")
    commit = state._commit

    def noted(keys, arguments):
        sent.append((keys, arguments))
        return commit(keys, arguments)

    noted.sha = commit.sha
    state._commit = noted
    assert mock.redeem("x").status_code == 403
    assert len(sent) == 2, "it was run again"
    assert commit(*sent[0])[0] == "conflict", "as if the lost command arrived late"
    assert len(mock.tenant.journal.of("token")) == 2, "the first one is that of the fixture"


@pytest.mark.parametrize("is_lost", [True, False])
def test_a_change_that_cannot_run_again_says_that_it_was_not_made(mock, start, proxy, is_lost):
    def clear():
        with mock.tenant.backend.transaction():
            mock.tenant.journal.clear()

    other = Mock(start(mock.tenant.at_start.document))
    proxy.loses = losses = Loses(mock, "command" if is_lost else "answer")
    if is_lost:
        with pytest.raises(TemporarilyUnavailable) as refused:
            clear()
        assert "so nothing was changed. Send the request again" in refused.value.hint
    else:
        clear()
    assert losses.losses == []
    assert bool(other.tenant.journal.of("token")) == is_lost
    assert not other.tenant.backend._state._client.exists("mockidp:lease"), "others need not wait"
    clear()
    assert not other.tenant.journal.of("token")


def test_if_nobody_knows_any_more_the_request_is_refused(mock, start, proxy, server):
    import redis

    other = Mock(start(mock.tenant.at_start.document))

    def loses(command):
        lost = lose(command)
        if lost is not None:
            proxy.loses = lambda _command: None
            for _ in range(3):
                other.redeem("x")
            with redis.Redis.from_url(server.url) as client:
                client.xtrim("mockidp:log", 1)
        return lost

    lose = Loses(mock, "command")
    proxy.loses = loses
    answer = mock.control("POST", "/sessions/end", {"user": "alice"})
    assert answer.status_code == 503
    assert "Check this before you send the request again" in answer.headers["Mockidp-Hint"]
    assert logs_out(mock) == 204


@pytest.mark.parametrize("loss", ["command", "answer"])
def test_a_read_whose_answer_is_lost_is_sent_again_once(mock, proxy, loss):
    proxy.loses = losses = Loses(mock, loss)
    assert mock.send("GET", "/_mockidp/v1/users").status_code == 200
    losses.losses = [loss, loss]
    assert mock.send("GET", "/_mockidp/v1/users").status_code == 503
    assert losses.losses == []
    assert mock.send("GET", "/_mockidp/v1/users").status_code == 200


@pytest.mark.parametrize("loss", ["command", "answer"])
def test_counters_whose_publication_is_lost_count_once(mock, proxy, monkeypatch, loss):
    monkeypatch.setattr(metrics, "INTERVAL", 600)
    mock.tenant.metrics.publish()
    mock.redeem("x")
    losses = [loss]
    proxy.loses = lambda command: losses.pop() if losses and b"metrics" in command else None
    mock.tenant.metrics.publish()
    assert losses == []
    mock.redeem("x")
    assert mock.tenant.metrics.totals()["requests", "token", "403"] == 2
