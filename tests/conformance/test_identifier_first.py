"""Identifier first: user name and password on two pages."""

from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

import pytest

from helpers.acme import ACME, DATABASE, PASSWORD_OF_ALL, user
from helpers.html_page import Page
from helpers.providers import corporate
from helpers.tenant_client import TenantClient, hint, sent_to_callback
from mockidp.resources.connection import Connection, ConnectionOptions
from mockidp.tenant.content.prompts import Prompts

IDENTIFIER_FIRST = replace(ACME, prompts=Prompts(identifier_first=True))
ALICE = "alice@acme.example"


def database(**options):
    return Connection(name=DATABASE, options=ConnectionOptions(**options))


def with_connections(*connections):
    return TenantClient(replace(IDENTIFIER_FIRST, databases=(), connections=connections))


@pytest.fixture
def idp():
    return TenantClient(IDENTIFIER_FIRST)


def begin(idp, **parameters):
    """Request authorization. Return the URL of the identifier page."""
    url = idp.authorize(**parameters).location
    assert urlsplit(url).path == "/u/login/identifier"
    return url


def identify(idp, username=ALICE, **parameters):
    """Type a name on the first page. Return the URL of the password page."""
    answer = idp.submit(begin(idp, **parameters), username=username, action="default")
    assert answer.status_code == 302, answer.text
    assert urlsplit(answer.location).path == "/u/login/password"
    return answer.location


def page_of(answer):
    """Return the parsed page of an answer."""
    return Page(answer.text)


def error_codes(answer):
    """Return the fields and codes of the errors on a page."""
    assert answer.status_code == 400
    parts = answer.text.split('data-error-code="')[1:]
    return [part.partition('"')[0] for part in parts]


def test_auth0_identifier_first__name_and_password_are_typed_on_two_pages(idp):
    begun = begin(idp)
    state = dict(parse_qsl(urlsplit(begun).query))["state"]
    identified = idp.submit(begun, username=ALICE, action="default")
    assert identified.location == f"/u/login/password?state={state}"
    page = idp.get(identified.location)
    assert page.status_code == 200
    assert ALICE in page.text
    done = idp.submit(identified.location, password=PASSWORD_OF_ALL, action="default")
    assert done.location == f"/authorize/resume?state={state}"
    assert sent_to_callback(idp.follow(done))["code"]


def test_auth0_identifier_first__the_first_page_has_auth0s_markup(idp):
    page = page_of(idp.get(begin(idp)))
    assert page.title == "Log in | web"
    form = page.forms[0]
    assert form["form"]["class"] == "_form-login-id"
    assert [name for name in form["fields"] if name] == [
        "state", "js-available", "webauthn-available", "is-brave", "webauthn-platform-available",
        "username",
    ]  # fmt: skip
    assert form["fields"]["username"]["id"] == "username"
    assert form["fields"][None]["type"] == "password"
    assert form["fields"][None]["tabindex"] == "-1"
    assert page.all("button")[0]["class"].split()[-1] == "_button-login-id"
    assert page.find(**{"data-testid": "picker"})


def test_auth0_identifier_first__the_second_page_has_auth0s_markup(idp):
    url = identify(idp)
    page = page_of(idp.get(url))
    assert page.title == "Enter your password to log in | web"
    assert page.text_of(page.find("h1")[0]) == "Enter Your Password"
    assert "Enter your password for Acme to continue to web" in " ".join(page.text.split())
    form = page.forms[0]
    assert form["form"]["class"] == "_form-login-password"
    assert list(form["fields"]) == ["state", "username", "password"]
    assert form["fields"]["username"]["value"] == ALICE
    assert page.all("button")[0]["class"].split()[-1] == "_button-login-password"
    (edit,) = page.find("a", **{"data-link-name": "edit-username"})
    assert page.text_of(edit) == "Edit"
    assert page.elements[edit][1]["href"] == url.replace("password", "identifier")
    assert len(page.forms) == 1


def test_auth0_identifier_first__the_name_can_be_edited(idp):
    url = identify(idp, "bob@acme.example")
    edited = url.replace("password", "identifier")
    page = page_of(idp.get(edited))
    assert page.forms[0]["fields"]["username"]["value"] == "bob@acme.example"
    assert idp.submit(edited, username=ALICE).location == url
    done = idp.follow(idp.submit(url, password=PASSWORD_OF_ALL))
    assert "code" in sent_to_callback(done)


def test_auth0_identifier_first__the_name_in_the_second_form_is_used(idp):
    url = identify(idp, "nobody@acme.example")
    done = idp.submit(url, username=ALICE, password=PASSWORD_OF_ALL)
    assert "code" in sent_to_callback(idp.follow(done))


def test_auth0_identifier_first__a_login_hint_is_filled_in_and_can_be_changed(idp):
    page = page_of(idp.get(begin(idp, login_hint=ALICE)))
    assert page.forms[0]["fields"]["username"]["value"] == ALICE


def test_auth0_identifier_first__an_unknown_name_is_refused_on_the_second_page_only(idp):
    url = identify(idp, "nobody@acme.example")
    answer = idp.submit(url, password=PASSWORD_OF_ALL)
    assert error_codes(answer) == ["wrong-email-credentials"]
    assert 'id="error-element-password"' in answer.text
    assert "has a user with the e-mail or username 'nobody@acme.example'" in hint(answer)


def test_auth0_identifier_first__a_wrong_password_shows_the_second_page_again(idp):
    answer = idp.submit(identify(idp), password="wrong")
    assert error_codes(answer) == ["wrong-email-credentials"]
    page = page_of(answer)
    assert page.forms[0]["fields"]["username"]["value"] == ALICE
    assert hint(answer) == "User auth0|alice has another password."
    assert page.find(**{"data-testid": "mockidp-hint"})


def test_auth0_identifier_first__a_missing_password_is_an_error_of_its_field(idp):
    assert error_codes(idp.submit(identify(idp))) == ["no-password"]


@pytest.mark.parametrize(
    ("typed", "code"),
    [("", "no-email"), ("  ", "no-email"), ("somebody", "invalid-email-format")],
)
def test_auth0_identifier_first__the_name_has_to_be_an_email_address(idp, typed, code):
    answer = idp.submit(begin(idp), username=typed)
    assert error_codes(answer) == [code]
    assert 'id="error-element-username"' in answer.text
    assert "username" in hint(answer)


def test_auth0_identifier_first__a_username_is_accepted_where_users_have_usernames():
    idp = with_connections(database(requires_username=True))
    assert "Username or email address" in idp.get(begin(idp)).text
    assert error_codes(idp.submit(begin(idp), username="")) == ["no-username"]
    answer = idp.submit(identify(idp, "somebody"), password="wrong")
    assert error_codes(answer) == ["wrong-credentials"]


def test_auth0_identifier_first__a_user_may_log_in_with_a_username_that_the_tenant_file_has():
    users = (*ACME.users, user("carol", username="carol"))
    idp = TenantClient(replace(IDENTIFIER_FIRST, users=users))
    done = idp.submit(identify(idp, "carol"), password=PASSWORD_OF_ALL)
    assert "code" in sent_to_callback(idp.follow(done))


def test_auth0_identifier_first__other_domains_than_those_of_a_connection_need_a_password():
    idp = with_connections(database(), corporate())
    assert identify(idp, "zoe@other.example")
    assert identify(idp)


def test_auth0_identifier_first__a_blocked_login_is_refused_on_the_second_page(idp):
    url = identify(idp)
    for _ in range(10):
        idp.submit(url, password="wrong")
    answer = idp.submit(url, password=PASSWORD_OF_ALL)
    assert error_codes(answer) == ["user-blocked"]
    assert 'id="prompt-alert"' in answer.text


def test_auth0_identifier_first__a_blocked_user_is_refused_at_the_callback(idp):
    done = idp.submit(identify(idp, "blocked@acme.example"), password=PASSWORD_OF_ALL)
    assert sent_to_callback(idp.follow(done))["error"] == "unauthorized"


def test_the_picker_of_the_first_page_works(idp):
    url = begin(idp)
    done = idp.submit(url, action="pick", user_id="auth0|alice")
    assert "code" in sent_to_callback(idp.follow(done))
    refused = idp.submit(begin(idp, prompt="login"), action="pick", user_id="auth0|nobody")
    assert error_codes(refused) == ["user-not-offered"]
    denied = idp.submit(begin(idp, prompt="login"), action="deny")
    assert sent_to_callback(denied)["error"] == "access_denied"


@pytest.mark.parametrize("path", ["/u/login", "/u/login/password"])
def test_auth0_identifier_first__other_pages_lead_to_the_first_one(idp, path):
    url = begin(idp)
    other = url.replace("/u/login/identifier", path)
    assert idp.get(other).location == url


def test_auth0_identifier_first__a_password_without_a_name_leads_to_the_first_page(idp):
    url = begin(idp)
    answer = idp.submit(url.replace("identifier", "password"), password=PASSWORD_OF_ALL)
    assert answer.location == url


def test_auth0_identifier_first__a_tenant_without_it_has_one_page():
    idp = TenantClient()
    url = idp.authorize().location
    first = url.replace("/u/login", "/u/login/identifier")
    assert idp.get(first).location == url
    assert idp.submit(first, username=ALICE).location == url
    assert idp.get(url.replace("/u/login", "/u/login/password")).location == first


def test_auth0_identifier_first__a_browser_with_a_login_continues(idp):
    url = identify(idp, client_id="third-party")
    done = idp.submit(url, password=PASSWORD_OF_ALL)
    for page in (url, url.replace("password", "identifier")):
        assert idp.get(page).location == done.location


@pytest.mark.parametrize("path", ["/u/login/identifier", "/u/login/password"])
def test_auth0_identifier_first__an_unknown_state_is_an_error_page(idp, path):
    for answer in (idp.get(path, state="x"), idp.post(path, state="x", username=ALICE)):
        assert answer.status_code == 400
        assert "names no login of this tenant" in hint(answer)


def test_auth0_identifier_first__scripts_that_send_both_fields_to_the_one_page_form_get_in(idp):
    url = begin(idp).replace("/u/login/identifier", "/u/login")
    done = idp.submit(url, username=ALICE, password=PASSWORD_OF_ALL, action="default")
    assert "code" in sent_to_callback(idp.follow(done))
