"""A server with additional tenants, and browsers at each tenant's URL."""

import pytest

from helpers.tenant_client import TenantClient
from mockidp.protocol.origin import origin_of
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


@pytest.fixture
def first():
    tenant = Tenant()
    return ClientAtUrl(tenant=tenant, app=create_app(tenant), url=URL)
