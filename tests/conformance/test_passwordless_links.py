"""/passwordless/verify_redirect, to which links lead, and /passwordless/verify of auth0.js."""

from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

from helpers.acme import CALLBACK, with_settings
from helpers.passwordless import (
    EMAIL,
    PHONE,
    SHORT,
    TENANT,
    code_for,
    link_for,
    redeem,
    with_connection,
)
from helpers.tenant_client import TenantClient, claims_of, hint, race, sent_to_callback
from mockidp.testing.assertions import Assertions

WRONG = "Wrong email or verification code."
CODE_FLOW = {"response_type": "code", "redirect_uri": CALLBACK, "state": "s1"}


@pytest.fixture
def idp():
    return TenantClient(TENANT)


def open_link(idp, link, **changed):
    """Open a link in the browser, with some parameters changed. None omits a parameter."""
    split = urlsplit(link)
    query = dict(parse_qsl(split.query)) | changed
    query = {name: one for name, one in query.items() if one is not None}
    return idp.request("GET", f"{split.path}?{urlencode(query)}")


def verify(idp, code, **changed):
    """Send a request to /passwordless/verify as auth0.js does. None omits a property."""
    body = {"client_id": "web", "connection": "email", "email": EMAIL, "verification_code": code}
    body = {name: one for name, one in (body | changed).items() if one is not None}
    return idp.post("/passwordless/verify", json_body=body)


# --- links ---


def test_auth0_passwordless__a_link_logs_in_and_answers_as_authorize(idp):
    link = link_for(idp, authParams=CODE_FLOW | {"scope": "openid email", "nonce": "n1"})
    answer = open_link(idp, link)
    callback = sent_to_callback(answer)
    assert list(callback) == ["code", "state"]
    assert hint(answer) == ""
    tokens = idp.redeem(callback["code"]).json
    claims = claims_of(tokens["id_token"])
    assert claims["email"] == EMAIL
    assert claims["email_verified"] is True
    assert claims["nonce"] == "n1"
    assert claims["sub"].startswith("email|")


def test_auth0_passwordless__a_link_starts_a_session(idp):
    open_link(idp, link_for(idp, authParams=CODE_FLOW))
    assert "code" in sent_to_callback(idp.authorize(prompt="none"))


def test_auth0_passwordless__the_default_of_a_link_is_the_implicit_flow(idp):
    answer = open_link(idp, link_for(idp))
    assert answer.location.startswith(f"{CALLBACK}#access_token=")
    entry = Assertions.assert_signed_in(idp.tenant, EMAIL, client="web")
    assert entry.endpoint == "passwordless_verify_redirect"


def test_a_code_also_works_in_the_url(idp):
    code = code_for(idp, PHONE, connection="sms")
    answer = open_link(
        idp, f"/passwordless/verify_redirect?{urlencode(CODE_FLOW)}",
        client_id="web", connection="sms", phone_number=PHONE, verification_code=code,
    )  # fmt: skip
    assert sent_to_callback(answer)["state"] == "s1"


def test_another_browser_may_open_a_link(idp):
    link = link_for(idp, authParams=CODE_FLOW)
    assert "code" in sent_to_callback(open_link(idp.another_browser(), link))


def test_a_link_leads_to_the_browsers_url():
    idp = TenantClient(with_settings(TENANT, browser_url="http://localhost:9999"))
    assert link_for(idp).startswith("http://localhost:9999/passwordless/verify_redirect?")


def test_auth0_passwordless__a_link_works_once(idp):
    link = link_for(idp, authParams=CODE_FLOW)
    open_link(idp, link)
    answer = open_link(idp.another_browser(), link)
    assert sent_to_callback(answer) == {
        "error": "unauthorized", "error_description": WRONG, "state": "s1",
    }  # fmt: skip
    assert "was used at" in hint(answer)


def test_only_one_of_fifty_browsers_is_logged_in(idp):
    link = link_for(idp, authParams=CODE_FLOW)
    answers = race(lambda: sent_to_callback(open_link(idp.another_browser(), link)))
    assert sorted("code" in one for one in answers) == [False] * 49 + [True]


def test_a_link_expires(idp):
    idp.edit(SHORT)
    link = link_for(idp, authParams=CODE_FLOW)
    idp.later(60)
    answer = sent_to_callback(open_link(idp, link))
    assert answer["error_description"].startswith("The verification code has expired.")


def test_a_later_link_replaces_the_first(idp):
    first = link_for(idp, authParams=CODE_FLOW)
    second = link_for(idp, authParams=CODE_FLOW)
    assert sent_to_callback(open_link(idp, first))["error"] == "unauthorized"
    assert "code" in sent_to_callback(open_link(idp, second))


@pytest.mark.parametrize(
    ("changed", "error", "description"),
    [
        ({"verification_code": "0"}, "unauthorized", WRONG),
        ({"verification_code": None}, "bad.verification_code",
         "Missing required property: verification_code"),
        ({"email": "other@acme.example"}, "unauthorized", WRONG),
        ({"email": None}, "bad.email", "Missing required property: email"),
        ({"connection": None}, "bad.connection", "Missing required property: connection"),
        ({"connection": "nope"}, "invalid_request", "the connection was not found"),
        ({"connection": "google"}, "bad.connection",
         "Invalid connection strategy. It must either be a passwordless connection"),
        ({"response_type": "nope"}, "unsupported_response_type",
         "Unsupported response type: nope"),
    ],
)  # fmt: skip
def test_a_changed_link_is_refused_at_the_callback(idp, changed, error, description):
    link = link_for(idp, authParams=CODE_FLOW)
    answer = sent_to_callback(open_link(idp, link, **changed))
    assert (answer["error"], answer["error_description"]) == (error, description)
    assert "code" in sent_to_callback(open_link(idp, link))


@pytest.mark.parametrize(
    ("changed", "text"),
    [
        ({"redirect_uri": "https://evil.example/"}, "Callback URL mismatch."),
        ({"client_id": "nope"}, "Unknown client: nope"),
        ({"client_id": None}, "Missing required parameter: client_id"),
    ],
)
def test_what_cannot_be_answered_is_refused_on_a_page(idp, changed, text):
    answer = open_link(idp, link_for(idp, authParams=CODE_FLOW), **changed)
    assert answer.status_code in (400, 403)
    assert text in answer.text
    assert "mockidp-hint" in answer.text


def test_a_blocked_user_is_refused_at_the_callback(idp):
    to = "blocked@acme.example"
    answer = sent_to_callback(open_link(idp, link_for(idp, to, email=to, authParams=CODE_FLOW)))
    assert (answer["error"], answer["error_description"]) == ("unauthorized", "user is blocked")


def test_a_code_creates_no_user_after_sign_up_was_disabled(idp):
    link = link_for(idp, authParams=CODE_FLOW)
    idp.edit(with_connection("email", options={"disable_signup": True}))
    answer = sent_to_callback(open_link(idp, link))
    assert answer["error_description"] == "Public signup is disabled"


def test_a_third_party_client_needs_consent_after_the_link(idp):
    link = link_for(idp, client_id="third-party", authParams=CODE_FLOW)
    answer = idp.follow(open_link(idp, link))
    assert answer.location.startswith("/u/consent?state=")
    answer = idp.follow(idp.submit(answer.location, action="accept"))
    assert sent_to_callback(answer)["state"] == "s1"


def test_the_journal_hides_the_code_of_a_link(idp):
    link = link_for(idp, authParams=CODE_FLOW)
    open_link(idp, link)
    entry = idp.tenant.journal.last("passwordless_verify_redirect")
    assert entry.client == "web"
    assert entry.user.startswith("email|")
    assert entry.parameters["verification_code"] == "***"
    assert link.rpartition("=")[2] not in str(list(idp.tenant.journal))


# --- /passwordless/verify ---


def test_auth0_passwordless__a_code_is_checked_without_being_used_up(idp):
    code = code_for(idp)
    answer = verify(idp, code)
    assert (answer.status_code, answer.json) == (200, {})
    assert verify(idp, code).status_code == 200
    assert redeem(idp, code).status_code == 200


@pytest.mark.parametrize(
    ("changed", "status", "error", "description"),
    [
        ({"verification_code": "0"}, 401, "invalid_user_password", WRONG),
        ({"verification_code": None}, 400, "bad.verification_code",
         "Missing required property: verification_code"),
        ({"email": None}, 400, "bad.email", "Missing required property: email"),
        ({"client_id": None}, 400, "bad.client_id", "Missing required property: client_id"),
        ({"connection": "nope"}, 400, "bad.connection", "Connection does not exist"),
        ({"grant_type": "password", "username": EMAIL, "password": "0"}, 400, "bad.request",
         "the following properties are not allowed: grant_type, username, password"),
    ],
)  # fmt: skip
def test_auth0_passwordless__a_check_is_refused(idp, changed, status, error, description):
    code = code_for(idp)
    answer = verify(idp, code, **changed)
    assert answer.status_code == status
    assert answer.json == {"error": error, "error_description": description}
    assert hint(answer)


def test_wrong_checks_count_as_guesses(idp):
    code = code_for(idp)
    for _ in range(10):
        verify(idp, "0")
    assert "maximum number of attempts" in verify(idp, code).json["error_description"]


def test_a_confirmed_code_can_be_opened_as_auth0_js_does(idp):
    code = code_for(idp, client_id="spa")
    assert verify(idp, code, client_id="spa").status_code == 200
    url = "/passwordless/verify_redirect?" + urlencode(
        CODE_FLOW
        | {"client_id": "spa", "connection": "email", "email": EMAIL, "verification_code": code}
        | {"auth0Client": "e30", "protocol": "oauth2", "_csrf": "x", "_intstate": "deprecated"}
    )
    assert "code" in sent_to_callback(idp.request("GET", url))
