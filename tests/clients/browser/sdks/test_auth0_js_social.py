"""auth0-js with a social login."""

import pytest

from helpers.client_facts import shows
from mockidp import RemoteIdP


@pytest.fixture(scope="module")
def site(installed):
    modules = installed("auth0-js")
    return [modules.parent / "apps" / "auth0-js", modules]


@pytest.fixture
def google(visitor):
    """The tenant has a user of Google. It is reset at the end."""
    remote = RemoteIdP(visitor.server.url)
    remote.add_connection("google-oauth2", strategy="google-oauth2")
    remote.add_user("google-oauth2|1001", email="gina@gmail.example")


@shows("auth0-js", "social login with `connection`", refuses=["canceled social login"], over="http")
def test_authorize_with_a_connection(visitor, google):
    url = visitor.server.url
    # The issuer is explicit because the SDK assumes https.
    visitor.open(domain=url, overrides={"__token_issuer": f"{url}/"}, clientID="acme-spa")
    visitor.wait_for_heading("Nobody")
    for choice, heading in (("cancel", "Failed"), ("pick-user", "Hello gina@gmail.example")):
        visitor.evaluate("() => client.authorize({connection: 'google-oauth2'})")
        visitor.page.get_by_test_id(choice).click()
        visitor.wait_for_heading(heading)
    assert visitor.evaluate("() => result.idTokenPayload.sub") == "google-oauth2|1001"
