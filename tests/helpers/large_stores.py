"""Stores with so many entries that they are staged, read page by page, and not logged."""

from helpers.storage_backends import Now
from mockidp.storage.redis.written import LOGGED
from mockidp.storage.store import Entry, StoreSpec

MANY = LOGGED + 1


def entries(count, value="v"):
    """Return entries with their keys."""
    return [(f"key {number}", Entry(value=value)) for number in range(count)]


def limited(replica, capacity):
    """Open a store with a capacity."""
    return replica.backend.store(StoreSpec(name="limited", capacity=capacity), Now())
