"""/passwordless/start: who may send codes and links, to whom, and what is refused."""

from dataclasses import replace

import pytest

from helpers.acme import with_tenant
from helpers.assertions import make_assertion, with_assertion
from helpers.passwordless import EMAIL, PHONE, TENANT, connection, start, with_connection
from helpers.tenant_client import TenantClient, basic, hint
from mockidp.tenant.content.tenant_settings import TenantFlags
from mockidp.tenant.content.zero_config import ZERO_CONFIG
from mockidp.tenant.tenant import Tenant


@pytest.fixture
def idp():
    return TenantClient(TENANT)


def refused(answer, error, description, status=400):
    assert answer.status_code == status, answer.text
    assert answer.json == {"error": error, "error_description": description}
    return hint(answer)


# --- what is sent ---


@pytest.mark.parametrize("as_form", [True, False])
def test_auth0_passwordless__a_code_by_e_mail(idp, as_form):
    answer = start(idp, as_form=as_form)
    assert answer.status_code == 200
    assert list(answer.json) == ["_id", "email", "email_verified"]
    assert answer.json["email"] == EMAIL
    assert answer.json["email_verified"] is False
    message = idp.tenant.outbox.last(to=EMAIL)
    assert (message.kind, message.subject) == ("passwordless_email", "Welcome to web")
    assert message.text == f"Your verification code is: {message.code}"
    assert message.code.isdecimal()
    assert len(message.code) == 6
    assert message.link is None
    assert message.client_id == "web"
    assert message.user_id == f"email|{answer.json['_id']}"
    assert hint(answer) == ""


@pytest.mark.parametrize("language", [None, "de"])
def test_auth0_passwordless__a_code_by_sms(idp, language):
    headers = {"x-request-language": language} if language else {}
    answer = start(idp, connection="sms", headers=headers)
    assert list(answer.json) == ["_id", "phone_number", "phone_verified", "request_language"]
    assert answer.json["phone_number"] == PHONE
    assert answer.json["phone_verified"] is False
    assert answer.json["request_language"] == language
    message = idp.tenant.outbox.last(to=PHONE)
    assert (message.kind, message.subject) == ("passwordless_sms", "")
    assert len(message.code) == 6


def test_auth0_passwordless__a_link_is_the_default_for_e_mail(idp):
    start(idp, send=None, authParams={"state": "s 1", "redirect_uri": "http://x/", "max_age": 5})
    message = idp.tenant.outbox.last()
    assert message.code is None
    path, _, query = message.link.partition("?")
    assert path == f"{idp.url}/passwordless/verify_redirect"
    code = query.rpartition("verification_code=")[2]
    assert query == (
        "scope=openid&response_type=token&state=s%201&redirect_uri=http%3A%2F%2Fx%2F&max_age=5"
        f"&client_id=web&connection=email&email=new%40acme.example&verification_code={code}"
    )
    assert message.link in message.text


def test_a_link_has_the_parameters_of_its_connection(idp):
    idp.edit(with_connection("email", options={"authParams": {"scope": "openid email"}}))
    start(idp, send="link", authParams={"response_type": "code", "nonce": None})
    link = idp.tenant.outbox.last().link
    assert "?scope=openid%20email&response_type=code&client_id=web&" in link


def test_text_messages_have_no_links(idp):
    answer = start(idp, connection="sms", send="link")
    assert "Auth0 sends links only by e-mail" in hint(answer)
    assert idp.tenant.outbox.last().code


def test_a_known_user_is_named_by_id_and_state(idp):
    answer = start(idp, email=" Erin@ACME.example")
    assert answer.json == {
        "_id": "erin", "email": "erin@acme.example", "email_verified": False,
    }  # fmt: skip
    answer = start(idp, connection="sms", phone_number="+15550199")
    assert answer.json["_id"] == "sam"


def test_an_unknown_user_has_the_same_id_until_and_after_the_first_login(idp):
    assert start(idp).json["_id"] == start(idp).json["_id"]
    assert start(idp).json["_id"] != start(idp, email="third@acme.example").json["_id"]
    assert len(start(idp).json["_id"]) == 24
    assert len(idp.tenant.directory.users) == len(TENANT.users)


def test_codes_repeat_with_the_seed():
    codes = []
    for _ in range(2):
        idp = TenantClient(tenant=Tenant(TENANT, seed=7))
        start(idp)
        start(idp)
        codes.append([one.code for one in idp.tenant.outbox])
    assert codes[0] == codes[1]
    assert codes[0][0] != codes[0][1]


def test_the_journal_shows_no_code(idp):
    start(idp, authParams={"state": "s"})
    entry = idp.tenant.journal.last("passwordless_start")
    assert entry.client == "web"
    assert entry.parameters["email"] == EMAIL
    assert entry.parameters["client_secret"] == "***"
    assert idp.tenant.outbox.last().code not in str(list(idp.tenant.journal))


# --- the client ---


def test_auth0_passwordless__a_client_with_a_secret_must_send_it(idp):
    answer = start(idp, client_secret=None)
    refused(answer, "unauthorized_client", "Client authentication is required", status=403)
    assert "enforce_client_authentication_on_passwordless_start" in hint(answer)


def test_auth0_passwordless__the_secret_is_not_read_from_a_header(idp):
    answer = start(idp, client_secret=None, headers=basic("web", "web-secret"))
    assert answer.status_code == 403


def test_a_tenant_can_accept_clients_without_their_secret(idp):
    flags = TenantFlags(enforce_client_authentication_on_passwordless_start=False)
    idp.edit(with_tenant(TENANT, flags=flags))
    assert start(idp, client_secret=None).status_code == 200
    assert start(idp, client_secret="wrong").status_code == 401


def test_a_wrong_secret_is_refused(idp):
    why = refused(start(idp, client_secret="wrong"), "access_denied", "Unauthorized", status=401)
    assert "client_secret" in why


def test_a_public_client_sends_no_secret(idp):
    assert start(idp, client_id="spa").status_code == 200


def test_a_client_may_send_an_assertion(idp):
    names = {"aud": f"{idp.url}/", "iss": "web", "sub": "web", "jti": "one"}
    assertion = with_assertion(make_assertion(idp.tenant.now(), **names))
    answer = start(idp, client_secret=None, **assertion)
    assert answer.status_code == 401
    assert answer.json["error"] == "invalid_client"


def test_auth0_passwordless__the_client_is_required(idp):
    answer = start(idp, client_id=None, client_secret=None)
    refused(answer, "bad.client_id", "Missing required property: client_id")
    answer = start(idp, client_id="nope")
    assert "'nope'" in refused(answer, "bad.client_id", "Unknown client: nope")


def test_a_lenient_tenant_accepts_any_client():
    idp = TenantClient(replace(ZERO_CONFIG, connections=(connection("email"),)))
    assert start(idp, client_id="any", client_secret=None).status_code == 200


# --- the other properties ---


@pytest.mark.parametrize(
    ("changed", "error", "description"),
    [
        ({"connection": ""}, "bad.connection", "Missing required property: connection"),
        ({"connection": "e-mail"}, "bad.connection", "Connection does not exist"),
        (
            {"connection": "google"},
            "bad.connection",
            "Invalid connection strategy. It must either be a passwordless connection",
        ),
        (
            {"connection": "Username-Password-Authentication"},
            "bad.connection",
            "Invalid connection strategy. It must either be a passwordless connection",
        ),
        ({"connection": 1}, "bad.connection",
         "error in connection - invalid type: number (expected string)"),
        ({"email": ""}, "bad.email", "Missing required property: email"),
        ({"email": "food"}, "bad.email", "error in email - email format validation failed: food"),
        ({"email": ["a@b.example"]}, "bad.email",
         "error in email - invalid type: array (expected string)"),
        ({"send": "mail"}, "bad.send", "error in send - No enum match for: mail"),
        ({"send": True}, "bad.send", "error in send - invalid type: boolean (expected string)"),
        ({"authParams": "scope=openid"}, "bad.authParams",
         "error in authParams - invalid type: string (expected object)"),
        ({"type": "code"}, "bad.request", "the following properties are not allowed: type"),
        ({"scope": "openid", "sent": "code"}, "bad.request",
         "the following properties are not allowed: scope, sent"),
        ({"phone_number": PHONE}, "bad.request",
         "the following properties are not allowed: phone_number"),
        ({"connection": "sms", "phone_number": ""}, "bad.phone_number",
         "Missing required property: phone_number"),
        ({"connection": "sms", "phone_number": "0777 777"}, "bad.phone_number",
         r"String does not match pattern: ^\+[0-9]{1,15}$"),
        ({"connection": "sms", "phone_number": "+155501\n"}, "bad.phone_number",
         r"String does not match pattern: ^\+[0-9]{1,15}$"),
    ],
)  # fmt: skip
def test_auth0_passwordless__each_property_has_its_own_error(idp, changed, error, description):
    why = refused(start(idp, **changed), error, description)
    assert why.endswith((".", "?"))
    assert len(idp.tenant.outbox) == 0


def test_a_misspelled_property_has_a_suggestion(idp):
    assert "Did you mean authParams?" in hint(start(idp, authparams={}))


def test_an_unknown_connection_has_a_suggestion(idp):
    assert "e-mail" in hint(start(idp, connection="e-mail"))
    assert "strategy: email" in hint(start(idp, connection="e-mail"))


@pytest.mark.parametrize(
    "changed",
    [{"enabled_clients": ("other",)}, {"authentication": {"active": False}}],
)
def test_auth0_passwordless__a_connection_must_be_enabled(idp, changed):
    document = with_connection("email", enabled_clients=changed.get("enabled_clients"))
    if "authentication" in changed:
        (*others, email) = document.connections
        active = replace(email.authentication, active=False)
        document = replace(document, connections=(*others, replace(email, authentication=active)))
    idp.edit(document)
    why = refused(start(idp), "bad.connection", "Connection is disabled")
    assert "enabled_clients" in why or "authentication.active" in why


def test_auth0_passwordless__a_connection_without_sign_up_knows_only_its_users(idp):
    idp.edit(with_connection("email", options={"disable_signup": True}))
    why = refused(start(idp), "bad.connection", "Public signup is disabled")
    assert "options.disable_signup" in why
    assert start(idp, email="erin@acme.example").status_code == 200


@pytest.mark.parametrize(
    ("content_type", "body"),
    [("application/json", "{"), ("application/json", "[]"), ("text/plain", "hello")],
)
def test_a_body_that_cannot_be_read_is_refused(idp, content_type, body):
    answer = idp.request("POST", "/passwordless/start", data=body, content_type=content_type)
    assert answer.status_code == 400
    assert answer.json["error"] == "invalid_request"


def test_pages_of_listed_origins_may_call_it(idp):
    answer = start(idp, client_id="spa", headers={"Origin": "http://localhost:3000"})
    assert answer.headers["Access-Control-Allow-Origin"] == "http://localhost:3000"
    answer = idp.request("OPTIONS", "/passwordless/start", headers={"Origin": "http://x.example"})
    assert "x-request-language" in answer.headers["Access-Control-Allow-Headers"]


def test_credentials_of_the_wrong_kind_are_refused(idp):
    web = replace(TENANT.clients[0], token_endpoint_auth_method="none", client_secret=None)
    idp.edit(replace(TENANT, clients=(web, *TENANT.clients[1:])))
    assert start(idp, client_secret=None).status_code == 200
