"""Run a request between the read and the write of another request."""

import threading


def run_after_next_find(monkeypatch, store, act):
    """Run a function in another thread after the next `find` of a store."""
    find = store.find

    def find_then_act(key):
        entry = find(key)
        monkeypatch.setattr(store, "find", find)
        thread = threading.Thread(target=act)
        thread.start()
        thread.join()
        return entry

    monkeypatch.setattr(store, "find", find_then_act)
