"""auth0-spa-js and second factors: step-up with a popup, and its MFA client with refresh tokens."""

import pytest
import requests

from helpers.client_facts import shows
from mockidp import RemoteIdP

API = "https://api.acme.example/"
MFA = "http://auth0.com/oauth/grant-type/mfa"
GRANTS = ["authorization_code", "refresh_token", f"{MFA}-otp"]
SILENT = """async (options) => {
    try {
        const {access_token} = await client.getTokenSilently({...options, detailedResponse: true})
        return {access_token}
    } catch (error) {
        return {error: error.error, message: error.message, token: error.mfa_token,
                requirements: error.mfa_requirements}
    }
}"""
ACT = """async ([method, parameters]) => {
    try { return {value: await client.mfa[method](parameters)} }
    catch (error) { return {error: error.error, message: error.message} }
}"""


@pytest.fixture(scope="module")
def site(installed):
    modules = installed("@auth0/auth0-spa-js")
    return [modules.parent / "apps" / "spa-js", modules]


@pytest.fixture
def remote(visitor):
    """The visitor's tenant, where the API needs a second factor. It is reset at the end."""
    tenant = {
        "guardianFactors": [{"name": "otp", "enabled": True}],
        "mockidp": {"mfa_audiences": [API]},
    }
    url = f"{visitor.server.url}/_mockidp/v1/tenant"
    requests.patch(url, json=tenant, timeout=10).raise_for_status()
    remote = RemoteIdP(visitor.server.url)
    remote.patch_client(
        "acme-spa",
        grant_types=GRANTS,
        refresh_token={
            "rotation_type": "rotating",
            "expiration_type": "expiring",
            "policies": [{"audience": API, "scope": ["read:items"]}],
        },
    )
    remote.enroll_totp("alice")
    return remote


@shows("auth0-spa-js", refuses=["missing second factor"], over="http")
def test_a_silent_request_is_refused_with_the_text_that_the_sdk_knows(visitor, remote):
    visitor.open(domain=visitor.server.url, clientId="acme-spa")
    visitor.log_in()
    options = {"cacheMode": "off", "authorizationParams": {"audience": API}}
    answer = visitor.evaluate(SILENT, options)
    assert (answer["error"], answer["message"]) == (
        "login_required",
        "Multifactor authentication required",
    )


@shows("auth0-spa-js", "second factors", over="http")
def test_the_mfa_client_finishes_a_refresh(visitor, remote):
    visitor.open(
        domain=visitor.server.tls_url.removeprefix("https://"),  # its MFA client needs https
        clientId="acme-spa",
        useRefreshTokens=True,
        useMrrt=True,
        authorizationParams={"redirect_uri": "http://localhost:3000"},
    )
    visitor.log_in()
    options = {"authorizationParams": {"audience": API, "scope": "read:items"}}
    refused = visitor.evaluate(SILENT, options)
    assert refused["error"] == "mfa_required"
    assert refused["requirements"] == {"challenge": [{"type": "otp"}]}
    token = refused["token"]
    [app] = visitor.evaluate(ACT, ["getAuthenticators", token])["value"]
    assert app["type"] == "otp"
    enroll = {"mfaToken": token, "factorType": "otp"}
    assert visitor.evaluate(ACT, ["enroll", enroll])["message"] == "User is already enrolled."
    oob = {"mfaToken": token, "challengeType": "oob"}
    assert "does not support" in visitor.evaluate(ACT, ["challenge", oob])["message"]
    wrong = visitor.evaluate(ACT, ["verify", {"mfaToken": token, "otp": "000000"}])
    assert wrong["message"] == "Invalid otp_code."
    done = visitor.evaluate(ACT, ["verify", {"mfaToken": token, "otp": remote.totp_code("alice")}])
    assert remote.explain(done["value"]["access_token"]).accepted
    assert "access_token" in visitor.evaluate(SILENT, options)
