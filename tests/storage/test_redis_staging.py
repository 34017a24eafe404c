"""Entries that are staged on Redis for the commit of a large store."""

import subprocess
import sys
import textwrap
from contextlib import closing
from pathlib import Path

import pytest

from helpers.large_stores import MANY, entries
from helpers.redis_server import redis_url
from helpers.storage_backends import VALUES, Now, Replica, open_redis, redis_backend
from mockidp.errors import MockIdPError

TESTS = Path(__file__).parents[1]


def before_commit(replica, monkeypatch, act):
    """Let a replica do something after entries are staged, before each commit."""
    state = replica.backend._state
    commit = state.commit

    def acting(*arguments, **options):
        act()
        return commit(*arguments, **options)

    monkeypatch.setattr(state, "commit", acting)


def staged(client, tmp_path):
    return client.keys(f"{tmp_path}:staged:*")


def test_staged_entries_are_invisible_and_expire(replicas, client, tmp_path, monkeypatch):
    one, other = replicas
    one.values.put("old", "v")
    seen = []

    def look():
        seen.extend(staged(client, tmp_path))
        assert (other.values.keys(), open_count(tmp_path)) == (("old",), 1)
        assert all(0 < client.ttl(key) <= 600 for key in seen)

    before_commit(one, monkeypatch, look)
    one.values.restore(entries(MANY))
    assert len(seen) == 2
    assert staged(client, tmp_path) == []
    assert {client.ttl(key) for key in client.keys(f"{tmp_path}:*")} == {-1}


def open_count(tmp_path):
    with closing(open_redis(tmp_path)) as backend:
        return backend.store(VALUES, Now()).count()


def test_a_writer_that_is_killed_before_its_commit_changes_nothing(replicas, client, tmp_path):
    one, _ = replicas
    one.values.restore(entries(3))
    before, keys = one.backend.snapshot(), set(client.keys(f"{tmp_path}:*"))
    code = f"""
        import os, signal
        from mockidp.storage.redis.state import RedisState
        from helpers.storage_backends import VALUES, Now, open_redis
        from mockidp.storage.store import Entry
        RedisState.commit = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)
        store = open_redis({str(tmp_path)!r}).store(VALUES, Now())
        store.restore([(str(number), Entry(value=number)) for number in range({MANY})])
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], cwd=TESTS, check=False)
    assert done.returncode == -9
    left = set(client.keys(f"{tmp_path}:*")) - keys - {f"{tmp_path}:lease"}
    assert left == set(staged(client, tmp_path)) != set()
    assert all(0 < client.ttl(key) <= 600 for key in left)
    assert one.backend.snapshot() == before
    with closing(open_redis(tmp_path)) as late:
        assert late.store(VALUES, Now()).keys() == one.values.keys()


def test_a_large_commit_that_conflicts_is_repeated_and_leaves_nothing(
    replicas, client, tmp_path, monkeypatch
):
    one, other = replicas
    commits = []

    def disturb():
        commits.append(len(staged(client, tmp_path)))
        if len(commits) == 1:
            other.values.put("k", "v")

    before_commit(one, monkeypatch, disturb)
    one.backend.run(lambda: one.values.restore(entries(MANY, str(one.values.get("k")))))
    assert commits == [2, 2]
    assert {entry.value for _, entry in other.values.scan()} == {"v"}
    assert staged(client, tmp_path) == []


def test_a_commit_is_refused_if_its_staged_entries_have_expired(
    replicas, client, tmp_path, monkeypatch
):
    one, other = replicas
    one.values.put("old", "v")
    before_commit(one, monkeypatch, lambda: client.delete(*staged(client, tmp_path)))
    with pytest.raises(MockIdPError, match="Send the request again"):
        one.values.restore(entries(MANY))
    assert one.values.keys() == other.values.keys() == ("old",)
    assert staged(client, tmp_path) == []


def test_a_writer_with_the_lease_keeps_it_while_it_stages(replicas, client, tmp_path, monkeypatch):
    one, _ = replicas
    lease, left = f"{tmp_path}:lease", []
    before_commit(one, monkeypatch, lambda: left.append(client.pttl(lease)))
    with one.backend.transaction():
        one.values.put("k", "v")
        client.pexpire(lease, 3000)
        one.values.restore(entries(MANY))
    assert left[0] > 3000


def test_a_writer_does_not_keep_the_lease_of_another_one(replicas, client, tmp_path):
    lease = f"{tmp_path}:lease"
    client.set(lease, "another", px=700)
    one, _ = replicas
    one.backend.run(lambda: one.values.restore(entries(MANY)))
    assert (client.exists(lease), one.values.count()) == (0, MANY)


def test_a_large_store_expires_with_the_state(client, tmp_path):
    prefix = f"{tmp_path}:"
    with closing(redis_backend(redis_url(), prefix, lifetime=1000)) as backend:
        values = Replica(backend).values
        with backend.transaction():
            values.restore(entries(MANY))
    assert client.zcard(f"{prefix}order:values") == MANY
    assert all(0 < client.ttl(key) <= 1000 for key in client.keys(f"{prefix}*"))
