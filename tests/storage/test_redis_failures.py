"""Redis goes away, loses its data or is full, and writers lose their lease."""

import errno
from collections import deque
from contextlib import ExitStack, closing

import pytest

from helpers.large_stores import MANY, entries
from helpers.redis_server import RedisServer, redis_url
from helpers.storage_backends import Replica, redis_backend
from mockidp.errors import MockIdPError
from mockidp.storage.redis.identity import Identity
from mockidp.storage.store import TenantDeleted


def test_a_writer_whose_lease_expired_does_not_overwrite_the_next_one(replicas, client, tmp_path):
    one, other = replicas
    one.values.put("k", "before")

    def write_late():
        with one.backend.transaction():
            one.values.put("k", "late")
            one.values.put("new", "late")
            client.delete(f"{tmp_path}:lease")  # as if it had expired
            other.values.put("k", "in time")

    with pytest.raises(MockIdPError, match=r"longer than 10 seconds.*Send the request again"):
        write_late()
    assert one.backend.snapshot() == other.backend.snapshot()
    assert (one.values.get("k"), one.values.get("new")) == ("in time", None)


def test_a_lease_that_expired_unnoticed_does_no_harm(replicas, client, tmp_path):
    one, other = replicas
    with one.backend.transaction():
        one.values.put("k", "v")
        client.delete(f"{tmp_path}:lease")
    assert other.values.get("k") == "v"


def test_writers_wait_for_the_lease_of_a_killed_one_until_it_expires(replicas, client, tmp_path):
    client.set(f"{tmp_path}:lease", 1000, px=700)
    replicas[0].values.put("k", "v")
    assert not client.exists(f"{tmp_path}:lease")
    assert replicas[1].values.get("k") == "v"


def test_a_refused_commit_raises_what_the_backend_makes_of_it(replicas, client, tmp_path):
    one, other = replicas
    one.backend.refuse_with(lambda error: ZeroDivisionError(str(error)))

    def lose_the_state():
        with one.backend.transaction():
            one.values.put("k", "v")
            client.delete(f"{tmp_path}:state")

    with pytest.raises(ZeroDivisionError, match="refused"):
        lose_the_state()
    assert (one.values.count(), other.values.count()) == (0, 0)


def test_a_transaction_without_changes_takes_no_lease(replicas, client, tmp_path):
    with replicas[0].backend.transaction():
        replicas[0].values.get("k")
        assert not client.exists(f"{tmp_path}:lease")


@pytest.fixture
def server():
    server = RedisServer()
    yield server
    server.stop()


@pytest.fixture
def alone(server):
    with closing(redis_backend(server.url, "mockidp:")) as backend:
        yield Replica(backend)


def restarted(server):
    server.stop()
    return RedisServer(port=server.port)


def test_without_the_server_writes_fail_and_reads_return_what_was_last_known(alone, server):
    alone.values.put("k", "v")

    def stop_before_the_commit():
        with alone.backend.transaction():
            alone.values.put("k", "w")
            server.stop()

    for act in (
        stop_before_the_commit,
        lambda: alone.values.put("k", "v"),
        alone.backend.exclusive().acquire,
    ):
        with pytest.raises(MockIdPError, match=r"Redis cannot be used: .*Is it running"):
            act()
        assert alone.values.get("k") == "v"
    assert dict(alone.backend.snapshot()["values"])["k"].value == "v"


def test_a_connection_for_which_no_file_can_be_opened(alone, monkeypatch):
    pool = alone.backend._state._client.connection_pool

    def refuse(**_options):
        raise OSError(errno.EMFILE, "Too many open files", "METADATA")

    pool.reset()
    with monkeypatch.context() as patch:
        patch.setattr(pool, "connection_class", refuse)
        with pytest.raises(MockIdPError) as refused:
            alone.values.put("k", "v")
    assert str(refused.value) == (
        "Redis cannot be used: Too many open files. Let the mock open more files (ulimit -n)."
    )
    alone.values.put("k", "v")
    assert alone.values.get("k") == "v"


def test_a_read_that_finds_no_server_returns_what_was_last_known(alone, server):
    alone.values.put("k", "v")
    server.stop()
    assert (alone.values.get("k"), alone.values.get("k")) == ("v", "v")


def test_a_server_that_lost_its_data_is_empty_for_its_replicas(alone, server):
    alone.values.put("k", "v")
    new = restarted(server)
    try:
        assert (alone.values.get("k"), alone.values.count()) == (None, 0)
        alone.values.put("k", "after the restart")
        assert alone.values.get("k") == "after the restart"
    finally:
        new.stop()


def test_a_state_without_an_identity_has_a_first_state_too(alone):
    alone.backend.on_empty = lambda: alone.values.put("k", "first")
    assert alone.backend.run(lambda: alone.values.get("k")) == "first"


class TakenByAnotherThread(deque):
    """Lost commits, of which another thread takes the last one at the same time."""

    def popleft(self):
        self.clear()
        return super().popleft()


def test_two_threads_find_out_about_a_lost_commit_once(alone):
    alone.backend._lost = TakenByAnotherThread(["a lost commit"])
    alone.values.put("k", "v")
    assert alone.values.get("k") == "v"


def test_replicas_forget_the_commits_that_a_restarted_server_has_lost(tmp_path):
    server = RedisServer("--dir", tmp_path)
    with ExitStack() as stack:
        one, other = (
            Replica(stack.enter_context(closing(redis_backend(server.url, "mockidp:"))))
            for _ in range(2)
        )
        one.values.put("k", "saved")
        one.backend._state._client.save()
        one.values.put("k", "lost")
        assert other.values.get("k") == "lost"
        server.stop()
        server = RedisServer("--dir", tmp_path, port=server.port)
        stack.callback(server.stop)
        for number in range(2):  # as many commits as the other replica knows, and one more
            one.values.put(f"new {number}", "v")
        assert other.backend.run(lambda: other.values.get("k")) == "saved"
        assert other.values.count() == 3


def test_a_full_server_refuses_changes_and_is_still_read(alone, client):
    alone.values.put("k", "v")
    admin = alone.backend._state._client
    admin.config_set("maxmemory", 1)
    with pytest.raises(MockIdPError, match="Let it use more memory"):
        alone.values.put("k", "w")
    assert alone.values.get("k") == "v"
    admin.config_set("maxmemory", 0)
    alone.values.put("k", "w")
    assert alone.values.get("k") == "w"


def test_a_full_server_refuses_a_large_commit_without_a_trace_of_its_values(alone):
    alone.values.put("k", "v")
    admin = alone.backend._state._client
    keys = set(admin.keys())
    admin.config_set("maxmemory", 1)
    with pytest.raises(MockIdPError, match="Let it use more memory") as refused:
        alone.values.restore(entries(MANY, "secret"))
    assert "secret" not in str(refused.value)
    assert "key " not in str(refused.value)
    admin.config_set("maxmemory", 0)
    assert set(admin.keys()) == keys
    assert alone.values.keys() == ("k",)
    alone.values.restore(entries(MANY))
    assert alone.values.count() == MANY


def test_a_mock_that_cannot_use_the_state_does_not_keep_the_lease(client, tmp_path):
    one, other = (
        Replica(
            redis_backend(redis_url(), f"{tmp_path}:", identity=Identity("0.1", {"file": file}))
        )
        for file in ("this file", "another file")
    )
    with closing(one.backend), closing(other.backend):
        other.backend._follower.follow()  # while there is no state
        one.backend.on_empty = lambda: one.values.put("k", "v")
        one.values.put("k", "w")
        with pytest.raises(MockIdPError, match="The difference is in `file`"):
            other.backend.exclusive().acquire()
    assert not client.exists(f"{tmp_path}:lease")


def test_a_lease_is_refused_if_the_state_is_gone(replicas, client, tmp_path):
    one, _ = replicas
    one.values.put("k", "v")
    client.delete(*client.keys(f"{tmp_path}:*"))
    with pytest.raises(MockIdPError, match="its data was deleted"):
        one.backend.exclusive().acquire()
    assert client.keys(f"{tmp_path}:*") == []
    one.values.put("k", "w")
    assert (one.values.get("k"), one.values.count()) == ("w", 1)


def test_the_state_of_a_deleted_tenant_is_not_created_again(replicas, client, tmp_path):
    one, other = replicas
    one.values.put("k", "v")
    assert other.values.get("k") == "v"
    for replica in replicas:
        replica.backend.is_deletable = True
    one.backend._state.delete()

    def change():
        with other.backend.transaction():
            other.values.put("k", "w")

    for act in (change, lambda: other.values.put("k", "w"), other.backend.exclusive().acquire):
        with pytest.raises(TenantDeleted):
            act()
        assert (other.values.get("k"), other.backend.is_empty) == (None, True)
    assert client.keys(f"{tmp_path}:*") == []
