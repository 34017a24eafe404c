"""Stores on Redis that several backends share, as if each were in a process of its own."""

import json
import threading
from contextlib import closing

import pytest

from helpers.storage_backends import RECORDS, VALUES, Now, open_redis
from helpers.tenant_client import race
from mockidp.errors import MockIdPError
from mockidp.storage.store import Entry, StoreSpec, update


def in_a_thread(act):
    thread = threading.Thread(target=act)
    thread.start()
    return thread


def test_a_replica_reads_what_another_one_wrote(replicas):
    one, other = replicas
    one.values.put("k", "v", expires_at=10)
    one.values.put("gone", "v")
    assert other.values.get("k") == "v"
    assert [key for key, _ in other.values.scan("value", "v")] == ["k", "gone"]
    assert other.values.take("k") == "v"
    assert other.values.delete("gone")
    assert one.values.history("k") == Entry(value="v", expires_at=10, taken_at=0)
    assert (one.values.find("k"), one.values.count(), one.values.keys()) == (None, 1, ("k",))
    assert one.backend.snapshot() == other.backend.snapshot()


def test_versions_are_the_same_in_all_replicas(replicas):
    one, other = replicas
    one.values.put("k", "v")
    seen = other.values.find("k").version
    assert one.values.swap("k", seen, "w")
    assert not other.values.swap("k", seen, "x")


def test_a_replica_evicts_what_the_writer_evicted(open_replica):
    one, other = open_replica(), open_replica()
    limits = {"one": 5, "other": 5}
    written, read = (
        replica.backend.store(StoreSpec(name="limited", capacity=lambda at=at: limits[at]), Now())
        for at, replica in (("one", one), ("other", other))
    )
    for key in "abcd":
        written.put(key, key)
    assert read.count() == 4
    limits["one"] = 2
    written.put("e", "e")
    assert written.keys() == read.keys() == ("d", "e")


def test_a_version_of_a_deleted_entry_is_not_used_again(open_replica):
    one = open_replica()
    one.values.put("k", "v")
    seen = one.values.find("k").version
    one.values.delete("k")
    open_replica().values.put("k", "w")
    assert one.values.find("k").version > seen


@pytest.mark.parametrize("_round", range(3))
def test_one_of_fifty_takes_over_both_replicas_gets_the_value(replicas, _round):
    replicas[0].values.put("k", "v")
    turns = iter(range(50))
    taken = race(lambda: replicas[next(turns) % 2].values.take("k"))
    assert sorted(taken, key=str) == [None] * 49 + ["v"]


def test_concurrent_updates_of_both_replicas_are_not_lost(replicas):
    turns = iter(range(50))
    race(lambda: update(replicas[next(turns) % 2].values, "k", lambda count: (count or 0) + 1))
    assert [one.values.get("k") for one in replicas] == [50, 50]


def test_exclusive_excludes_writers_of_other_replicas(replicas):
    one, other = replicas
    with one.backend.exclusive():
        thread = in_a_thread(lambda: other.values.put("k", "theirs"))
        one.values.put("k", "mine")
        assert one.values.get("k") == "mine"
        assert other.records.get("k") is None, "readers do not wait"
    thread.join()
    assert one.values.get("k") == "theirs"


def test_a_replica_sees_nothing_of_a_transaction_before_its_commit(replicas):
    one, other = replicas
    with one.backend.transaction():
        one.values.put("k", "v")
        one.records.put("k", "v")
        assert other.values.get("k") is None
    assert (other.values.get("k"), other.records.get("k")) == ("v", "v")


def scripts_run(client):
    """Return how many scripts the server has run: the round trips of a backend."""
    return client.info("commandstats").get("cmdstat_evalsha", {"calls": 0})["calls"]


def test_a_transaction_that_only_reads_needs_one_round_trip(replicas, client):
    one, _ = replicas
    one.values.put("k", "v")
    before = scripts_run(client)
    with one.backend.transaction():
        for _ in range(100):
            assert one.values.get("k") == "v"
        assert one.values.scan("value", "v")
    assert scripts_run(client) - before == 1


def test_a_transaction_with_changes_needs_three_round_trips(replicas, client):
    one, _ = replicas
    before = scripts_run(client)
    with one.backend.transaction():
        for number in range(100):
            update(one.values, "k", lambda _, number=number: number)
        one.records.put("k", "v")
    assert scripts_run(client) - before == 3


def test_an_entry_deleted_and_written_again_in_a_transaction_is_the_last_one(replicas):
    one, other = replicas
    for key in "abc":
        one.records.put(key, 1)
    assert other.records.keys() == ("a", "b", "c")
    with one.backend.transaction():
        one.records.delete("a")
        one.records.put("d", 1)
        one.records.put("a", 2)
    assert one.records.keys() == other.records.keys() == ("b", "c", "d", "a")


def test_an_entry_that_only_existed_in_a_transaction_is_unknown_to_other_replicas(replicas):
    one, other = replicas
    with one.backend.transaction():
        one.records.put("k", "v")
        one.records.delete("k")
        one.records.put("other", "v")
    assert other.records.keys() == ("other",)


def test_a_restored_store_replaces_that_of_other_replicas(replicas):
    one, other = replicas
    one.records.put("old", 1)
    assert other.records.count() == 1
    one.records.restore([("z", Entry(value=1)), ("a", Entry(value=2))])
    assert other.records.keys() == ("z", "a")


def test_a_replica_that_missed_too_many_commits_reads_everything(replicas, client, tmp_path):
    one, other = replicas
    for number in range(10):
        one.values.put("k", number)
    client.xtrim(f"{tmp_path}:log", 0)
    assert other.values.get("k") == 9
    one.values.put("k", "logged again")
    assert other.values.get("k") == "logged again"


def test_a_store_is_opened_with_commits_since_the_last_one_was(open_replica, tmp_path, client):
    one = open_replica()
    with closing(open_redis(tmp_path)) as late:
        values = late.store(VALUES, Now())
        one.values.put("k", "v")
        one.records.put("k", "v")
        records = late.store(RECORDS, Now())
        assert (values.get("k"), records.get("k")) == ("v", "v")
        one.values.put("k", "w")
        client.xtrim(f"{tmp_path}:log", 0)
        third = late.store(StoreSpec(name="third"), Now())
        assert (values.get("k"), records.get("k"), third.count()) == ("w", "v", 0)


class FeedOfOthers:
    """Receives a feed that the replica under test does not have."""

    def begin(self, count):
        pass

    def receive(self, message):
        pass


def test_a_store_that_a_replica_does_not_have_does_not_disturb_it(open_replica, tmp_path):
    one = open_replica()
    one.values.put("k", "before")  # from now on it follows each commit
    with closing(open_redis(tmp_path)) as newer:
        unknown = newer.store(StoreSpec(name="unknown"), Now())
        unknown.put("k", "v")
        unknown.restore([])
        newer.feed("unknown", 3, FeedOfOthers()).send("message")
        newer.store(VALUES, Now()).put("k", "v")
    assert one.values.get("k") == "v"


@pytest.mark.parametrize("key", ["snow \N{SNOWMAN}", "null \0", "\ud800", 'quote "', ""])
def test_keys_and_values_are_any_text(replicas, open_replica, key):
    one, other = replicas
    one.values.put(key, f"{key} value")
    assert other.values.get(key) == open_replica().values.get(key) == f"{key} value"


def test_an_entry_of_another_version_of_mockidp_is_refused(replicas, client, tmp_path):
    replicas[0].values.put("k", "v")
    commit, place, text = client.hget(f"{tmp_path}:store:values", "k").split(" ", 2)
    entry, _, value = text.partition("\n")
    schema, *rest = json.loads(entry)
    newer = f"{commit} {place} {json.dumps([schema + 1, *rest])}\n{value}"
    client.hset(f"{tmp_path}:store:values", "k", newer)
    with (
        closing(open_redis(tmp_path)) as backend,
        pytest.raises(MockIdPError, match=f"has version {schema + 1}, but .* {schema}. Use"),
    ):
        backend.store(VALUES, Now()).put("k", "w")


def test_all_keys_of_a_tenant_have_its_prefix(replicas, client, tmp_path):
    before = set(client.keys())
    replicas[0].values.put("k", "v")
    replicas[1].values.put("k", "v")
    new = set(client.keys()) - before
    assert new
    assert all(key.startswith(f"{tmp_path}:") for key in new)
