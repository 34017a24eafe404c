"""What a transaction reads and changes, by which the server finds conflicts between transactions.

A transaction runs again if one that was committed meanwhile has changed what it has read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha1

from mockidp.storage.redis.evictions import TOKEN
from mockidp.storage.redis.written import IndexValues

Read = tuple[str, ...]
"""What was read: a whole store, an entry by store and key, or a store, an index and a value."""
_ALL, _UNNOTICED = "*", "~"


def in_stores(reads: Iterable[Read]) -> Iterator[Read]:
    """Yield what was read in each store, for `replaced`."""
    return ((_ALL, read[0]) for read in reads)


def read_by_all(store: str, key: str, *indexes: IndexValues) -> Iterator[Read]:
    """Yield what readers of an entry may have read, by its indexes before and after a change."""
    yield (store,)
    yield (store, key)
    for one in indexes:
        for index, values in one.items():
            yield from ((store, index, value) for value in values)


def read_by_writers(store: str, key: str) -> Read:
    """Return what only writers of an entry have read: its changes that readers do not notice."""
    return ("", store, key)


def read_by_noticing(store: str) -> Read:
    """Return what only readers of a store have read that notice all changes of its entries."""
    return (_UNNOTICED, store)


def replaced(store: str) -> tuple[Read, Read]:
    """Return what all have read who have read anything in a store."""
    return (store,), (_ALL, store)


def id_read(commit_id: str) -> Read:
    """Return what a commit with an id has read although no store has it."""
    return ("", commit_id)


def tokens_of(reads: Iterable[Read]) -> str:
    """Return short texts for what was read or changed. If two are equal, a request runs again."""
    return " ".join({_hash(read)[:TOKEN] for read in reads})


def _hash(read: Read) -> str:
    """Return the only hash that scripts on the server can compute, too, for evicted entries."""
    data = "\0".join(read).encode(errors="surrogatepass")
    return sha1(data, usedforsecurity=False).hexdigest()
