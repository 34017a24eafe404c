"""Replicas that read large stores page by page while others commit."""

import pytest

from helpers.large_stores import MANY, entries, limited
from mockidp.errors import MockIdPError
from mockidp.storage.redis import state as redis_state
from mockidp.storage.redis.scripts import IN_SCRIPT, PAGE

SIZE = 2_400
"""More than a script reads, and with smaller pages several of them."""


class Changes:
    """What another process commits while a store of that size, which is full, is read."""

    @staticmethod
    def nothing(one, store):
        pass

    @staticmethod
    def single_entries(one, store):
        for number in range(0, SIZE, 200):
            store.put(f"key {number}", "changed")
            store.delete(f"key {number + 1}")
            store.delete(f"key {number + 2}")
            store.put(f"key {number + 2}", "again")
            store.put(f"new {number}", "new")
            one.values.put("k", number)

    @staticmethod
    def evictions(_one, store):
        for number in range(20):
            store.put(f"new {number}", "new")
        store.delete("new 3")

    @staticmethod
    def a_large_restore(one, store):
        store.restore(entries(SIZE - 200, "restored"))
        one.values.put("k", "v")

    @staticmethod
    def a_small_restore(_one, store):
        store.restore(entries(3, "restored"))
        store.put("new", "v")

    @staticmethod
    def a_large_commit(one, store):
        with one.backend.transaction():
            for key, _ in entries(MANY):
                store.delete(key)
        one.values.restore(entries(MANY, "restored"))

    @staticmethod
    def more_than_the_log_has(one, store):
        store.put("new", "v")
        one.values.put("k", "v")
        one.backend._state._client.xtrim(one.backend._state._keys[1], 0)

    @staticmethod
    def feed_messages(one, store):
        one.feed.send("message")
        store.put("new", "v")


class Received:
    def __init__(self):
        self.messages = []

    def begin(self, count):
        self.messages = [None] * count

    def receive(self, message):
        self.messages.append(message)


CHANGES = [name for name in vars(Changes) if not name.startswith("_")]


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("page", [1, 2])
def test_a_replica_that_joins_while_others_commit_has_their_state(
    open_replica, monkeypatch, change, page
):
    monkeypatch.setattr(redis_state, "PAGE", 1000)
    one, late = open_replica(), open_replica()
    stores = [limited(replica, SIZE) for replica in (one, late)]
    received = [Received(), Received()]
    for replica, receiver in zip((one, late), received, strict=True):
        replica.feed = replica.backend.feed("feed", 10, receiver)
    one.feed.send("first")
    stores[0].restore(entries(SIZE))
    state, reads = late.backend._state, []
    read = state.read

    def read_then_change(*arguments):
        found = read(*arguments)
        reads.append(found)
        if len(reads) == page:
            getattr(Changes, change)(one, stores[0])
        return found

    monkeypatch.setattr(state, "read", read_then_change)
    assert late.values.keys() == one.values.keys()
    assert len(reads) > page
    assert late.backend.snapshot() == one.backend.snapshot()
    assert stores[1].keys() == stores[0].keys()
    versions = [[entry.version for _, entry in store.scan()] for store in stores]
    assert versions[0] == versions[1]
    assert late.feed.catch_up() is one.feed.catch_up() is None
    assert received[0].messages == received[1].messages


def test_a_replica_that_could_not_read_all_pages_reads_the_rest_later(open_replica, monkeypatch):
    one, late = open_replica(), open_replica()
    for store in (one.records, one.values):
        store.restore(entries(PAGE))
    state = late.backend._state
    read = state.read

    def fail(known, *arguments):
        if known.commits:
            raise MockIdPError("lost")
        return read(known, *arguments)

    with monkeypatch.context() as patch:
        patch.setattr(state, "read", fail)
        with pytest.raises(MockIdPError, match="lost"):
            late.backend.run(late.values.keys)
    one.records.put("new", "v")
    assert late.backend.run(late.values.keys) == one.values.keys()
    assert late.backend.snapshot() == one.backend.snapshot()


def test_a_transaction_does_not_begin_ahead_of_the_pages_that_were_read(replicas, monkeypatch):
    from mockidp.storage.redis.follower import Follower

    one, other = replicas
    one.records.restore(entries(IN_SCRIPT + 1, "old"))
    assert other.records.get("key 7") == "old"
    one.records.restore(entries(IN_SCRIPT + 1, "new"))
    follower, state = other.backend._follower, other.backend._state
    is_incomplete, read = Follower.is_incomplete.fget, state.read
    checked, pages = [], []

    def read_first_page(known, stores, *arguments):
        if stores:
            pages.append(stores)
        if len(pages) > 1:
            raise MockIdPError("as long as another thread waits for the second page")
        return read(known, stores, *arguments)

    def checked_while_another_thread_reads(checked_follower):
        found = is_incomplete(checked_follower)
        if checked_follower is follower and not checked:
            checked.append(found)
            with monkeypatch.context() as patch:
                patch.setattr(state, "read", read_first_page)
                with pytest.raises(MockIdPError, match="second page"):
                    follower.follow()
        return found

    monkeypatch.setattr(Follower, "is_incomplete", property(checked_while_another_thread_reads))
    assert other.backend.run(lambda: other.records.get("key 7")) == "new"
    assert checked == [False]
