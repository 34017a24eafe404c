"""auth0-spa-js and passkeys: its passkey client, with the virtual authenticator of the browser."""

import pytest
import requests

from helpers.client_facts import shows
from helpers.virtual_authenticator import VirtualAuthenticator
from mockidp import RemoteIdP

WEBAUTHN = "urn:okta:params:oauth:grant-type:webauthn"
DATABASE = "Username-Password-Authentication"
ACT = """async ([method, options]) => {
    try {
        await client.passkey[method](options)
        return (await client.getUser()).email
    } catch (error) { return [error.code ?? error.error, error.cause?.error, error.message] }
}"""


@pytest.fixture(scope="module")
def site(installed):
    modules = installed("@auth0/auth0-spa-js")
    return [modules.parent / "apps" / "spa-js", modules]


@pytest.fixture
def remote(visitor):
    """The visitor's tenant, with passkeys. It is reset at the end."""
    remote = RemoteIdP(visitor.server.url)
    methods = {"authentication_methods": {"passkey": {"enabled": True}}}
    remote.patch_connection(DATABASE, options=methods)
    remote.patch_client("acme-spa", grant_types=[WEBAUTHN, "refresh_token"])
    tenant = {"tenant": {"default_directory": DATABASE}}
    url = f"{visitor.server.url}/_mockidp/v1/tenant"
    requests.patch(url, json=tenant, timeout=10).raise_for_status()
    return remote


@shows("auth0-spa-js", "passkeys", refuses=["user who exists", "unknown passkey"], over="https")
def test_the_passkey_client_signs_up_and_logs_in(visitor, remote):
    authenticator = VirtualAuthenticator(visitor.page)
    visitor.open(domain=visitor.server.tls_url.removeprefix("https://"), clientId="acme-spa")
    visitor.wait_for_heading("Nobody")
    new = {"email": "new@acme.example", "scope": "openid email"}
    assert visitor.evaluate(ACT, ["signup", new]) == "new@acme.example"
    assert visitor.evaluate(ACT, ["login", {}]) == "new@acme.example"
    [held] = authenticator.credentials()
    assert (held["rpId"], held["signCount"]) == ("localhost", 2)
    refused = visitor.evaluate(ACT, ["signup", new])
    assert refused == ["passkey_register_error", "invalid_request", "The user already exists."]
    remote.remove_user(
        next(one.user_id for one in remote.list_users() if one.email == new["email"])
    )
    refused = visitor.evaluate(ACT, ["login", {}])
    assert refused == ["invalid_grant", None, "Passkey authentication failed"]
