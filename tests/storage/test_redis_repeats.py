"""Transactions on Redis that run again if another process has changed what they read."""

import contextlib
import threading

import pytest

from mockidp.errors import MockIdPError
from mockidp.protocol.errors.oauth_error import InvalidGrant
from mockidp.storage.redis.lease import Lease
from mockidp.storage.store import Entry


def scripts_run(client):
    """Return how many scripts the server has run: the round trips of a backend."""
    return client.info("commandstats").get("cmdstat_evalsha", {"calls": 0})["calls"]


class Disturbed:
    """Runs a read in a transaction of one replica, during which the other one makes a change."""

    def __init__(self, replica, read, change, times=1):
        self.replica, self.read, self.change = replica, read, change
        self.times, self.runs, self.ended = times, 0, []

    def __call__(self):
        found = self.replica.backend.run(self._act)
        assert self.ended == [found], "only the last attempt ends"
        return found

    def _act(self):
        self.runs += 1
        found = self.read(self.replica)
        with self.replica.backend.separately():
            if self.runs <= self.times:
                self.change()
        self.replica.backend.after_commit(lambda: self.ended.append(found))
        return found


@pytest.mark.parametrize(
    "read",
    [
        lambda one: one.values.get("k"),
        lambda one: one.values.take("k"),
        lambda one: one.values.count(),
        lambda one: one.values.keys(1),
        lambda one: [key for key, _ in one.values.scan()],
        lambda one: [key for key, _ in one.values.scan("value", "new")],
        lambda one: [key for key, _ in one.values.scan("value", "old")],
    ],
)
@pytest.mark.parametrize(
    "change", [lambda two: two.values.put("k", "new"), lambda two: two.values.restore([])]
)
def test_a_transaction_runs_again_if_what_it_read_has_changed(replicas, read, change):
    one, other = replicas
    one.values.put("k", "old")
    one.values.put("l", "new")
    run = Disturbed(one, read, lambda: change(other))
    found = run()
    assert run.runs == 2
    fresh = read(other)
    assert found == (fresh if found is None or fresh is not None else "new")


def test_a_transaction_runs_once_if_something_else_has_changed(replicas, client):
    one, other = replicas
    one.values.put("k", "old")
    assert other.values.get("k") == "old"
    run = Disturbed(one, lambda one: one.values.take("k"), lambda: other.values.put("l", "new"))
    before = scripts_run(client)
    assert run() == "old"
    assert (run.runs, scripts_run(client) - before) == (1, 2), "the second one is the change"
    assert one.values.get("l") == "new"


def test_a_transaction_that_runs_in_vain_gets_the_lease_in_the_end(replicas, client, tmp_path):
    one, other = replicas
    held = []

    def change():
        held.append(bool(client.exists(f"{tmp_path}:lease")))
        if not held[-1]:
            other.values.put("k", len(held))

    run = Disturbed(one, lambda one: one.values.get("k"), change, times=100)
    assert run() == 5
    assert held == [False] * 5 + [True]
    assert not client.exists(f"{tmp_path}:lease")


def test_others_can_write_while_a_transaction_with_the_lease_waits(replicas, client, tmp_path):
    one, other = replicas
    one.values.put("done", False)

    def wait(one):
        one.values.get("k")
        if run.runs > 5:
            assert client.exists(f"{tmp_path}:lease")
            threading.Timer(0, other.values.put, ("done", True)).start()
            assert one.backend.wait_until(lambda: one.values.get("done"), 60)
            assert client.exists(f"{tmp_path}:lease"), "it has the lease again"
        return run.runs

    run = Disturbed(one, wait, lambda: other.values.put("k", run.runs), times=5)
    assert run() == 6
    assert not client.exists(f"{tmp_path}:lease")


def test_a_transaction_that_waits_with_the_lease_runs_again_if_its_reads_change(replicas):
    one, other = replicas
    waited = []

    def wait(one):
        one.values.put("runs", run.runs)
        found = one.values.get("k")
        if run.runs > 5 and not waited:
            threading.Timer(0, other.values.put, ("k", "new")).start()
            waited.append(one.backend.wait_until(lambda: one.values.get("k") == "new", 60))
        return found

    run = Disturbed(one, wait, lambda: other.values.put("k", run.runs), times=5)
    assert (run(), run.runs, waited) == ("new", 7, [True])


def test_a_transaction_that_cannot_run_again_is_refused_if_its_reads_change_while_it_waits(
    replicas,
):
    one, other = replicas

    def wait():
        with one.backend.transaction():
            one.values.put("runs", one.values.get("k"))
            threading.Timer(0, other.values.put, ("k", "new")).start()
            one.backend.wait_until(lambda: one.values.get("k") == "new", 60)

    with pytest.raises(MockIdPError, match="another mock has changed the tenant meanwhile"):
        wait()
    assert (other.values.get("k"), other.values.get("runs")) == ("new", None)


def test_a_lease_that_was_lent_and_is_lost_is_not_released():
    lease = Lease(Acquired(), print)
    with pytest.raises(MockIdPError), lease, lease, lease.lent():
        assert not lease.is_mine
    assert (lease.depth, lease.is_mine) == (0, False)


class Acquired:
    """Acquires a lease once, and fails after that."""

    def __init__(self):
        self.count = 0

    def __call__(self):
        self.count += 1
        if self.count > 1:
            raise MockIdPError("Redis cannot be used.")
        return self.count


def test_reads_and_changes_need_one_round_trip_together(replicas, client):
    one, other = replicas
    one.values.put("k", "v")

    def act():
        one.values.put("l", one.values.get("k"))
        one.values.delete("k")
        with one.backend.exclusive(), one.backend.transaction():
            one.records.put("r", "v")
        return one.values.scan("value", "v")

    before = scripts_run(client)
    ((key, _),) = one.backend.run(act)
    assert (key, scripts_run(client) - before) == ("l", 1)
    assert (other.values.get("l"), other.values.get("k"), other.records.get("r")) == (
        "v",
        None,
        "v",
    )


@pytest.mark.parametrize("error", [ZeroDivisionError(), InvalidGrant("Invalid code")])
def test_only_a_refusal_keeps_the_changes_of_a_transaction(replicas, error):
    one, other = replicas
    ran = []

    def act():
        one.values.put("k", "v")
        one.backend.after_commit(lambda: ran.append(1))
        raise error

    with pytest.raises(type(error)):
        one.backend.run(act)
    is_kept = isinstance(error, InvalidGrant)
    assert (other.values.count(), len(ran)) == (is_kept, is_kept)


def test_an_error_within_a_transaction_undoes_the_changes_of_its_block(replicas):
    one, other = replicas

    def act():
        one.values.put("before", "v")
        with contextlib.suppress(ZeroDivisionError), one.backend.transaction():
            one.values.put("k", "v")
            with one.backend.transaction():
                one.values.restore([("l", Entry(value="v"))])
                raise ZeroDivisionError
        return one.values.keys()

    assert one.backend.run(act) == other.values.keys() == ("before",)


def test_an_error_because_of_an_outdated_read_runs_the_transaction_again(replicas):
    one, other = replicas
    one.values.put("k", 0)

    def act():
        divisor = one.values.get("k")
        with one.backend.separately():
            if not divisor:
                other.values.put("k", 1)
        return 1 / divisor

    assert one.backend.run(act) == 1


def test_a_full_store_evicts_the_same_entries_for_all_replicas(replicas, open_replica, client):
    one, other = replicas
    for number in range(30):
        replicas[number % 2].few.put(str(number % 7), number)
    third = open_replica()
    assert one.few.keys() == other.few.keys() == third.few.keys() == ("6", "0", "1")


class Received(list):
    """Receives a feed."""

    def begin(self, count):
        self[:] = [count]

    def receive(self, message):
        self.append(message)


def test_all_replicas_receive_the_messages_of_a_feed_in_the_same_order(replicas, open_replica):
    one, _ = replicas
    received = [Received() for _ in range(3)]
    feeds = [
        replica.backend.feed("f", 3, got) for replica, got in zip(replicas, received, strict=False)
    ]
    one.values.put("k", "before")
    for number in range(4):
        feeds[number % 2].send(str(number))
    feeds.append(open_replica().backend.feed("f", 3, received[2]))
    for feed in feeds:
        feed.catch_up()
    assert received == [[0, "0", "1", "2", "3"]] * 2 + [[1, "1", "2", "3"]]
    feeds[0].clear()
    feeds[1].send("new")
    feeds[0].catch_up()
    assert received[0] == received[1] == [0, "new"]


def test_a_message_is_sent_with_the_changes_of_its_transaction(replicas):
    one, other = replicas
    received = Received()
    sender = one.backend.feed("f", 3, Received())
    receiver = other.backend.feed("f", 3, received)

    def act():
        sender.send("m")
        one.values.put("k", "v")
        receiver.catch_up()
        assert received == [0]
        return other.values.get("k")

    assert one.backend.run(act) is None
    assert other.backend.run(lambda: (receiver.catch_up(), other.values.get("k")))[1] == "v"
    assert received == [0, "m"]


def test_a_replica_waits_for_the_messages_of_another_one(replicas):
    one, other = replicas
    received = Received()
    sender = one.backend.feed("f", 3, Received())
    receiver = other.backend.feed("f", 3, received)
    asked = []

    def is_done():
        asked.append(1)
        if len(asked) == 2:
            sender.send("m")
        return "m" in received

    assert other.backend.run(lambda: receiver.wait_until(is_done, 60))
    assert not receiver.wait_until(lambda: False, 0)
