"""Large stores on Redis: no command may block the server for long, and all guarantees remain."""

from contextlib import closing

import pytest

from helpers.large_stores import MANY, entries, limited
from helpers.redis_server import redis_url
from helpers.storage_backends import RECORDS, Now, redis_backend
from mockidp.storage.encoding import Encoding
from mockidp.storage.redis.scripts import IN_SCRIPT, PAGE, PIECE
from mockidp.storage.store import Entry, StoreSpec


@pytest.fixture
def sizes(monkeypatch):
    """The numbers of texts in each command that is sent to the server, and in each answer."""
    import redis
    from redis.client import Pipeline

    found = Sizes()
    execute, add, send = (
        redis.Redis.execute_command,
        Pipeline.execute_command,
        Pipeline.execute,
    )

    def measured(client, *command, **options):
        found.sent.append(len(command))
        answer = execute(client, *command, **options)
        found.received.append(texts(answer))
        return answer

    def added(pipeline, *command, **options):
        found.sent.append(len(command))
        return add(pipeline, *command, **options)

    def sent(pipeline, **options):
        answers = send(pipeline, **options)
        found.received.extend(map(texts, answers))
        return answers

    monkeypatch.setattr(redis.Redis, "execute_command", measured)
    monkeypatch.setattr(Pipeline, "execute_command", added)
    monkeypatch.setattr(Pipeline, "execute", sent)
    return found


class Sizes:
    def __init__(self):
        self.sent, self.received = [], []


def texts(answer):
    if isinstance(answer, dict):
        return 2 * len(answer)
    return sum(map(texts, answer)) if isinstance(answer, list | tuple) else 1


def test_no_command_writes_or_reads_many_entries_of_a_large_store(open_replica, sizes):
    limited(open_replica(), 100_000).restore(entries(50_000))
    assert sum(sizes.sent) > 2 * 2 * 50_000
    assert max(sizes.sent) < 2 * PIECE + 50
    late = limited(open_replica(), 100_000)
    sizes.received.clear()
    assert late.count() == 50_000
    assert sum(sizes.received) > 2 * 50_000
    assert max(sizes.received) < 2 * 2 * PAGE, "a page may be larger, but not twice as large"


def test_many_small_stores_are_read_in_several_pages(open_replica, sizes):
    one, late = open_replica(), open_replica()
    for replica in (one, late):
        replica.more = [
            replica.backend.store(StoreSpec(name=f"store {number}"), Now()) for number in range(6)
        ]
    for store in one.more:
        store.restore(entries(IN_SCRIPT // 2))
    sizes.received.clear()
    assert [store.keys() for store in late.more] == [store.keys() for store in one.more]
    assert max(sizes.received) < 2 * IN_SCRIPT + 100


def test_a_large_restored_store_is_the_same_for_all_replicas_and_in_order(replicas, open_replica):
    one, other = replicas
    one.records.put("old", "v")
    assert other.records.count() == 1
    one.records.restore(reversed(entries(MANY)))
    late = open_replica()
    expected = tuple(f"key {number}" for number in reversed(range(MANY)))
    for replica in (one, other, late):
        assert replica.records.keys() == expected
    versions = [replica.records.find("key 7").version for replica in (one, other, late)]
    assert len(set(versions)) == 1
    assert other.records.swap("key 7", versions[0], "w")
    assert one.records.get("key 7") == "w"


def test_entries_that_were_restored_first_are_evicted_first(replicas, open_replica):
    stores = [limited(replica, MANY) for replica in replicas]
    stores[0].put("old", "v")
    stores[0].restore(entries(MANY))
    for key in ("new", "newer"):
        stores[1].put(key, "v")
    stores.append(limited(open_replica(), MANY))
    expected = (*(f"key {number}" for number in range(2, MANY)), "new", "newer")
    assert {store.keys() for store in stores} == {expected}


def test_a_second_restore_replaces_the_first_one(replicas, open_replica, client, tmp_path):
    one, other = replicas
    one.values.restore(entries(MANY, "first"))
    other.values.restore(entries(MANY + 1, "second"))
    one.values.restore(entries(2, "third"))
    late = open_replica()
    for replica in (one, other, late):
        assert [entry.value for _, entry in replica.values.scan()] == ["third", "third"]
    assert client.zcard(f"{tmp_path}:order:values") == 2


def test_a_restore_in_which_entries_are_deleted_again_does_not_write_them(replicas):
    one, other = replicas
    with one.backend.transaction():
        one.records.restore(entries(MANY))
        one.records.delete("key 0")
        one.records.put("new", "v")
    assert one.records.keys() == other.records.keys()
    assert (other.records.get("key 0"), other.records.count()) == (None, MANY)


def stores_read(replica, monkeypatch):
    """Return a list to which the stores are added that a replica reads from now on."""
    state, found = replica.backend._state, []
    read = state.read

    def noting(known, stores, *arguments):
        found.extend(stores)
        return read(known, stores, *arguments)

    monkeypatch.setattr(state, "read", noting)
    return found


def put_many(replica):
    with replica.backend.transaction():
        for key, _ in entries(MANY):
            replica.records.put(key, "v")


@pytest.mark.parametrize("change", [put_many, lambda one: one.records.restore(entries(MANY))])
def test_after_a_large_commit_only_the_changed_store_is_read_again(replicas, monkeypatch, change):
    one, other = replicas
    one.values.put("k", "v")
    assert other.values.get("k") == "v"
    read = stores_read(other, monkeypatch)
    one.values.put("before", "v")
    change(one)
    one.values.put("after", "v")
    assert (other.values.keys(), other.records.count()) == (("k", "before", "after"), MANY)
    assert set(read) == {"records"}


def test_a_large_commit_of_unknown_stores_does_not_disturb_a_replica(replicas, monkeypatch):
    one, other = replicas
    one.values.put("k", "old")
    assert other.values.get("k") == "old"
    read = stores_read(other, monkeypatch)
    unknown = one.backend.store(StoreSpec(name="unknown"), Now())
    unknown.restore(entries(MANY))
    one.values.put("k", "v")
    assert (other.values.get("k"), read) == ("v", [])


@pytest.mark.parametrize("change", [put_many, lambda one: one.records.restore(entries(MANY))])
def test_a_transaction_runs_again_if_a_large_commit_has_changed_what_it_read(replicas, change):
    one, other = replicas
    found = []

    def act():
        found.append(one.records.get("key 1"))
        if len(found) == 1:
            with one.backend.separately():
                change(other)
        one.values.put("found", found[-1])

    one.backend.run(act)
    assert (found, other.values.get("found")) == ([None, "v"], "v")


def test_a_snapshot_keeps_no_parsed_values_and_a_read_keeps_one(tmp_path, open_replica):
    open_replica().records.restore([("a", Entry(value=1)), ("b", Entry(value=2))])
    parsed = []
    encoding = Encoding(encode=lambda value: value, decode=lambda data: parsed.append(data) or data)
    with closing(redis_backend(redis_url(), f"{tmp_path}:", {"records": encoding})) as backend:
        records = backend.store(RECORDS, Now())
        for _ in range(2):
            assert [entry.value for _, entry in backend.snapshot()["records"]] == [1, 2]
        assert parsed == [1, 2, 1, 2]
        assert (records.get("a"), records.get("a"), parsed[4:]) == (1, 1, [1])
        backend.snapshot()
        assert parsed[5:] == [2]


def test_a_large_commit_is_noticed_by_few_tokens(replicas, client, tmp_path):
    one, other = replicas
    keys, found = [key for key, _ in entries(MANY)], []
    one.values.restore(entries(MANY))

    def take():
        found.append(other.values.take(keys[0]))
        if len(found) == 1:
            with other.backend.separately():
                one.backend.run(lambda: [one.values.take(key) for key in keys])
                ((_, logged),) = client.xrevrange(f"{tmp_path}:log", count=1)
                assert len(logged["tokens"].split()) == 2

    other.backend.run(take)
    assert found == ["v", None]
