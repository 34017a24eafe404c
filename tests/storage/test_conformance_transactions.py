"""Conformance of storage backends: transactions, snapshots, restarts and crashes."""

import contextlib
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from helpers.storage_backends import BACKENDS, Now
from mockidp.protocol.errors.oauth_error import InvalidGrant
from mockidp.storage.store import Entry, StoreSpec

TESTS = Path(__file__).parents[1]


@pytest.fixture
def opened(persistent, tmp_path):
    """Open the backend on the test's directory; leaving the block closes it."""

    @contextlib.contextmanager
    def opened(*specs):
        with contextlib.closing(BACKENDS[persistent](tmp_path)) as backend:
            yield backend, *(backend.store(spec, Now()) for spec in specs)

    return opened


FIRST, SECOND = StoreSpec(name="first"), StoreSpec(name="second", capacity=None)


def put_and_raise(backend, store, error):
    with backend.transaction():
        store.put("k", "changed")
        store.put("new", "v")
        raise error


def test_a_transaction_reads_its_own_writes(backend, store):
    with backend.transaction():
        store.put("k", "v")
        assert store.get("k") == "v"
        assert (store.count(), store.keys()) == (1, ("k",))
        with backend.transaction():
            assert store.take("k") == "v"
        assert store.get("k") is None
    assert store.history("k").taken_at == 0


def test_an_action_after_the_commit_runs_once_at_the_end(backend, store):
    ran = []
    with backend.transaction():
        store.put("k", "v")
        backend.after_commit(lambda: ran.append(store.get("k")))
        store.put("k", "w")
    assert ran[-1] in {"v", "w"}
    assert len(ran) == 1
    backend.after_commit(lambda: ran.append("at once"))
    assert ran[1:] == ["at once"]


def test_a_snapshot_has_the_durable_stores_with_what_was_taken(backend, open_store):
    first, _ = open_store("first"), open_store("transient", durable=False)
    first.put("a", 1, expires_at=5)
    first.put("b", 2)
    first.take("a")
    taken = Entry(value=1, expires_at=5, taken_at=0)
    assert backend.snapshot() == {"first": (("b", Entry(value=2)), ("a", taken))}


def test_a_snapshot_during_writes_is_consistent(backend, open_store):
    """Each value is written to `first` before `second`, so `second` is never ahead."""
    first, second, stop = open_store("first"), open_store("second"), threading.Event()

    def write():
        number = 0
        while not stop.is_set():
            number += 1
            first.put("k", number)
            second.put("k", number)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        for _ in range(50):
            found = backend.snapshot()
            values = [entries[0][1].value if entries else 0 for entries in found.values()]
            assert values[0] - values[1] in {0, 1}
    finally:
        stop.set()
        thread.join()


def test_a_transient_store_is_not_kept_and_not_undone(opened):
    spec = StoreSpec(name="counts", durable=False)
    with opened(spec) as (backend, counts):
        with pytest.raises(ZeroDivisionError):
            put_and_raise(backend, counts, ZeroDivisionError())
        assert counts.get("k") == "changed"
    with opened(spec) as (_, counts):
        assert counts.scan() == ()


def test_an_error_undoes_all_changes_of_a_transaction(opened):
    with opened(FIRST, SECOND) as (backend, first, second):
        for store in (first, second):
            for key in ("a", "k", "z"):
                store.put(key, "v", expires_at=9)
        second.put("index", "v")
        before = backend.snapshot()
        with contextlib.suppress(ZeroDivisionError), backend.transaction():
            first.take("a")
            first.swap("k", first.find("k").version, "w")
            second.delete("a")
            second.put("new", "v")
            second.restore([("other", Entry(value="v"))])
            second.put("after", "v")
            second.restore([])
            raise ZeroDivisionError
        assert backend.snapshot() == before
        assert list(backend.snapshot()["second"]) == list(before["second"])
        assert first.swap("k", first.find("k").version, "w"), "versions are those from before"
    with opened(FIRST, SECOND) as (backend, first, second):
        assert first.get("k") == "w"
        assert [key for key, _ in second.scan()] == ["a", "k", "z", "index"]


def test_an_error_undoes_changes_of_indexes(opened):
    spec = StoreSpec(name="indexed", indexes={"value": lambda value: (value,)})
    with opened(spec) as (backend, store):
        store.put("k", "v")
        with pytest.raises(ZeroDivisionError):
            put_and_raise(backend, store, ZeroDivisionError())
        assert [key for key, _ in store.scan("value", "v")] == ["k"]
        assert store.scan("value", "changed") == ()


def test_a_refusal_keeps_the_changes(opened):
    with opened(FIRST) as (backend, first):
        with pytest.raises(InvalidGrant):
            put_and_raise(backend, first, InvalidGrant("Wrong email or password."))
        assert first.get("k") == "changed"
    with opened(FIRST) as (_, first):
        assert first.get("k") == "changed"


def test_a_transaction_separate_from_an_open_one_survives_its_error(opened):
    with opened(FIRST) as (backend, first):
        with contextlib.suppress(ZeroDivisionError), backend.transaction():
            with backend.separately(), backend.transaction():
                first.put("separate", "v")
            first.put("undone", "v")
            raise ZeroDivisionError
        assert [key for key, _ in first.scan()] == ["separate"]


def test_a_restart_finds_everything_in_its_order(opened):
    specs = [
        StoreSpec(name="limited", indexes={"value": lambda value: (value["v"],)}, capacity=3),
        StoreSpec(name="unlimited", capacity=None),
    ]
    with opened(*specs) as (backend, *stores):
        for store in stores:
            for key in "abcd":
                store.put(key, {"v": key}, expires_at=7.5)
            store.put("b", {"v": "\N{SNOWMAN}"})
            store.take("c")
            store.delete("d")
        before = backend.snapshot()
    for _ in range(2):
        with opened(*specs) as (backend, limited, unlimited):
            assert backend.snapshot() == before
            assert [key for key, _ in limited.scan("value", "\N{SNOWMAN}")] == ["b"]
            assert [key for key, _ in unlimited.scan()] == ["a", "b", "c"]
    with opened(*specs) as (_, limited, unlimited):
        limited.put("new", {"v": "new"})
        unlimited.put("new", {"v": "new"})
        assert [key for key, _ in limited.scan()][-1] == "new"
    with opened(*specs) as (_, limited, unlimited):
        assert [key for key, _ in limited.scan()] == ["b", "c", "new"]
        assert [key for key, _ in unlimited.scan()] == ["a", "b", "c", "new"]


def test_a_restart_finds_a_restored_store_without_its_old_entries(opened):
    with opened(FIRST) as (backend, first):
        first.put("old", "v")
        with backend.transaction():
            first.put("before", "v")
            first.restore([("restored", Entry(value="v"))])
            first.put("after", "v")
    with opened(FIRST) as (_, first):
        assert [key for key, _ in first.scan()] == ["restored", "after"]


@pytest.mark.parametrize("committed", [1, 5, 20])
def test_a_killed_process_leaves_all_writes_of_an_exchange_or_none(
    opened, persistent, tmp_path, committed
):
    command = [sys.executable, "-m", "helpers.storage_backends", persistent, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=TESTS, text=True) as process:
        for _ in range(committed):
            answered = int(process.stdout.readline())
        process.kill()
    assert answered == committed
    with opened(FIRST, StoreSpec(name="second")) as (_, first, second):
        found = {entry.value["number"] for _, entry in second.scan()}
        assert found == {first.get("number")}
        assert first.get("number") >= answered
