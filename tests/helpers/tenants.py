"""The tenants of wire tests: in memory or, with `pytest --replicas`, on Redis, with two replicas.

The tenant of a test is then the first replica. Its app sends each request to nginx, which sends it
to another replica than the last one. With that option, this module is a plugin of pytest.
"""

from dataclasses import replace
from itertools import count

import pytest

from helpers.alternating_servers import alternating_servers
from helpers.redis_server import redis_url
from mockidp.tenant.clock import Clock
from mockidp.tenant.tenant import Tenant
from mockidp.web.app import create_app

RUNS_AGAIN = "on Redis the slower of two requests runs again, and finds the change of the other one"
FUNCTION = pytest.mark.one_process("a function of the test is in one process")
IN_NO_FILE = pytest.mark.one_process("a file cannot have such a record, so Redis does not either")


class Replicas:
    """Makes tenants with two replicas, on the Redis server of this process.

    Attributes:
        are_used: Whether tests use them.
        servers: The `AlternatingServers` that serve them.
    """

    def __init__(self):
        self.are_used = False
        self.servers = None
        self._client = None
        self._prefixes = map("{}:".format, count())
        self._made = []

    def make(self, document, *, frozen_at):
        """Return the first replica of a tenant."""
        from mockidp.storage.redis.server import connect
        from mockidp.tenant.shared.tenant import shared_tenant

        if self._client is None:
            self._client = connect(redis_url())
        prefix = next(self._prefixes)
        made = [shared_tenant(self._client, document, prefix=prefix) for _ in range(2)]
        # Not before: the keys are as old as the tenant.
        clock = frozen_clock(frozen_at)
        for tenant in made:
            tenant.at_start = replace(tenant.at_start, clock=clock.setting)
        made[0].clock.setting = clock.setting
        self._made.append(made)
        return made[0]

    def of(self, tenant):
        """Return all replicas of a tenant; only itself if it is in memory."""
        return next((made for made in self._made if made[0] is tenant), [tenant])

    def app(self, tenant):
        """Return an app that sends requests to the replicas of a tenant in turn."""
        replicas = self.of(tenant)
        if len(replicas) == 1:
            return create_app(tenant)
        return self.servers.app([create_app(one) for one in replicas])

    def of_store(self, store):
        """Return a store in all replicas of its tenant."""
        for made in self._made:
            stores = [one.backend._follower.stores for one in made]
            if store in stores[0].values():
                return [one[store.name] for one in stores]
        return [store]

    def clear(self):
        """Delete all tenants."""
        if self._made:
            self._made.clear()
            self.servers.forget()
            self._client.flushdb()


REPLICAS = Replicas()


@pytest.fixture(scope="session", autouse=True)
def servers_of_replicas(tmp_path_factory):
    """Serve the replicas of this process behind one nginx."""
    with alternating_servers(tmp_path_factory.mktemp("nginx")) as REPLICAS.servers:
        yield


@pytest.fixture(scope="module", autouse=True)
def identities():
    """Make equal identities once, because each is a sixth of the work for a tenant."""
    from mockidp.tenant.shared import tenant

    make, made = tenant._identity, {}

    def identity(document, private_keys, seed):
        key = id(document), tuple(map(id, private_keys)), seed
        if key not in made:
            # Document and keys are kept as well, so that their ids are not reused.
            made[key] = document, private_keys, make(document, private_keys, seed)
        return made[key][-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tenant, "_identity", identity)
        yield


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item, nextitem):
    """Delete the tenants of a module after its last test."""
    yield
    if nextitem is None or nextitem.path != item.path:
        REPLICAS.clear()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):
    """Deselect the tests of what only one process has."""
    deselected = [one for one in items if one.get_closest_marker("one_process")]
    items[:] = [one for one in items if one not in deselected]
    config.hook.pytest_deselected(items=deselected)


def frozen_clock(at=None):
    """Return a clock that is frozen, now or at a time."""
    clock = Clock()
    clock.freeze(float(int(clock.now())) if at is None else at)
    return clock


def new_tenant(document, *, frozen_at=None):
    """Return a tenant whose clock is frozen, now or at a time."""
    if REPLICAS.are_used:
        return REPLICAS.make(document, frozen_at=frozen_at)
    return Tenant(document, clock=frozen_clock(frozen_at))


def app_of(tenant):
    """Return the app of a tenant."""
    return REPLICAS.app(tenant)
