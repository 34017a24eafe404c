"""A server with additional tenants, and browsers at each tenant's URL."""

from contextlib import closing

import pytest

from helpers.redis_server import RedisServer
from helpers.tenant_client import TenantClient
from mockidp.protocol.urls.origin import origin_of
from mockidp.tenant.tenant import Tenant
from mockidp.web.app import create_app

URL = "http://localhost:9400"


class ClientAtUrl(TenantClient):
    """A browser and an app at the URL of one tenant."""

    def request(self, method, path, **options):
        """Send a request as a server gets it: with the tenant's prefix in the path.

        A redirect leads from the server's root, and has the prefix already.
        """
        origin = origin_of(self.url)
        prefix = self.url.removeprefix(origin)
        whole = path if prefix and path.startswith(prefix + "/") else prefix + path
        raw = {"REQUEST_URI": whole, "RAW_URI": whole}
        options = {"base_url": origin, "environ_overrides": raw} | options
        answer = self.browser.open(whole, method=method, **options)
        assert "a bug in mockidp" not in answer.headers.get("Mockidp-Hint", ""), answer.text
        return answer

    def at(self, url):
        """Return another browser at another URL."""
        return ClientAtUrl(tenant=self.tenant, app=self.app, url=url)

    def make(self, **body):
        """Create a tenant. Return its description."""
        answer = self.post("/_mockidp/v1/tenants", json_body=body)
        assert answer.status_code == 201, answer.text
        return answer.json

    def submit(self, page_url, **form):
        """Post a form of the page to its action."""
        prefix = self.url.removeprefix(origin_of(self.url))
        return super().submit(page_url.removeprefix(prefix), **form)


@pytest.fixture(scope="session")
def server():
    server = RedisServer()
    yield server
    server.stop()


@pytest.fixture(params=["memory", "redis"])
def first(request):
    """A browser at the first tenant of a server, whose state is in memory or on Redis."""
    if request.param == "memory":
        yield _client(Tenant())
        return
    url = request.getfixturevalue("server").url
    import redis

    from mockidp.tenant.shared.tenant import shared_tenant

    with redis.Redis.from_url(url) as client:
        client.flushall()
    tenant = shared_tenant(url)
    with closing(tenant.backend):
        yield _client(tenant)


def _client(tenant):
    return ClientAtUrl(tenant=tenant, app=create_app(tenant), url=URL)
