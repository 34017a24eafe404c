"""A disk has what the store has, whatever is done with that."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from mockidp.storage.store import Entry, MemoryStore
from mockidp.storage.transactions import Transactions
from mockidp.tenant.disk import Disk

KEYS = st.sampled_from("abcd")


class DiskAgainstStore(RuleBasedStateMachine):
    """What a disk has of a store, against the store."""

    def __init__(self, directory):
        super().__init__()
        self.disk = Disk(directory)
        self.disk.save({}, replaced=["one"])
        transactions = Transactions()
        transactions.write = self.write
        self.store = MemoryStore(lambda: 0.0, cap=3, transactions=transactions)

    def write(self, changed):
        for part, keys in changed.items():
            if keys is None:
                self.save_all()
            else:
                self.disk.save({}, [("one", key, part.history(key)) for key in keys])

    @rule(key=KEYS, value=st.integers(0, 3))
    def put(self, key, value):
        self.store.put(key, value, expires_at=1.0)

    @rule(key=KEYS)
    def take(self, key):
        self.store.take(key)

    @rule(key=KEYS, old=st.integers(0, 3), new=st.integers(0, 3))
    def swap(self, key, old, new):
        self.store.swap(key, old, new, expires_at=2.0)

    @rule()
    def save_all(self):
        entries = [("one", key, entry) for key, entry in self.store.entries()]
        self.disk.save({"fact": 1}, entries, replaced=["one"])

    @rule(keys=st.lists(KEYS, unique=True))
    def restore(self, keys):
        entry = Entry(value=9, expires_at=1.0)
        self.store.restore([(key, entry) for key in keys[:3]])

    @invariant()
    def they_agree(self):
        _, entries = self.disk.load()
        assert tuple((key, Entry(**entry)) for _, key, entry in entries) == self.store.entries()

    def teardown(self):
        self.disk.close()


def test_the_disk_has_what_the_store_has_in_its_order(tmp_path):
    run_state_machine_as_test(
        lambda: DiskAgainstStore(tmp_path), settings=settings(max_examples=30, deadline=None)
    )
