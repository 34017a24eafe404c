"""Conformance of storage backends: a store compared with a simple model."""

import contextlib
import itertools

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from helpers.storage_backends import BACKENDS, PERSISTENT, Now
from mockidp.storage.store import Entry, StoreSpec

KEYS = st.sampled_from("abcd")
VALUES = st.integers(0, 3)


class StoreAgainstModel(RuleBasedStateMachine):
    """The model has the value, expiry and time of being taken by key, in the store's order."""

    def __init__(self, name, directory, capacity):
        super().__init__()
        self.now, self.name, self.directory, self.capacity = Now(), name, directory, capacity
        self.spec = StoreSpec(
            name="values", capacity=capacity, indexes={"value": lambda value: (str(value),)}
        )
        self.model = {}
        self.open()

    def open(self):
        self.backend = BACKENDS[self.name](self.directory)
        self.store = self.backend.store(self.spec, self.now)

    def good(self, key):
        value, expires_at, taken_at = self.model.get(key, (None, 0, 0))
        return None if taken_at is not None or self.now.seconds >= expires_at else value

    def note(self, key, entry):
        if self.capacity is None:
            self.model[key] = entry
            return
        self.model.pop(key, None)
        self.model[key] = entry
        while len(self.model) > self.capacity:
            del self.model[next(iter(self.model))]

    @rule(key=KEYS, value=VALUES, life=st.integers(-1, 5))
    def put(self, key, value, life):
        expires_at = self.now.seconds + life
        self.store.put(key, value, expires_at=expires_at)
        self.note(key, (value, expires_at, None))

    @rule(key=KEYS)
    def take(self, key):
        expected = self.good(key)
        assert self.store.take(key) == expected
        if expected is not None:
            self.note(key, (*self.model[key][:2], self.now.seconds))

    @rule(key=KEYS, value=VALUES, life=st.integers(-1, 5))
    def swap(self, key, value, life):
        expires_at, entry = self.now.seconds + life, self.store.find(key)
        version = None if entry is None else entry.version
        assert (version is None) == (self.good(key) is None)
        assert self.store.swap(key, version, value, expires_at=expires_at)
        assert entry is None or not self.store.swap(key, version, value)
        self.note(key, (value, expires_at, None))

    @rule(key=KEYS)
    def delete(self, key):
        assert self.store.delete(key) == (key in self.model)
        self.model.pop(key, None)

    @rule(keys=st.lists(KEYS, unique=True), value=VALUES)
    def restore(self, keys, value):
        keys = keys[: self.capacity]
        self.store.restore([(key, Entry(value=value, expires_at=9)) for key in keys])
        self.model = dict.fromkeys(keys, (value, 9, None))

    @rule(key=KEYS, value=VALUES)
    def change_and_fail(self, key, value):
        with contextlib.suppress(ZeroDivisionError), self.backend.transaction():
            if self.name in PERSISTENT:
                self.store.put(key, value)
                self.store.delete(key)
            raise ZeroDivisionError

    @rule(seconds=st.integers(-1, 3))
    def move_clock(self, seconds):
        self.now.seconds += seconds

    @precondition(lambda self: self.name in PERSISTENT)
    @rule()
    def restart(self):
        self.backend.close()
        self.open()

    @invariant()
    def they_agree(self):
        entries = self.store.scan()
        assert self.store.count() == len(entries)
        assert {
            key: (entry.value, entry.expires_at, entry.taken_at) for key, entry in entries
        } == self.model
        assert [key for key, _ in entries] == list(self.model)
        assert self.store.keys() == tuple(self.model)
        assert self.store.keys(2) == tuple(self.model)[:2]
        for key in "abcd":
            assert self.store.get(key) == self.good(key)
        for value in range(4):
            found = self.store.scan("value", str(value))
            assert found == tuple(one for one in entries if one[1].value == value)

    def teardown(self):
        self.backend.close()


@pytest.mark.parametrize("name", BACKENDS)
@pytest.mark.parametrize("capacity", [3, None])
def test_a_store_does_what_its_model_does(name, capacity, tmp_path):
    numbers = itertools.count()

    def machine():
        directory = tmp_path / str(next(numbers))
        directory.mkdir()
        return StoreAgainstModel(name, directory, capacity)

    run_state_machine_as_test(machine, settings=settings(max_examples=15, deadline=None))
