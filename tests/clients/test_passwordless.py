"""auth0 4 for Node, and auth0-python 6, with passwordless logins by e-mail and SMS."""

from urllib.parse import urlsplit

import jwt
import pytest
from auth0.authentication import GetToken, Passwordless
from auth0.authentication.exceptions import Auth0Error

from helpers.client_facts import shows
from mockidp import RemoteIdP

CALLBACK = "http://localhost:3000/callback"
EMAIL, PHONE = "new@acme.example", "+15550100"
OTP = "http://auth0.com/oauth/grant-type/passwordless/otp"


@pytest.fixture(scope="module")
def remote(acme):
    """The running tenant, with passwordless connections and a client that may use them."""
    remote = RemoteIdP(acme.url)
    for name in ("email", "sms"):
        remote.add_connection(name, strategy=name)
    remote.add_client(
        "shop",
        client_secret="shop-secret",
        callbacks=[CALLBACK],
        grant_types=["authorization_code", OTP],
    )
    yield remote
    remote.remove_client("shop")
    for name in ("email", "sms"):
        remote.remove_connection(name)


def claims_of(tokens):
    return jwt.decode(tokens["id_token"], options={"verify_signature": False})


@shows(
    "auth0 4",
    "passwordless code",
    "passwordless link",
    refuses=["wrong passwordless code", "invalid e-mail address", "unknown connection"],
    over="https",
)
def test_auth0_4_for_node(node, acme, remote):
    done = node(
        "passwordless.mjs",
        {
            "domain": urlsplit(acme.tls_url).netloc,
            "callback": CALLBACK,
            "client": {"clientId": "shop", "clientSecret": "shop-secret"},
            "email": EMAIL,
            "phone": PHONE,
        },
        ca_file=acme.ca_file,
    )
    assert claims_of(done["byEmail"])["email_verified"] is True
    assert claims_of(done["byEmail"])["sub"] == claims_of(done["byLink"])["sub"]
    assert claims_of(done["bySms"])["phone_verified"] is True
    assert done["state"] == "the state"
    for name, status, error, description in (
        ("again", 403, "invalid_grant", "Wrong email or verification code."),
        ("wrong", 403, "invalid_grant", "Wrong phone number or verification code."),
        ("badEmail", 400, "bad.email", "error in email - email format validation failed: food"),
        ("badPhone", 400, "bad.phone_number", r"String does not match pattern: ^\+[0-9]{1,15}$"),
        ("badConnection", 400, "bad.connection", "Connection does not exist"),
        ("wrongSecret", 401, "access_denied", "Unauthorized"),
    ):
        assert done[name]["refused"] == {
            "status": status,
            "error": error,
            "error_description": description,
        }


@pytest.fixture
def sdk(acme, remote, monkeypatch):
    """Return a function that creates an SDK client of the tenant at https."""
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(acme.ca_file))

    def sdk(kind, secret="shop-secret"):
        return kind(urlsplit(acme.tls_url).netloc, "shop", client_secret=secret)

    return sdk


def test_auth0_python_6(sdk, remote):
    start, tokens = sdk(Passwordless), sdk(GetToken)
    scope = "openid email phone"
    answer = start.email(EMAIL, send="code")
    assert set(answer) == {"_id", "email", "email_verified"}
    code = remote.outbox.last(to=EMAIL).code
    by_email = tokens.passwordless_login(EMAIL, code, "email", scope, "")
    assert claims_of(by_email)["sub"] == f"email|{answer['_id']}"
    assert set(start.sms(PHONE)) == {"_id", "phone_number", "phone_verified", "request_language"}
    code = remote.outbox.last(to=PHONE).code
    by_sms = tokens.passwordless_login(PHONE, code, "sms", scope, "")
    assert claims_of(by_sms)["phone_number"] == PHONE
    start.email(EMAIL, auth_params={"state": "s"})
    assert "state=s" in remote.outbox.last(to=EMAIL).link


@pytest.mark.parametrize(
    ("call", "status", "error"),
    [
        (lambda sdk: sdk(Passwordless).email("food"), 400, "bad.email"),
        (lambda sdk: sdk(Passwordless).email(EMAIL, send="mail"), 400, "bad.send"),
        (lambda sdk: sdk(Passwordless).sms("0777"), 400, "bad.phone_number"),
        (lambda sdk: sdk(Passwordless, None).email(EMAIL), 403, "unauthorized_client"),
        (
            lambda sdk: sdk(GetToken).passwordless_login(EMAIL, "0", "email", "openid", ""),
            403,
            "invalid_grant",
        ),
        (
            lambda sdk: sdk(GetToken).passwordless_login(EMAIL, "0", "mail", "openid", ""),
            400,
            "invalid_request",
        ),
    ],
)
def test_auth0_python_6_is_refused(sdk, call, status, error):
    with pytest.raises(Auth0Error) as refused:
        call(sdk)
    assert (refused.value.status_code, refused.value.error_code) == (status, error)
