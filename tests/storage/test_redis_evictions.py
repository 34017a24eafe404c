"""Entries on Redis that another process evicts after a transaction has read them."""

import pytest

from helpers.storage_backends import Now
from mockidp.storage.redis.evictions import EACH
from mockidp.storage.store import Entry, StoreSpec

VALUES = ("one", "zwö", "\ud800")
"""The values in the index: plain, not ASCII, and a lone surrogate, which JSON may contain."""
SPEC = StoreSpec(name="codes", capacity=3, indexes={"user": lambda value: (value, "all")})


@pytest.fixture
def stores(replicas):
    """A full store of two replicas, which have both followed."""
    pair = [one.backend.store(SPEC, Now()) for one in replicas]
    for key, value in zip("abc", VALUES, strict=True):
        pair[0].put(key, value)
    assert pair[1].count() == 3
    return pair


@pytest.fixture
def disturbed(replicas):
    """A function that runs a read while something else happens once. Returns all that it read."""

    def disturbed(read, happens):
        found = []

        def act():
            found.append(read())
            if len(found) == 1:
                with replicas[1].backend.separately():
                    happens()

        replicas[1].backend.run(act)
        return found

    return disturbed


@pytest.mark.parametrize(
    ("read", "before", "after"),
    [
        (lambda store: store.get("a"), "one", None),
        (lambda store: store.take("a"), "one", None),
        (lambda store: store.delete("a"), True, False),
        (lambda store: [key for key, _ in store.scan("user", "one")], ["a"], []),
        (lambda store: store.keys(1), ("a",), ("b",)),
    ],
)
def test_a_transaction_that_has_read_an_evicted_entry_runs_again(
    stores, disturbed, read, before, after
):
    one, other = stores
    assert disturbed(lambda: read(other), lambda: one.put("d", "new")) == [before, after]


@pytest.mark.parametrize("place", range(3))
def test_it_runs_again_if_an_index_has_found_the_entry(stores, disturbed, place):
    (one, other), value = stores, VALUES[place]

    def find():
        return [entry.value for _, entry in other.scan("user", value)]

    def evict():
        for index in range(place + 1):
            one.put(f"new {index}", "new")

    assert disturbed(find, evict) == [[value], []]


def test_it_runs_once_if_it_has_read_an_entry_that_is_still_there(stores, disturbed):
    one, other = stores
    assert disturbed(lambda: other.take("b"), lambda: one.put("d", "new")) == ["zwö"]
    assert other.keys() == ("c", "d", "b")


def test_an_eviction_that_the_writer_could_not_expect_is_noticed(replicas, stores, disturbed):
    one, other = stores

    def evict():
        one.put("d", "new")  # evicts the first one, which a writer that has not followed expects
        replicas[0].backend.run(late)

    def late():
        one.put("e", "new")
        with replicas[0].backend.separately():
            other.put("f", "new")

    assert disturbed(lambda: other.get("c"), evict) == ["\ud800", None]
    assert one.keys() == other.keys() == ("d", "f", "e")


@pytest.mark.parametrize("count", [EACH, EACH + 1])
@pytest.mark.parametrize("read", ["get", "take"])
def test_many_evictions_at_once_are_noticed(stores, disturbed, count, read):
    one, other = stores
    one.restore([(str(index), Entry(value="old", expires_at=10)) for index in range(count + 2)])
    assert other.get("0") == "old"
    found = disturbed(lambda: getattr(other, read)("0"), lambda: one.put("d", "new"))
    assert found == ["old", None]
    assert one.keys() == other.keys() == (str(count), str(count + 1), "d")
