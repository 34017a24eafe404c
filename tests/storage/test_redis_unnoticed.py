"""Changes on Redis that a transaction which has only read the entry does not notice."""

from dataclasses import replace
from functools import partial

import pytest

from helpers.redis_server import redis_url
from helpers.storage_backends import Now, redis_backend
from mockidp.resources.record import differs_only_in
from mockidp.resources.user import LOGIN_FIELDS, User
from mockidp.storage.store import StoreSpec
from mockidp.tenant.state.stored import encodings

SPEC = StoreSpec(
    name="users",
    capacity=None,
    indexes={"email": lambda user: (user.email,)},
    is_unnoticed=partial(differs_only_in, LOGIN_FIELDS),
)
ALICE = User(user_id="auth0|alice", connection="db", email="alice@acme.example")
KEY = ALICE.user_id


def logged_in(user):
    return replace(user, extra={"logins_count": user.extra.get("logins_count", 0) + 1})


class Users:
    """A replica with one store, of which another one changes an entry during transactions."""

    def __init__(self, directory):
        self.backend = redis_backend(redis_url(), f"{directory}:", encodings())
        self.store = self.backend.store(SPEC, Now())

    def put(self, change):
        self.store.put(KEY, change(self.store.get(KEY)))

    def disturbed(self, action, change):
        """Run an action during which, the first time, another one makes a change. Return the runs."""
        runs = []

        def act():
            runs.append(action())
            if len(runs) == 1:
                with self.backend.separately():
                    change()

        self.backend.run(act)
        return len(runs)


@pytest.fixture
def users(tmp_path):
    found = Users(tmp_path), Users(tmp_path)
    found[0].store.put(KEY, ALICE)
    yield found
    for one in found:
        one.backend.close()


READS = {
    "get": lambda store: store.get(KEY),
    "scan": lambda store: store.scan(),
    "index": lambda store: store.scan("email", ALICE.email),
    "keys": lambda store: store.keys(),
    "count": lambda store: store.count(),
}


@pytest.mark.parametrize("read", READS.values(), ids=READS)
def test_a_reader_does_not_run_again_after_a_login(users, read):
    one, other = users
    assert one.disturbed(lambda: read(one.store), lambda: other.put(logged_in)) == 1
    assert one.store.get(KEY).extra == {"logins_count": 1}


@pytest.mark.parametrize("read", READS.values(), ids=READS)
@pytest.mark.parametrize(
    "change",
    [
        lambda other: other.put(lambda user: replace(logged_in(user), blocked=True)),
        lambda other: other.put(lambda user: replace(user, extra={"logins_count": 1, "new": 2})),
        lambda other: other.put(lambda user: replace(user, extra={"verify_email": True})),
        lambda other: other.store.put(KEY, logged_in(ALICE), expires_at=1e9),
        lambda other: other.store.take(KEY),
        lambda other: other.store.delete(KEY),
        lambda other: other.store.restore([]),
    ],
    ids=["other field", "unknown field", "cosmetic field", "end", "taken", "deleted", "replaced"],
)
def test_a_reader_runs_again_after_any_other_change(users, read, change):
    one, other = users
    assert one.disturbed(lambda: read(one.store), lambda: change(other)) == 2


@pytest.mark.parametrize("read", READS.values(), ids=READS)
def test_a_reader_that_notices_all_runs_again_after_a_login(users, read):
    one, other = users

    def read_and_notice():
        one.backend.notice_all()
        return read(one.store)

    assert one.disturbed(read_and_notice, lambda: other.put(logged_in)) == 2


def test_a_reader_that_notices_all_sees_a_login_that_was_committed_before(users):
    one, other = users

    def count():
        one.backend.notice_all()
        return one.store.get(KEY).extra.get("logins_count", 0)

    for number in range(3):
        assert one.backend.run(count) == number
        other.put(logged_in)


def test_outside_of_a_transaction_a_reader_notices_all(users):
    one, other = users
    one.backend.notice_all()
    other.put(logged_in)
    assert one.store.get(KEY).extra == {"logins_count": 1}


WRITES = {
    "the same change": lambda one: one.put(logged_in),
    "another field": lambda one: one.put(lambda user: replace(user, name="Alice")),
    "swap": lambda one: one.store.swap(
        KEY, one.store.find(KEY).version, replace(one.store.get(KEY), name="Alice")
    ),
    "deletion": lambda one: one.store.delete(KEY),
}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_a_writer_runs_again_so_that_no_count_is_lost(users, write):
    one, other = users
    assert one.disturbed(lambda: write(one), lambda: other.put(logged_in)) == 2
    found = other.store.get(KEY)
    count = 2 if write is WRITES["the same change"] else 1
    assert found is None if write is WRITES["deletion"] else found.extra == {"logins_count": count}


def test_a_count_runs_again_after_another_change(users):
    one, other = users
    changed = one.disturbed(
        lambda: one.put(logged_in), lambda: other.put(lambda user: replace(user, name="Alice"))
    )
    assert (changed, one.store.get(KEY).name) == (2, "Alice")
    assert one.store.get(KEY).extra == {"logins_count": 1}
