"""A login at the identity provider of a social or enterprise connection."""

from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

import pytest

from helpers.acme import PASSWORD_OF_ALL, with_settings
from helpers.html_page import Page
from helpers.providers import (
    DOCUMENT,
    GINA,
    GOOGLE,
    ZOE,
    AtProvider,
    corporate,
    google_user,
    with_connections,
)
from helpers.tenant_client import claims_of, hint, sent_to_callback
from mockidp.resources.connection import Connection
from mockidp.tenant.content.prompts import Prompts


def query_of(url):
    return dict(parse_qsl(urlsplit(url).query))


def test_auth0_connection__leads_to_the_identity_provider_and_back(idp):
    url = idp.open_provider(scope="openid profile email identities")
    page = Page(idp.get(url).text)
    assert page.title == "Google | mockidp"
    assert "This page of mockidp takes its place." in page.text
    back = idp.pick(url)
    assert set(query_of(back)) == {"code", "state"}
    code = idp.come_back(back)["code"]
    claims = claims_of(idp.redeem(code).json["id_token"])
    assert claims["sub"] == GINA
    assert claims["identities"] == [
        {"connection": GOOGLE, "user_id": "117", "provider": GOOGLE, "isSocial": True}
    ]
    assert claims["given_name"] == "Gina"
    assert claims["family_name"] == "Doe"
    assert claims["picture"] == "https://lh3.example/gina.png"
    assert claims["email_verified"] is True


def test_auth0_connection__an_enterprise_user_has_the_connection_in_the_id(idp):
    url = idp.open_provider("corp", scope="openid identities")
    code = idp.come_back(idp.pick(url, ZOE))["code"]
    claims = claims_of(idp.redeem(code).json["id_token"])
    assert claims["sub"] == ZOE
    assert claims["identities"] == [
        {
            "connection": "corp",
            "user_id": "corp|zoe@corp.example",
            "provider": "samlp",
            "isSocial": False,
        }
    ]


def test_auth0_connection__tokens_of_the_identity_provider_are_in_no_token():
    identity = {"provider": GOOGLE, "user_id": "117", "connection": GOOGLE, "isSocial": True}
    secrets = {"access_token": "ya29", "refresh_token": "1//0", "access_token_secret": "x"}
    user = google_user(identities=({**identity, **secrets},))
    idp = AtProvider(replace(DOCUMENT, users=(user,)))
    url = idp.open_provider(scope="openid identities")
    code = idp.come_back(idp.pick(url))["code"]
    assert claims_of(idp.redeem(code).json["id_token"])["identities"] == [identity]


def test_auth0_login__the_page_has_a_button_for_each_social_connection(idp):
    url = idp.authorize().location
    page = Page(idp.get(url).text)
    forms = [one for one in page.forms if "data-provider" in one["form"]]
    assert [one["form"]["data-provider"] for one in forms] == ["google", "github"]
    first = forms[0]
    assert first["form"]["data-form-secondary"] == "true"
    assert {name: field["value"] for name, field in first["fields"].items()} == {
        "state": query_of(url)["state"],
        "connection": GOOGLE,
    }
    (button,) = page.find(
        "button", **{"data-provider": "google", "data-action-button-secondary": "true"}
    )
    assert page.text_of(button) == "Continue with Google"
    assert "Or" in page.text
    answer = idp.submit(url, connection=GOOGLE)
    assert urlsplit(answer.location).path == "/u/login/provider"
    assert query_of(answer.location)["connection"] == GOOGLE
    assert idp.come_back(idp.pick(answer.location))["code"]


@pytest.mark.parametrize("page", ["/u/login", "/u/login/identifier", "/u/signup"])
@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Weiter mit Google"),
        ("fr", "Continuer avec Google"),
        ("es", "Continuar con Google"),
    ],
)
def test_auth0_login__the_buttons_are_on_every_first_page_in_every_language(page, language, text):
    tenant = replace(DOCUMENT.tenant, enabled_locales=("en", language))
    prompts = Prompts(identifier_first=page.endswith("identifier"))
    idp = AtProvider(replace(DOCUMENT, tenant=tenant, prompts=prompts))
    hinted = {"screen_hint": "signup"} if page == "/u/signup" else {}
    url = idp.authorize(ui_locales=language, **hinted).location
    assert urlsplit(url).path == page
    assert text in idp.get(url).text
    answer = idp.submit(url, connection=GOOGLE)
    assert idp.come_back(idp.pick(answer.location))["code"]


def test_auth0_signup__both_pages_work_with_identifier_first():
    idp = AtProvider(replace(DOCUMENT, prompts=Prompts(identifier_first=True)))
    url = idp.authorize(screen_hint="signup").location
    assert urlsplit(url).path == "/u/signup/identifier"
    assert 'data-provider="google"' in idp.get(url).text
    answer = idp.submit(url, email="new@acme.example")
    assert urlsplit(answer.location).path == "/u/signup/password"
    assert "data-provider" not in idp.get(answer.location).text


def test_auth0_login__an_enterprise_connection_needs_show_as_button():
    hidden = AtProvider(with_connections(corporate(display_name="Corp Inc")))
    assert "Corp Inc" not in hidden.get(hidden.authorize().location).text
    shown = AtProvider(with_connections(corporate(display_name="Corp Inc", show_as_button=True)))
    page = shown.get(shown.authorize().location).text
    assert "Continue with Corp Inc" in page
    assert 'data-provider="samlp"' in page


def without_databases(*connections):
    closed = tuple(replace(one, enabled_clients=()) for one in DOCUMENT.databases)
    return AtProvider(with_connections(*connections, document=replace(DOCUMENT, databases=closed)))


def test_auth0_login__without_a_database_there_are_only_buttons():
    idp = without_databases(Connection(name=GOOGLE, strategy=GOOGLE))
    url = idp.authorize().location
    assert urlsplit(url).path == "/u/login"  # a single connection is not chosen by itself
    page = idp.get(url)
    assert hint(page) == ""
    assert "data-form-primary" not in page.text
    assert Page(page.text).forms[0]["form"]["data-provider"] == "google"
    refused = idp.submit(url, username="gina@gmail.example", password=PASSWORD_OF_ALL)
    assert refused.status_code == 400
    assert "do not log in with a password" in hint(refused)


def test_auth0_login__a_page_without_form_and_buttons_says_how_to_get_there():
    idp = without_databases(corporate())
    page = idp.get(idp.authorize().location)
    assert "Enterprise connections have no button unless `show_as_button` is true: corp." in hint(
        page
    )


def test_auth0_identifier_first__the_domain_of_an_enterprise_connection_leads_there():
    idp = AtProvider(replace(DOCUMENT, prompts=Prompts(identifier_first=True)))
    url = idp.authorize().location
    answer = idp.submit(url, username=" Zoe@CORP.example ", action="default")
    assert urlsplit(answer.location).path == "/u/login/provider"
    assert query_of(answer.location)["connection"] == "corp"
    assert 'value="samlp|corp|zoe@corp.example"' in idp.get(answer.location).text
    assert idp.come_back(idp.pick(answer.location, ZOE))["code"]
    other = idp.submit(url, username="zoe@corp.example.org", action="default")
    assert other.status_code in (302, 400)


def test_auth0_identifier_first__without_a_database_only_the_domain_is_asked_for():
    document = replace(DOCUMENT, prompts=Prompts(identifier_first=True))
    closed = tuple(replace(one, enabled_clients=()) for one in document.databases)
    document = replace(document, databases=closed)
    idp = AtProvider(with_connections(corporate(), document=document))
    url = idp.authorize().location
    assert "data-form-primary" in idp.get(url).text
    refused = idp.submit(url, username="zoe@other.example")
    assert 'data-error-code="no-hrd-connection"' in refused.text
    assert "corp (strategy samlp) do not log in with a password" in hint(refused)


def test_the_picker_of_the_login_page_takes_the_way_of_the_identity_provider(idp):
    url = idp.authorize().location
    answer = idp.submit(url, action="pick", user_id=GINA)
    assert urlsplit(answer.location).path == "/login/callback"
    assert idp.come_back(answer.location)["code"]


def test_auth0_session__a_social_session_answers_silently(idp):
    idp.come_back(idp.pick(idp.open_provider()))
    assert sent_to_callback(idp.authorize(prompt="none"))["code"]
    assert sent_to_callback(idp.authorize(prompt="none", connection=GOOGLE))["code"]
    answer = idp.authorize(prompt="none", connection="github")
    assert sent_to_callback(answer)["error"] == "login_required"
    assert idp.open_provider(prompt="login")
    idp.later(100)
    assert idp.open_provider(max_age=10)
    again = Page(idp.get(idp.open_provider(prompt="login")).text)
    assert again.forms[0]["actions"][0] == GINA


def test_auth0_blocked__a_blocked_user_is_refused_at_the_callback(idp):
    back = idp.pick(idp.open_provider(), "google-oauth2|118")
    assert idp.come_back(back) == {
        "error": "unauthorized",
        "error_description": "user is blocked",
        "state": "s1",
    }


def test_auth0_consent__follows_the_login_at_an_identity_provider(idp):
    url = idp.open_provider(client_id="third-party", scope="openid email")
    answer = idp.follow(idp.request("GET", idp.pick(url)))
    assert answer.location.startswith("/u/consent?state=")
    assert sent_to_callback(idp.follow(idp.submit(answer.location, action="accept")))["code"]


def test_auth0_forwarded__the_page_shows_what_the_identity_provider_would_receive():
    upstream = {
        "screen": {"alias": "display"},
        "prompt": {"value": "select_account"},
        "unused": {"alias": "missing"},
        "malformed": 7,
    }
    google = Connection(name=GOOGLE, strategy=GOOGLE)
    google = replace(google, options=replace(google.options, upstream_params=upstream))
    idp = AtProvider(with_connections(google))
    url = idp.open_provider(
        login_hint="new@gmail.example", connection_scope="calendar", display="popup"
    )
    page = idp.get(url)
    assert "connection_scope" not in hint(page)
    for name, value in {
        "login_hint": "new@gmail.example",
        "scope": "calendar",
        "screen": "popup",
        "prompt": "select_account",
    }.items():
        assert f"<code>{name}</code></dt><dd><bdi>{value}</bdi>" in page.text
    assert "unused" not in page.text
    assert "malformed" not in page.text
    assert 'value="new@gmail.example"' in page.text  # of the form for a new user


def test_the_page_shows_nothing_if_nothing_is_forwarded(idp):
    assert 'data-testid="forwarded"' not in idp.get(idp.open_provider()).text


def test_the_name_from_the_first_page_is_forwarded_as_login_hint():
    idp = AtProvider(replace(DOCUMENT, prompts=Prompts(identifier_first=True)))
    answer = idp.submit(idp.authorize().location, username="zoe@corp.example")
    page = idp.get(answer.location)
    assert "<code>login_hint</code></dt><dd><bdi>zoe@corp.example</bdi>" in page.text


def test_an_id_that_does_not_fit_the_connection_is_named_in_a_hint():
    user = google_user(user_id="auth0|gina")
    idp = AtProvider(replace(DOCUMENT, users=(user,)))
    back = idp.pick(idp.open_provider(), "auth0|gina")
    assert hint(idp.request("GET", back)) == (
        "User auth0|gina belongs to connection google-oauth2, whose users have ids that begin "
        "with google-oauth2| in Auth0. Change `user_id`, which becomes `sub`."
    )


def test_a_lenient_tenant_adds_a_requested_social_connection():
    idp = AtProvider(with_settings(with_connections(), accept_any_client=True))
    answer = idp.authorize(connection="facebook", client_id="web")
    assert hint(answer) == (
        "The tenant had no connection 'facebook', so it was added: `accept_any_client` is on."
    )
    assert urlsplit(answer.location).path == "/u/login/provider"
    assert hint(idp.authorize(connection="facebook")) == ""
    refused = idp.authorize(connection="my-saml")
    assert sent_to_callback(refused)["error_description"] == "the connection was not found"
