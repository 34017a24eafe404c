"""A tenant with passwordless connections, and the calls of a passwordless login."""

from dataclasses import replace

from helpers.acme import ACME, user, web_client
from mockidp.protocol.oauth.grant_types import (
    AUTHORIZATION_CODE,
    IMPLICIT,
    PASSWORDLESS_OTP,
    REFRESH_TOKEN,
)
from mockidp.resources.connection import Connection, ConnectionOptions, OneTimePassword

EMAIL, PHONE = "new@acme.example", "+15550100"
GRANTS = (AUTHORIZATION_CODE, IMPLICIT, REFRESH_TOKEN, PASSWORDLESS_OTP)


def connection(name, **fields):
    """Return a passwordless connection whose strategy is its name."""
    options = ConnectionOptions(**fields.pop("options", {}))
    return Connection(**{"name": name, "strategy": name, "options": options} | fields)


def with_connection(name, document=None, **fields):
    """Return the document with one passwordless connection changed."""
    document = document or TENANT
    kept = tuple(one for one in document.connections if one.name != name)
    return replace(document, connections=(*kept, connection(name, **fields)))


TENANT = replace(
    ACME,
    connections=(
        connection("email", is_domain_connection=True),
        connection("sms"),
        connection("google", strategy="google-oauth2"),
    ),
    clients=(
        web_client("web", grant_types=GRANTS),
        web_client("other", grant_types=GRANTS),
        web_client("plain"),
        web_client(
            "spa", grant_types=GRANTS, client_secret=None, token_endpoint_auth_method="none"
        ),
        web_client("third-party", grant_types=GRANTS, is_first_party=False, name="Third Party"),
    ),
    client_grants=(),
    users=(
        user("alice"),
        replace(user("erin"), user_id="email|erin", connection="email", email_verified=False),
        replace(
            user("sam"), user_id="sms|sam", connection="sms", email=None, phone_number="+15550199"
        ),
        replace(user("blocked", blocked=True), user_id="email|blocked", connection="email"),
    ),
)
SHORT = with_connection("email", options={"totp": OneTimePassword(length=4, time_step=60)})


def start(idp, *, headers=None, as_form=False, **changed):
    """Send a request to /passwordless/start for an e-mail with a code. None omits a property."""
    client_id = changed.get("client_id", "web")
    body = {
        "client_id": client_id,
        "client_secret": None if client_id == "spa" else f"{client_id}-secret",
        "connection": "email",
        "email": EMAIL,
        "send": "code",
    }
    if changed.get("connection", "email") != "email":
        body |= {"email": None, "phone_number": PHONE, "send": None}
    body = {name: one for name, one in (body | changed).items() if one is not None}
    if as_form:
        return idp.post("/passwordless/start", headers=headers, **body)
    return idp.post("/passwordless/start", headers=headers, json_body=body)


def code_for(idp, to=EMAIL, **changed):
    """Have a code sent. Return it."""
    answer = start(idp, **changed)
    assert answer.status_code == 200, (answer.text, answer.headers.get("Mockidp-Hint"))
    return idp.tenant.outbox.last(to=to).code


def link_for(idp, to=EMAIL, **changed):
    """Have a link sent. Return it."""
    answer = start(idp, send="link", **changed)
    assert answer.status_code == 200, (answer.text, answer.headers.get("Mockidp-Hint"))
    return idp.tenant.outbox.last(to=to).link


def redeem(idp, code, **changed):
    """Exchange a code for tokens. None omits a parameter."""
    form = {
        "grant_type": PASSWORDLESS_OTP,
        "username": EMAIL,
        "otp": code,
        "realm": "email",
        "scope": "openid profile email",
    }
    if changed.get("realm") == "sms":
        form["username"] = PHONE
    return idp.token(**form | changed)
