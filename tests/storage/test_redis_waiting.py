"""Writers on Redis that wait until another one releases the lease."""

import threading
from contextlib import ExitStack, closing

import pytest

from helpers.redis_server import redis_url
from helpers.storage_backends import Replica, redis_backend
from helpers.waiting import SOON


@pytest.fixture
def waits(monkeypatch):
    """Whether each wait has ended with a release, and a semaphore that counts the waits."""
    from mockidp.storage.redis import state

    def wait(self):
        waiting.release()
        found.append(self._client.blpop([self._keys[-1]], timeout=SOON) is not None)

    found, waiting = [], threading.Semaphore(0)
    monkeypatch.setattr(state.RedisState, "wait_for_release", wait)
    return found, waiting


@pytest.fixture
def writers(tmp_path):
    url = f"{redis_url()}?socket_timeout={2 * SOON}"
    with ExitStack() as stack:
        yield [
            Replica(stack.enter_context(closing(redis_backend(url, f"{tmp_path}:"))))
            for _ in range(4)
        ]


def put(writer, number):
    writer.values.put(str(number), number)


def put_with_lease(writer, number):
    with writer.backend.exclusive():
        put(writer, number)


def fail(writer, number):
    """Write, but in vain."""
    with pytest.raises(ZeroDivisionError), writer.backend.exclusive():
        put(writer, number / 0)


@pytest.mark.parametrize(
    "acts",
    [
        pytest.param([put] * 8, id="without the lease"),
        pytest.param([put_with_lease] * 8, id="with the lease"),
        pytest.param([put, put_with_lease, fail, put] * 2, id="both"),
    ],
)
def test_a_released_lease_wakes_all_writers_one_after_the_other(writers, waits, acts):
    ended, waiting = waits
    with writers[0].backend.exclusive():
        threads = [
            threading.Thread(target=act, args=(writers[1 + number % 3], number))
            for number, act in enumerate(acts)
        ]
        for thread in threads:
            thread.start()
        for _ in threads[:3]:
            assert waiting.acquire(timeout=SOON)
    for thread in threads:
        thread.join(SOON)
        assert not thread.is_alive()
    assert set(ended) == {True}
    assert writers[0].values.count() == sum(act is not fail for act in acts)
