"""auth0-server-python: a user manages second factors with the My Account API."""

import asyncio
import functools
from urllib.parse import urlsplit

import pytest
import requests
from auth0_server_python.auth_server.my_account_client import MyAccountClient
from auth0_server_python.auth_types import (
    EnrollAuthenticationMethodRequest,
    PasskeyAuthResponse,
    UpdateAuthenticationMethodRequest,
    VerifyAuthenticationMethodRequest,
)
from auth0_server_python.error import MyAccountApiError

from helpers.client_facts import shows
from mockidp import SoftwareAuthenticator

SCOPES = [
    *(f"{verb}:me:authentication_methods" for verb in ("create", "read", "update", "delete")),
    "read:me:factors",
]
sdk = functools.partial(shows, "auth0-server-python", over="https")
REFUSED = [
    "wrong code of the My Account API", "missing scope of the My Account API",
    "missing authentication method",
]  # fmt: skip
pytestmark = pytest.mark.filterwarnings("ignore::pydantic.PydanticDeprecatedSince20")


@pytest.fixture
def account(idp, trusted_ca):
    """The client of the API, and a function that logs alice in for a token with a scope."""
    names = ("otp", "sms", "recovery-code")
    factors = [{"name": name, "enabled": True} for name in names]
    change = {"guardianFactors": factors}
    requests.patch(f"{idp.url}/_mockidp/v1/tenant", json=change, timeout=10).raise_for_status()
    client = MyAccountClient(domain=urlsplit(idp.tls_url).netloc)
    idp.patch_client("acme-web", grant_types=["password"])
    idp.add_client_grant(
        client_id="acme-web", audience=client.audience, scope=SCOPES, subject_type="user"
    )

    def token(*scopes):
        form = {
            "grant_type": "password",
            "client_id": "acme-web",
            "client_secret": "acme-web-secret",
            "username": "alice@acme.example",
            "password": "Passw0rd!",
            "audience": client.audience,
            "scope": " ".join(scopes),
        }
        answer = requests.post(f"{idp.tls_url}/oauth/token", data=form, timeout=10)
        return answer.json()["access_token"]

    return client, token


@sdk("enrollment with the My Account API", refuses=REFUSED)
def test_a_user_manages_second_factors(account, idp):
    client, new_token = account
    token = new_token(*SCOPES)

    async def refused(call):
        with pytest.raises(MyAccountApiError) as caught:
            await call
        return caught.value.status

    async def enroll(**fields):
        return await client.enroll_authentication_method(
            token, EnrollAuthenticationMethodRequest(**fields)
        )

    async def verify(started, **fields):
        body = VerifyAuthenticationMethodRequest(auth_session=started.auth_session, **fields)
        return await client.verify_authentication_method(
            token, started.authentication_method_id, body
        )

    async def scenario():
        factors = [one.type for one in (await client.get_factors(token)).factors]
        assert factors == ["phone", "totp", "recovery-code"]
        app = await enroll(type="totp")
        wrong = await refused(verify(app, otp_code="1"))
        await verify(app, otp_code=idp.totp_code("alice"))
        phone = await enroll(type="phone", phone_number="+15551234567")
        confirmed = await verify(phone, otp_code=idp.outbox.last().code)
        assert (confirmed.phone_number, confirmed.confirmed) == ("+15551234567", True)
        recovery = await enroll(type="recovery-code")
        assert recovery.recovery_code
        await verify(recovery)
        named = UpdateAuthenticationMethodRequest(name="My app")
        await client.update_authentication_method(token, app.authentication_method_id, named)
        listed = await client.list_authentication_methods(token)
        shown = {one.type: one.name for one in listed.authentication_methods}
        assert shown == {"totp": "My app", "phone": None, "recovery-code": None}
        await client.delete_authentication_method(token, app.authentication_method_id)
        gone = client.get_authentication_method(token, app.authentication_method_id)
        limited = client.list_authentication_methods(new_token("read:me:factors"))
        return [wrong, await refused(gone), await refused(limited)]

    assert asyncio.run(scenario()) == [400, 404, 403]


@sdk("enrollment of a passkey", refuses=["passkey of another origin"])
def test_a_user_enrolls_a_passkey(account, idp):
    client, new_token = account
    methods = {"authentication_methods": {"passkey": {"enabled": True}}}
    idp.patch_connection("Username-Password-Authentication", options=methods)
    token = new_token(*SCOPES)

    async def enroll(origin):
        started = await client.enroll_authentication_method(
            token, EnrollAuthenticationMethodRequest(type="passkey")
        )
        options = started.authn_params_public_key.model_dump(by_alias=True)
        answer = SoftwareAuthenticator(origin).create(options)
        del answer["response"]["transports"]  # the SDK accepts only strings
        body = VerifyAuthenticationMethodRequest(
            auth_session=started.auth_session, authn_response=PasskeyAuthResponse(**answer)
        )
        return await client.verify_authentication_method(
            token, started.authentication_method_id, body
        )

    made = asyncio.run(enroll(idp.tls_url))
    assert (made.type, made.usage, made.relying_party_id) == ("passkey", ["primary"], "localhost")
    with pytest.raises(MyAccountApiError) as caught:
        asyncio.run(enroll("https://evil.example"))
    assert caught.value.status == 400
