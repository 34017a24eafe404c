"""Run a request between the read and the write of another request."""

import threading
from functools import partial

from helpers.tenants import REPLICAS


def replace_method(monkeypatch, store, name, new):
    """Replace a method of a store in all replicas.

    `new` is called with the original method before the arguments.
    """
    for one in REPLICAS.of_store(store):
        monkeypatch.setattr(one, name, partial(new, getattr(one, name)))


def lose_next_swap(monkeypatch, store):
    """Let the next `swap` of a store fail. Return a list, which then has its arguments."""
    lost = []

    def swap(real, *arguments, **options):
        if lost:
            return real(*arguments, **options)
        lost.append(arguments)
        return False

    replace_method(monkeypatch, store, "swap", swap)
    return lost


def run_after_next_find(monkeypatch, store, act):
    """Run a function in another thread after the next `find` of a store."""
    found = []

    def find_then_act(find, key):
        entry = find(key)
        if not found:
            found.append(entry)
            thread = threading.Thread(target=act)
            thread.start()
            thread.join()
        return entry

    replace_method(monkeypatch, store, "find", find_then_act)
