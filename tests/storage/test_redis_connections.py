"""Connections to Redis that end, and how long commands take."""

import gc
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from helpers.large_stores import entries
from helpers.redis_proxy import RedisProxy
from helpers.redis_server import RedisServer
from helpers.storage_backends import Replica, redis_backend
from helpers.waiting import SOON
from mockidp.errors import MockIdPError
from mockidp.storage.redis.scripts import IN_SCRIPT


@pytest.fixture
def server():
    server = RedisServer()
    yield server
    server.stop()


@pytest.fixture
def proxy(server):
    with closing(RedisProxy(server.port)) as proxy:
        yield proxy


@pytest.fixture
def replica(proxy):
    with closing(redis_backend(proxy.url, "mockidp:")) as backend:
        backend.refuse_with(lambda error: ConnectionError(str(error)))
        replica = Replica(backend)
        replica.values.put("k", "v")
        yield replica


def connections(server):
    """Return how many connections the server has apart from that of the test."""
    import redis

    with redis.Redis.from_url(server.url) as client:
        return len(client.client_list()) - 1


def blocked(server):
    """Return how many clients wait for an element of a list."""
    import redis

    with redis.Redis.from_url(server.url) as client:
        return client.info("clients")["blocked_clients"]


def open_connections(replica, count=3):
    """Let a replica have several connections, as after requests at the same time."""
    pool = replica.backend._state._client.connection_pool
    for one in [pool.get_connection() for _ in range(count)]:
        pool.release(one)


def in_a_transaction(replica):
    with replica.backend.transaction():
        return replica.values.get("k")


READS = {
    "run": lambda one: one.backend.run(lambda: one.values.get("k")),
    "transaction": in_a_transaction,
    "outside": lambda one: one.values.get("k"),
    "wait": lambda one: one.backend.wait_until(lambda: False, 0.01) or one.values.get("k"),
}


@pytest.mark.parametrize("read", READS.values(), ids=READS)
def test_a_read_after_the_idle_connections_have_ended_is_sent_again(replica, proxy, read):
    open_connections(replica)
    proxy.forget()
    assert read(replica) == "v"


def test_a_write_after_the_idle_connections_have_ended_is_made_once(replica, proxy):
    open_connections(replica)
    number = replica.backend._follower.position.commits
    proxy.forget()
    replica.values.put("k", "w")
    assert replica.backend.run(lambda: replica.values.get("k")) == "w"
    made = replica.backend._follower.position.commits - number
    assert made == 2, "it was excluded that the lost one is made, and then it was made again"


@pytest.mark.parametrize("loss", ["command", "answer"])
def test_a_lease_whose_answer_is_lost_does_not_exclude_anybody(replica, proxy, server, loss):
    acquire = replica.backend._state._acquire.sha.encode()
    lost = [loss]
    proxy.loses = lambda command: lost.pop() if lost and acquire in command else None
    with replica.backend.transaction():
        replica.values.put("k", "w")
    assert lost == []
    with closing(redis_backend(server.url, "mockidp:")) as backend:
        other, began = Replica(backend), time.monotonic()
        other.values.put("k", f"{other.values.get('k')} x")
        assert time.monotonic() - began < 5, "a lease that is not released expires after 10 seconds"
    assert replica.values.get("k") == "w x"


def test_a_page_is_read_again_if_the_connection_ends(replica, proxy):
    replica.records.restore(entries(IN_SCRIPT + 1))
    with closing(redis_backend(proxy.url, "mockidp:")) as backend:
        lost = ["command"]
        proxy.loses = lambda command: lost.pop() if lost and b"HSCAN" in command else None
        late = Replica(backend)
        assert (late.records.count(), lost) == (IN_SCRIPT + 1, [])


def test_counters_are_read_again_if_the_connection_ends(replica, proxy):
    from mockidp.storage.redis.counters import RedisCounters

    counters = RedisCounters(replica.backend._state._client, "mockidp:metrics")
    counters.add({("requests",): 2})
    proxy.forget()
    assert counters.read() == {("requests",): 2}


def test_a_read_that_the_server_does_not_answer_is_not_sent_again(server, monkeypatch):
    monkeypatch.setattr("mockidp.storage.redis.server.TIMEOUT", 0.5)
    with closing(redis_backend(server.url, "mockidp:")) as backend:
        replica = Replica(backend)
        replica.values.put("k", "v")
        server.pause()
        began = time.monotonic()
        with pytest.raises(MockIdPError, match="Timeout"):
            backend.run(lambda: replica.values.get("k"))
        assert time.monotonic() - began < 2 * 0.5
        server.resume()
        assert backend.run(lambda: replica.values.get("k")) == "v"


def test_after_close_no_connection_is_left(server):
    from mockidp.tenant.shared.tenant import shared_tenant

    tenant = shared_tenant(server.url)
    tenant.metrics.add("requests", "token", "200")
    tenant.metrics.publish()
    assert connections(server) > 0
    tenant.backend.close()
    assert connections(server) == 0


def test_a_command_of_another_thread_ends_after_close(replica, server):
    client = replica.backend._state._client
    client.connection_pool.disconnect()
    client.connection_pool.connection_kwargs["socket_timeout"] = SOON
    open_connections(replica)
    with ThreadPoolExecutor() as pool:
        waiting = pool.submit(client.blpop, ["pushed"], timeout=SOON)
        while not blocked(server):
            time.sleep(0.01)
        replica.backend.close()
        client.untimed.rpush("pushed", "x")
        assert waiting.result(timeout=SOON) == ("pushed", "x")


def test_a_command_ends_although_the_tenant_is_deleted_meanwhile(server, monkeypatch):
    from mockidp.storage.redis.server import connect

    monkeypatch.setattr("mockidp.storage.redis.server.TIMEOUT", SOON)
    client = connect(server.url)
    counters = client.untimed
    with ThreadPoolExecutor() as pool:
        waiting = pool.submit(counters.blpop, ["pushed"], timeout=SOON)
        while not blocked(server):
            time.sleep(0.01)
        del client
        gc.collect()
        counters.rpush("pushed", "x")
        assert waiting.result(timeout=SOON) == ("pushed", "x")
    counters.connection_pool.disconnect()


def test_a_tenant_that_cannot_start_leaves_no_connection(server):
    from mockidp.tenant.shared.tenant import shared_tenant

    with closing(shared_tenant(server.url).backend):
        before = connections(server)
        with pytest.raises(MockIdPError, match="another seed"):
            shared_tenant(server.url, seed=7)
        assert connections(server) == before


def test_the_time_of_each_round_trip_is_reported(replica, server):
    replica.records.restore(entries(IN_SCRIPT + 1))
    reported = []
    with closing(redis_backend(server.url, "mockidp:")) as backend:
        backend.time_commands(lambda command, seconds: reported.append((command, seconds)))
        assert Replica(backend).records.count() == IN_SCRIPT + 1
    assert [command for command, _ in reported] == ["evalsha", "pipeline"]
    assert all(0 < seconds < SOON for _, seconds in reported)
