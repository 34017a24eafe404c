"""Conformance of storage backends: which entries a store with a capacity evicts, and their order."""

from mockidp.storage.store import Entry


def keys(entries):
    return [key for key, _ in entries]


def test_beyond_the_capacity_entries_unchanged_for_longest_are_evicted(open_store):
    store = open_store(capacity=3)
    for key in "abc":
        store.put(key, key)
    store.put("a", "again")
    store.take("b")
    store.put("d", "d")
    assert store.history("c") is None
    assert keys(store.scan()) == ["a", "b", "d"]
    assert (store.keys(), store.keys(2), store.keys(9)) == (
        ("a", "b", "d"),
        ("a", "b"),
        ("a", "b", "d"),
    )
    assert store.count() == 3


def test_without_a_capacity_entries_keep_the_order_of_their_first_write(open_store):
    store = open_store(capacity=None)
    for key in "abc":
        store.put(key, 1)
    store.put("a", 2)
    store.delete("b")
    store.put("b", 2)
    assert keys(store.scan()) == ["a", "c", "b"]
    assert (store.keys(), store.keys(1)) == (("a", "c", "b"), ("a",))


def test_restored_entries_beyond_the_capacity_are_evicted_with_the_next_write(open_store):
    store = open_store(capacity=3)
    store.restore([(key, Entry(value=key, expires_at=10)) for key in "abcdef"])
    store.put("g", "g")
    assert keys(store.scan()) == ["e", "f", "g"]


def test_a_capacity_that_changes_applies_to_the_next_write(open_store):
    limits = [2]
    store = open_store(capacity=lambda: limits[0])
    for limit, key in ((2, "a"), (2, "b"), (3, "c"), (3, "d"), (1, "e")):
        limits[0] = limit
        store.put(key, key)
        assert store.count() == min(limit, "abcde".index(key) + 1)
    assert store.keys() == ("e",)
    limits[0] = 5
    for key in "fg":
        store.put(key, key)
    assert store.delete("f")
    assert store.keys() == ("e", "g")
