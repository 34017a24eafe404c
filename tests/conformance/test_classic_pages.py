"""The classic pages for login, sign-up and password reset: when they are shown, and what they do."""

from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

import pytest

from helpers.acme import ACME, DATABASE, PASSWORD_OF_ALL, with_client
from helpers.html_page import Page
from helpers.providers import GOOGLE
from helpers.tenant_client import TenantClient, hint, sent_to_callback
from mockidp.resources.connection import Connection, ConnectionOptions
from mockidp.tenant.content.prompts import Prompts
from mockidp.tenant.content.tenant_settings import CustomPage

CLASSIC = replace(ACME, prompts=Prompts(universal_login_experience="classic"))
ALICE = "alice@acme.example"
OWN_PAGE = {"custom_login_page": "<html>"}


@pytest.fixture
def idp():
    return TenantClient(CLASSIC)


def path_of(idp, **parameters):
    return urlsplit(idp.authorize(**parameters).location).path


def page_of(answer):
    return Page(answer.text)


def texts(page, **attributes):
    return [page.text_of(number) for number in page.find(**attributes)]


def link(page, text):
    (found,) = (
        attributes["href"]
        for number, (tag, attributes) in enumerate(page.elements)
        if tag == "a" and page.text_of(number) == text
    )
    return found


def errors_of(page):
    """Return Lock's message, and its errors of fields."""
    message = texts(page, **{"class": "auth0-global-message auth0-global-message-error"})
    return message, texts(page, **{"class": "auth0-lock-error-msg"})


@pytest.mark.parametrize(
    "document",
    [
        CLASSIC,
        replace(CLASSIC, prompts=replace(CLASSIC.prompts, identifier_first=True)),
        with_client(ACME, "web", extra=OWN_PAGE),
        replace(ACME, pages=(CustomPage(name="login"),)),
    ],
    ids=["classic", "classic and identifier first", "client's own page", "tenant's own page"],
)
def test_auth0_classic__the_login_begins_at_the_classic_page(document):
    url = urlsplit(TenantClient(document).authorize().location)
    assert url.path == "/login"
    assert [name for name, _ in parse_qsl(url.query)] == ["state", "client", "protocol"]
    assert dict(parse_qsl(url.query))["client"] == "web"


@pytest.mark.parametrize(
    "document",
    [
        ACME,
        with_client(ACME, "web", extra={"custom_login_page_on": True}),
        with_client(ACME, "web", extra=OWN_PAGE | {"custom_login_page_on": False}),
        replace(ACME, pages=(CustomPage(name="login", enabled=False), CustomPage(name="reset"))),
    ],
    ids=["new", "no page", "page that is off", "tenant's page that is off"],
)
def test_auth0_classic__other_logins_begin_at_the_new_page(document):
    assert path_of(TenantClient(document)) == "/u/login"


def test_auth0_classic__a_page_of_the_other_kind_redirects(idp):
    classic = idp.authorize().location
    redirected = idp.get(classic.replace("/login", "/u/login", 1)).location
    assert redirected == classic
    new = TenantClient(ACME)
    begun = new.authorize().location
    assert new.get(begun.replace("/u/login", "/login")).location == begun


def test_auth0_classic__a_login_with_locks_fields_succeeds(idp):
    url = idp.authorize().location
    page = page_of(idp.get(url))
    assert page.title == "Sign In with Auth0"
    assert {"email", "password"} < page.values(0).keys()
    answer = idp.submit(url, email=ALICE, password=PASSWORD_OF_ALL)
    assert "code" in sent_to_callback(idp.follow(answer))


def test_auth0_classic__users_with_usernames_type_them():
    options = ConnectionOptions(requires_username=True)
    document = replace(CLASSIC, databases=(Connection(name=DATABASE, options=options),))
    idp = TenantClient(document)
    url = idp.authorize().location
    page = page_of(idp.get(url))
    assert {"username", "password"} < page.values(0).keys()
    refused = page_of(idp.submit(url, username="nobody", password="x"))
    assert errors_of(refused) == (["Wrong username or password."], [])
    refused = page_of(idp.submit(url, password="x"))
    assert errors_of(refused) == ([], ["Username can't be blank"])


@pytest.mark.parametrize(
    ("form", "message", "fields"),
    [
        ({"email": ALICE, "password": "wrong"}, ["Wrong email or password."], []),
        ({}, [], ["Email can't be blank", "Password can't be blank"]),
        ({"action": "pick", "user_id": "none"}, ["That user cannot be picked here"], []),
    ],
    ids=["wrong password", "empty", "unknown user"],
)
def test_auth0_classic__a_refused_login_shows_locks_texts_and_the_hint(idp, form, message, fields):
    refused = idp.submit(idp.authorize().location, **form)
    page = page_of(refused)
    assert refused.status_code == 400
    assert errors_of(page) == (message, fields)
    assert texts(page, **{"data-testid": "mockidp-hint"}) == [
        "Why it was refused: " + hint(refused).replace("`", "")
    ]


def test_auth0_classic__sign_up_has_locks_fields_and_texts(idp):
    url = idp.authorize().location
    sign_up = link(page_of(idp.get(url)), "Sign Up")
    page = page_of(idp.get(sign_up))
    assert {"email", "password"} < page.values(0).keys()
    assert link(page, "Log In") == url
    weak = page_of(idp.submit(sign_up, email="dora@acme.example", password="weak"))
    assert errors_of(weak) == (["Password is too weak."], [])
    wrong = page_of(idp.submit(sign_up, email="dora", password=PASSWORD_OF_ALL))
    assert errors_of(wrong) == ([], ["Email is invalid"])
    done = idp.submit(sign_up, email="dora@acme.example", password=PASSWORD_OF_ALL)
    assert "code" in sent_to_callback(idp.follow(done))
    assert path_of(idp.another_browser(), screen_hint="signup") == "/u/signup"


def test_auth0_classic__a_forgotten_password_is_reset(idp):
    url = idp.authorize().location
    forgot = link(page_of(idp.get(url)), "Don't remember your password?")
    page = page_of(idp.get(forgot))
    assert "email" in page.values(0)
    assert link(page, "Back") == url
    assert errors_of(page_of(idp.submit(forgot))) == ([], ["Email can't be blank"])
    assert idp.submit(forgot, email=ALICE).status_code == 200
    assert idp.tenant.outbox.last(to=ALICE).kind == "reset_email"


def test_auth0_classic__a_social_button_leads_to_the_provider():
    google = Connection(name=GOOGLE, strategy=GOOGLE)
    idp = TenantClient(replace(CLASSIC, connections=(google,)))
    page = page_of(idp.get(idp.authorize().location))
    provider = link(page, "Sign in with Google")
    assert urlsplit(provider).path == "/u/login/provider"
    assert idp.get(provider).status_code == 200


def test_auth0_classic__a_code_by_email_has_no_classic_page():
    email = Connection(name="email", strategy="email")
    idp = TenantClient(replace(CLASSIC, databases=(), connections=(email,)))
    assert path_of(idp, connection="email") == "/u/login/identifier"
