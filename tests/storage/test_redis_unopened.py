"""Stores and feeds on Redis that a replica has not opened."""

from helpers.storage_backends import Now
from mockidp.storage.store import Entry, StoreSpec


class Received(list):
    """Receives a feed."""

    def begin(self, count):
        self[:] = [count]

    def receive(self, message):
        self.append(message)


def test_a_replica_skips_stores_and_feeds_that_it_has_not_opened(replicas):
    one, other = replicas
    assert other.values.get("k") is None
    late, received = StoreSpec(name="late"), Received()
    written = one.backend.store(late, Now())
    written.put("k", "v")
    one.backend.feed("f", 3, Received()).send("m")
    written.restore([("k", Entry(value="w"))])
    one.values.put("k", "v")
    assert other.values.get("k") == "v"
    other.backend.feed("f", 3, received)
    assert other.backend.store(late, Now()).get("k") == "w"
    assert received == [0, "m"]
