"""The tenants of wire tests: in memory or, with `pytest --replicas`, on Redis, with two replicas.

The tenant of a test is then the first replica. Its app sends each request to another replica than
the last one.
"""

from contextlib import ExitStack
from dataclasses import replace
from itertools import count, cycle

import pytest

from helpers.redis_server import redis_url
from mockidp.tenant.clock import Clock
from mockidp.tenant.tenant import Tenant
from mockidp.web.app import create_app

RUNS_AGAIN = "on Redis the slower of two requests runs again, and finds the change of the other one"
FUNCTION = pytest.mark.one_process("a function of the test is in one process")
IN_NO_FILE = pytest.mark.one_process("a file cannot have such a record, so Redis does not either")


class Replicas:
    """Makes tenants with two replicas, on the Redis server of this process. A plugin of pytest.

    Attributes:
        are_used: Whether tests use them.
    """

    def __init__(self):
        self.are_used = False
        self._prefixes = map("{}:".format, count())
        self._made = []
        self._open = ExitStack()

    def make(self, document, clock):
        """Return the first replica of a tenant."""
        from mockidp.tenant.shared.tenant import shared_tenant

        prefix, made = next(self._prefixes), []
        for _ in range(2):
            tenant = shared_tenant(redis_url(), document, prefix=prefix)
            self._open.callback(tenant.backend.close)
            tenant.at_start = replace(tenant.at_start, clock=clock.setting)
            made.append(tenant)
        made[0].clock.setting = clock.setting
        self._made.append(made)
        return made[0]

    def of(self, tenant):
        """Return all replicas of a tenant; only itself if it is in memory."""
        return next((made for made in self._made if made[0] is tenant), [tenant])

    def of_store(self, store):
        """Return a store in all replicas of its tenant."""
        for made in self._made:
            stores = [one.backend._follower.stores for one in made]
            if store in stores[0].values():
                return [one[store.name] for one in stores]
        return [store]

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_teardown(self, item, nextitem):
        """Delete the tenants of a module after its last test."""
        yield
        if nextitem is not None and nextitem.path == item.path:
            return
        self._open.close()
        if self._made:
            import redis

            self._made.clear()
            with redis.Redis.from_url(redis_url()) as client:
                client.flushdb()

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, config, items):
        """Deselect the tests of what only one process has."""
        deselected = [one for one in items if one.get_closest_marker("one_process")]
        items[:] = [one for one in items if one not in deselected]
        config.hook.pytest_deselected(items=deselected)


REPLICAS = Replicas()


class AlternatingApp:
    """A WSGI app that sends each request to another one of several apps."""

    def __init__(self, apps):
        self._turns = cycle(apps)

    def __call__(self, environ, start_response):
        return next(self._turns)(environ, start_response)


def new_tenant(document, *, frozen_at=None):
    """Return a tenant whose clock is frozen, now or at a time."""
    clock = Clock()
    clock.freeze(float(int(clock.now())) if frozen_at is None else frozen_at)
    make = REPLICAS.make if REPLICAS.are_used else Tenant
    return make(document, clock=clock)


def app_of(tenant):
    """Return the app of a tenant. With replicas, the first one answers the second request."""
    _, *others = apps = [create_app(one) for one in reversed(REPLICAS.of(tenant))]
    return AlternatingApp(apps) if others else apps[0]
