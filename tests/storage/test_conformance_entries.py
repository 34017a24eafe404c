"""Conformance of storage backends: values, expiry, versions, indexes, races."""

import math

import pytest

from helpers.tenant_client import race
from mockidp.storage.store import FOREVER, Entry, replace_value, update

BY_OWNER = {"owner": lambda value: (value[0],), "letter": lambda value: value[1]}


def keys(entries):
    return [key for key, _ in entries]


def test_a_value_is_good_until_it_expires(store, now):
    store.put("k", "v", expires_at=10)
    now.seconds = 9.999
    assert store.get("k") == "v"
    now.seconds = 10
    assert store.get("k") is None
    assert store.find("k") is None
    assert store.take("k") is None
    assert store.history("k").value == "v"


def test_expiry_follows_a_clock_that_is_moved_back(store, now):
    now.seconds = 1000
    store.put("k", "v", expires_at=500)
    assert store.get("k") is None
    now.seconds = 100
    assert store.get("k") == "v"
    assert store.take("k") == "v"


def test_a_value_without_expiry_is_good_at_any_time(store, now):
    store.put("k", "v")
    now.seconds = math.inf
    assert store.get("k") == "v"
    assert store.history("k").expires_at == FOREVER


def test_an_unknown_key_has_no_value(store):
    assert store.get("k") is None
    assert store.find("k") is None
    assert store.history("k") is None
    assert store.take("k") is None
    assert not store.delete("k")
    assert (store.scan(), store.count()) == ((), 0)


def test_a_value_is_taken_once_and_its_history_stays(store, now):
    store.put("k", "v", expires_at=10)
    now.seconds = 3
    assert store.take("k") == "v"
    assert store.take("k") is None
    assert store.get("k") is None
    entry = store.history("k")
    assert (entry.value, entry.expires_at, entry.taken_at) == ("v", 10, 3)
    assert not entry.is_good(3)


def test_only_the_named_version_is_taken(store):
    store.put("k", "v", expires_at=10)
    seen = store.find("k").version
    store.put("k", "w", expires_at=10)
    assert store.take("k", version=seen) is None
    assert store.get("k") == "w"
    assert store.take("k", version=store.find("k").version) == "w"


def test_a_swap_needs_the_version_that_is_there(store):
    store.put("k", "v", expires_at=10)
    seen = store.find("k").version
    assert store.swap("k", seen, "w", expires_at=20)
    assert store.get("k") == "w"
    assert store.history("k").expires_at == 20
    assert not store.swap("k", seen, "x", expires_at=20)
    assert not store.swap("k", None, "x", expires_at=20)
    assert not store.swap("unknown", seen, "x", expires_at=20)
    assert store.get("k") == "w"


def test_a_swap_without_a_version_creates_a_missing_or_ended_entry(store, now):
    assert store.swap("k", None, "v", expires_at=10)
    assert not store.swap("k", None, "w", expires_at=10)
    store.take("k")
    assert store.swap("k", None, "after it was taken", expires_at=10)
    now.seconds = 10
    assert store.swap("k", None, "after it expired", expires_at=20)
    assert store.get("k") == "after it expired"


def test_a_value_that_was_taken_or_expired_is_not_swapped_back(store, now):
    store.put("taken", "v", expires_at=10)
    store.put("expired", "v", expires_at=5)
    seen = {key: store.find(key).version for key in ("taken", "expired")}
    store.take("taken")
    now.seconds = 5
    assert not any(store.swap(key, seen[key], "v", expires_at=99) for key in seen)


def test_an_equal_value_written_again_has_another_version(store):
    store.put("k", "v", expires_at=10)
    first = store.find("k").version
    store.put("k", "v", expires_at=10)
    second = store.find("k").version
    store.delete("k")
    store.put("k", "v", expires_at=10)
    assert len({first, second, store.find("k").version}) == 3


def test_a_deleted_entry_has_no_history(store):
    store.put("k", "v", expires_at=10)
    assert store.delete("k")
    assert store.history("k") is None
    assert store.scan() == ()


def test_only_the_named_version_is_deleted(store, now):
    store.put("k", "v", expires_at=10)
    seen = store.find("k").version
    store.put("k", "w", expires_at=10)
    assert not store.delete("k", version=seen)
    now.seconds = 10
    assert store.delete("k", version=store.history("k").version), "although it has expired"
    assert store.count() == 0


def test_a_value_is_replaced_if_it_is_still_the_expected_one(store):
    store.put("k", "v", expires_at=10)
    assert not replace_value(store, "k", "other", "w", expires_at=20)
    assert not replace_value(store, "unknown", "v", "w", expires_at=20)
    assert replace_value(store, "k", "v", "w", expires_at=20)
    assert store.history("k") == Entry(value="w", expires_at=20)


def test_an_update_gets_none_if_there_is_no_good_value(store, now):
    store.put("k", ["old"], expires_at=10)
    now.seconds = 10

    def add(value):
        return [*(value or ()), "new"]

    assert update(store, "k", add, expires_at=20) == ["new"]
    assert update(store, "k", add, expires_at=30) == ["new", "new"]
    assert store.history("k").expires_at == 30


def test_an_update_is_repeated_after_another_writer_was_faster(store):
    seen = []

    def change(value):
        if not seen:
            store.put("k", "theirs")
        seen.append(value)
        return "mine"

    update(store, "k", change)
    assert seen == [None, "theirs"]
    assert store.get("k") == "mine"


def test_restored_entries_replace_all_others_in_their_order(store):
    store.put("old", "v")
    store.put("both", "v")
    version = store.find("both").version
    entries = [("z", Entry(value=1, expires_at=5, taken_at=2)), ("both", Entry(value="v"))]
    store.restore(entries)
    assert store.scan() == tuple(entries)
    assert not store.swap("both", version, "w"), "a version from before the restore"


@pytest.mark.parametrize("capacity", [None, 100])
def test_an_index_finds_entries_by_value_whether_they_are_good_or_not(open_store, now, capacity):
    store = open_store(indexes=BY_OWNER, capacity=capacity)
    store.put("1", ["alice", "ab"], expires_at=5)
    store.put("2", ["bob", "bc"])
    store.put("3", ["alice", ""])
    store.take("3")
    now.seconds = 5
    assert keys(store.scan("owner", "alice")) == ["1", "3"]
    assert [entry.is_good(5) for _, entry in store.scan("owner", "alice")] == [False, False]
    assert keys(store.scan("letter", "b")) == ["1", "2"]
    assert store.scan("owner", "carol") == ()
    with pytest.raises(KeyError):
        store.scan("unknown", "alice")


def test_an_index_accepts_a_value_that_an_entry_has_twice(open_store):
    store = open_store(indexes=BY_OWNER)
    store.put("1", ["alice", "aa"])
    store.put("2", ["alice", "aab"])
    assert keys(store.scan("letter", "a")) == ["1", "2"]
    store.put("2", ["alice", "b"])
    assert keys(store.scan("letter", "a")) == ["1"]
    store.delete("1")
    store.delete("2")
    assert (store.scan("letter", "a"), store.scan("letter", "b")) == ((), ())


def test_an_index_follows_changes_deletions_and_evictions(open_store):
    store = open_store(indexes=BY_OWNER, capacity=2)
    store.put("1", ["alice", "a"])
    store.put("2", ["alice", "a"])
    store.put("1", ["bob", "a"])
    assert keys(store.scan("owner", "alice")) == ["2"]
    assert keys(store.scan("letter", "a")) == ["2", "1"]
    store.put("3", ["bob", "b"])
    assert store.scan("owner", "alice") == ()
    store.delete("1")
    assert keys(store.scan("owner", "bob")) == ["3"]
    store.restore([("4", Entry(value=["bob", "b"])), ("5", Entry(value=["alice", ""]))])
    assert keys(store.scan("owner", "bob")) == ["4"]
    assert keys(store.scan("letter", "b")) == ["4"]


@pytest.mark.parametrize("_round", range(3))
def test_one_of_fifty_concurrent_takes_gets_the_value(store, _round):
    store.put("k", "v")
    assert sorted(race(lambda: store.take("k")), key=str) == [None] * 49 + ["v"]


@pytest.mark.parametrize("_round", range(3))
def test_one_of_fifty_concurrent_swaps_wins(store, _round):
    store.put("k", 0)
    version, counter = store.find("k").version, iter(range(1, 51))
    won = race(lambda: store.swap("k", version, next(counter)))
    assert won.count(True) == 1
    assert store.get("k") in range(1, 51)


def test_one_of_fifty_concurrent_creations_wins(store):
    assert race(lambda: store.swap("k", None, "v")).count(True) == 1


def test_concurrent_updates_are_not_lost(store):
    race(lambda: update(store, "k", lambda count: (count or 0) + 1))
    assert store.get("k") == 50


def test_scans_during_writes_find_complete_entries(open_store):
    store = open_store(indexes=BY_OWNER, capacity=20)
    numbers = iter(range(1000))

    def write_and_scan():
        for number in (next(numbers), next(numbers)):
            store.put(str(number), ["alice", "a"])
        found = [*store.scan("owner", "alice"), *store.scan()]
        assert all(entry.value == ["alice", "a"] for _, entry in found)

    race(write_and_scan)
    assert keys(store.scan("owner", "alice")) == keys(store.scan())
    assert store.count() == 20
