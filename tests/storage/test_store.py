"""The store: keyed, expiring, capped, single use, atomic."""

import threading

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from helpers.tenant_client import race
from mockidp.storage.store import Entry, MemoryStore


class Now:
    """A clock to turn by hand."""

    def __init__(self):
        self.seconds = 0.0

    def __call__(self):
        return self.seconds


@pytest.fixture
def now():
    return Now()


@pytest.fixture
def store(now):
    return MemoryStore(now, cap=3)


def test_a_value_is_good_until_it_expires(store, now):
    store.put("k", "v", expires_at=10)
    now.seconds = 9.999
    assert store.get("k") == "v"
    now.seconds = 10
    assert store.get("k") is None
    assert store.take("k") is None
    assert not store.swap("k", "v", "w", expires_at=20)


def test_a_value_is_taken_once_and_remembered(store, now):
    store.put("k", "v", expires_at=10)
    now.seconds = 3
    assert store.take("k") == "v"
    assert store.take("k") is None
    assert store.get("k") is None
    entry = store.history("k")
    assert (entry.value, entry.expires_at, entry.taken_at) == ("v", 10, 3)


def test_a_swap_needs_the_value_that_is_there(store):
    store.put("k", "v", expires_at=10)
    assert not store.swap("k", "other", "w", expires_at=20)
    assert store.swap("k", "v", "w", expires_at=20)
    assert store.get("k") == "w"
    assert store.history("k").expires_at == 20
    assert not store.swap("unknown", "v", "w", expires_at=20)


def test_a_value_that_was_taken_is_not_swapped_back(store):
    store.put("k", "v", expires_at=10)
    store.take("k")
    assert not store.swap("k", "v", "v", expires_at=99)


def test_beyond_the_cap_the_oldest_is_forgotten(store):
    for key in "abc":
        store.put(key, key, expires_at=10)
    store.put("a", "again", expires_at=10)
    store.put("d", "d", expires_at=10)
    assert [store.get(key) for key in "abcd"] == ["again", None, "c", "d"]
    assert store.history("b") is None
    assert len(store) == 3


def test_restored_entries_beyond_the_cap_are_forgotten_with_the_next_value(store):
    entries = [(key, Entry(value=key, expires_at=10)) for key in "abcdef"]
    store.restore(entries)
    store.put("g", "g", expires_at=10)
    assert [key for key, _ in store.entries()] == ["e", "f", "g"]


@pytest.mark.parametrize("_round", range(5))
def test_of_fifty_takers_one_gets_it(now, _round):
    store = MemoryStore(now)
    store.put("k", "v", expires_at=10)
    taken = race(lambda: store.take("k"))
    assert sorted(taken, key=str) == [None] * 49 + ["v"]


@pytest.mark.parametrize("_round", range(5))
def test_of_fifty_swappers_one_wins(now, _round):
    store = MemoryStore(now)
    store.put("k", 0, expires_at=10)
    counter = iter(range(1, 51))
    won = race(lambda: store.swap("k", 0, next(counter), expires_at=10))
    assert won.count(True) == 1
    assert store.get("k") in range(1, 51)


def test_counting_up_in_threads_loses_nothing(now):
    store = MemoryStore(now)
    store.put("k", 0, expires_at=10)

    def count_up():
        while True:
            seen = store.get("k")
            if store.swap("k", seen, seen + 1, expires_at=10):
                return

    race(count_up)
    assert store.get("k") == 50
    assert threading.active_count() < 50


KEYS = st.sampled_from("abcd")


class StoreAgainstModel(RuleBasedStateMachine):
    """The store against a dictionary that does the same the slow way."""

    def __init__(self):
        super().__init__()
        self.now = Now()
        self.store = MemoryStore(self.now, cap=3)
        self.model = {}

    def good(self, key):
        value, expires_at, taken = self.model.get(key, (None, 0, True))
        return None if taken or self.now.seconds >= expires_at else value

    @rule(key=KEYS, value=st.integers(0, 3), life=st.integers(-1, 5))
    def put(self, key, value, life):
        expires_at = self.now.seconds + life
        self.store.put(key, value, expires_at=expires_at)
        self.model.pop(key, None)
        self.model[key] = (value, expires_at, False)
        while len(self.model) > 3:
            del self.model[next(iter(self.model))]

    @rule(key=KEYS)
    def take(self, key):
        expected = self.good(key)
        assert self.store.take(key) == expected
        if expected is not None:
            self.model[key] = (*self.model.pop(key)[:2], True)

    @rule(key=KEYS, old=st.integers(0, 3), new=st.integers(0, 3), life=st.integers(-1, 5))
    def swap(self, key, old, new, life):
        expires_at = self.now.seconds + life
        expected = self.good(key) == old
        assert self.store.swap(key, old, new, expires_at=expires_at) is expected
        if expected:
            del self.model[key]
            self.model[key] = (new, expires_at, False)

    @rule(seconds=st.integers(0, 3))
    def pass_time(self, seconds):
        self.now.seconds += seconds

    @invariant()
    def they_agree(self):
        assert len(self.store) == len(self.model)
        for key in "abcd":
            assert self.store.get(key) == self.good(key)
            entry = self.store.history(key)
            remembered = entry and (entry.value, entry.expires_at, entry.taken_at is not None)
            assert remembered == self.model.get(key)


StoreAgainstModel.TestCase.settings = settings(max_examples=60, deadline=None)
test_the_store_does_what_its_model_does = StoreAgainstModel.TestCase
