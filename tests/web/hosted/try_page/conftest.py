"""A tenant with the test client, and logins with it."""

import pytest

from helpers.tenant_client import TenantClient
from helpers.try_page import DOCUMENT, PATH, follow


@pytest.fixture
def idp():
    return TenantClient(DOCUMENT)


@pytest.fixture
def log_in(idp, parse):
    """Return a function that logs in with the test client and returns the last page."""

    def log_in(client=None, user="auth0|alice", **query):
        client = client or idp
        client.last = client.get(f"{PATH}/login", **query)
        login = client.last = client.request("GET", client.last.location)
        if "/u/login" in login.location:
            client.last = client.post(login.location, action="pick", user_id=user)
        client.last = follow(client, client.last)
        return parse(client.last.text)

    return log_in
