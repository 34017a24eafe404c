"""The language of the hosted pages, and a tenant's own texts."""

from dataclasses import replace

import pytest

from helpers.acme import CALLBACK, with_tenant
from helpers.html_page import Page
from helpers.tenant_client import TenantClient, hint
from mockidp.tenant.content.prompts import Prompts

LOCALES = ("en", "de", "fr-FR", "he")
ACME_IN_GERMAN = replace(
    with_tenant(enabled_locales=LOCALES),
    prompts=Prompts(
        custom_text={
            "de": {
                "login": {"login": {"title": "Moin ${clientName} & <${nobody}>"}},
                "consent": {"consent": {"acceptButtonText": "Passt"}},
            },
            "he": {"login": {"login": {"title": "שלום"}}},
        }
    ),
)


@pytest.fixture
def idp():
    return TenantClient(ACME_IN_GERMAN)


def login_page(idp, *, accept_language=None, **parameters):
    headers = {"Accept-Language": accept_language} if accept_language else None
    return Page(idp.get(idp.authorize(**parameters).location, headers=headers).text)


def language(page):
    return page.all("html")[0]["lang"]


def heading(page):
    return page.text_of(page.find("h1")[0])


def test_auth0_locale__ui_locales_selects_the_language_of_the_login_page(idp):
    page = login_page(idp, ui_locales="de")
    assert language(page) == "de"
    assert page.title == "Anmelden | web"
    assert page.texts[page.find("button")[0]] == "Weiter"
    (picker,) = page.find(**{"data-testid": "picker"})
    labels = [page.text_of(number) for number in page.find("label") if number < picker]
    assert labels == ["E-Mail-Adresse", "Passwort"]


def test_auth0_locale__a_tenants_own_text_replaces_auth0s(idp):
    page = login_page(idp, ui_locales="de")
    assert heading(page) == "Moin web & <${nobody}>"
    assert heading(login_page(idp)) == "Welcome"


def test_auth0_locale__the_browsers_language_is_used_if_none_is_requested(idp):
    assert language(login_page(idp, accept_language="nl, fr;q=0.8, de;q=0.5")) == "fr"
    assert language(login_page(idp, accept_language="nl")) == "en"
    assert language(login_page(idp, accept_language="fr", ui_locales="de-AT")) == "de"


def test_auth0_locale__a_tenant_has_english_pages_by_default():
    idp = TenantClient()
    answer = idp.authorize(ui_locales="de en")
    assert language(Page(idp.get(answer.location).text)) == "en"
    assert hint(answer) == (
        "Parameter `ui_locales` begins with 'de', which the tenant has not enabled. Its languages "
        "are en. Add 'de' to `tenant.enabled_locales`."
    )


def test_auth0_locale__a_tenant_without_any_language_has_english_pages():
    idp = TenantClient(with_tenant(enabled_locales=()))
    assert language(login_page(idp, ui_locales="de")) == "en"


def test_auth0_locale__only_the_first_of_ui_locales_counts(idp):
    assert "begins with 'nl'" in hint(idp.authorize(ui_locales="nl de"))
    assert language(login_page(idp, ui_locales="nl de")) == "en"
    assert hint(idp.authorize(ui_locales="de nl")) == ""


def test_auth0_locale__a_language_without_built_in_texts_has_the_tenants_own_and_english(idp):
    page = login_page(idp, ui_locales="he")
    assert page.all("html")[0] == {"lang": "he", "dir": "rtl"}
    assert heading(page) == "שלום"
    assert page.texts[page.find("button")[0]] == "Continue"
    assert page.find("section", **{"data-testid": "picker", "lang": "en", "dir": "ltr"})


def test_auth0_locale__errors_are_in_the_language_of_the_page(idp):
    url = idp.authorize(ui_locales="de").location
    answer = idp.submit(url, username="alice@acme.example", password="wrong")
    assert "E-Mail-Adresse oder Passwort ist falsch" in answer.text
    assert 'data-error-code="wrong-email-credentials"' in answer.text
    assert hint(answer) == "User auth0|alice has another password."


def test_auth0_locale__all_prompts_of_a_login_have_its_language(idp):
    document = replace(
        ACME_IN_GERMAN, prompts=replace(ACME_IN_GERMAN.prompts, identifier_first=True)
    )
    idp = TenantClient(document)
    first = idp.authorize(ui_locales="de", client_id="third-party").location
    assert "Anmelden" in Page(idp.get(first).text).title
    second = idp.submit(first, username="alice@acme.example").location
    page = Page(idp.get(second).text)
    assert heading(page) == "Passwort eingeben"
    edit = page.elements[page.find("a", **{"data-link-name": "edit-username"})[0]][1]
    assert edit["aria-label"] == "E-Mail-Adresse ändern"
    consent = idp.follow(idp.submit(second, password="Passw0rd!")).location
    page = Page(idp.get(consent).text)
    assert heading(page) == "App autorisieren"
    assert [page.texts[number] for number in page.find("button")] == ["Passt", "Ablehnen"]
    assert "Hallo alice@acme.example," in page.text


@pytest.mark.parametrize("ui_locales", ["*", "-", "de_DE", "x" * 500, "\x00"])
def test_auth0_locale__a_malformed_language_is_named_in_the_hint(idp, ui_locales):
    answer = idp.authorize(ui_locales=ui_locales)
    assert answer.status_code in (302, 400)
    assert hint(answer)


def test_auth0_locale__a_pushed_request_has_a_language_as_well():
    document = replace(
        ACME_IN_GERMAN,
        tenant=replace(ACME_IN_GERMAN.tenant, pushed_authorization_requests_supported=True),
    )
    idp = TenantClient(document)
    parameters = {"client_id": "web", "client_secret": "web-secret", "redirect_uri": CALLBACK}
    pushed = idp.post("/oauth/par", response_type="code", ui_locales="de", **parameters)
    answer = idp.get("/authorize", client_id="web", request_uri=pushed.json["request_uri"])
    assert language(Page(idp.get(answer.location).text)) == "de"


def test_a_language_of_every_page_is_english_for_mockidps_own_part(idp):
    page = login_page(idp, ui_locales="de")
    assert page.all("header")[0]["lang"] == "en"


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("/activate", "Gerät aktivieren"),
        ("/u/device/success", "Geschafft!"),
        ("/u/reset-password?ticket=x", "Ungültiger Link"),
        ("/u/email-verification?ticket=x", "Fehler"),
    ],
)
def test_auth0_locale__pages_without_a_login_follow_the_browser(idp, path, title):
    page = Page(idp.get(path, headers={"Accept-Language": "de"}).text)
    assert (language(page), heading(page)) == ("de", title)


@pytest.mark.parametrize(
    ("path", "title"),
    [("/u/signup", "Konto erstellen"), ("/u/reset-password/request", "Passwort vergessen?")],
)
def test_auth0_locale__pages_for_accounts_have_the_language_of_the_login(idp, path, title):
    url = idp.authorize(ui_locales="de").location.replace("/u/login", path)
    page = Page(idp.get(url).text)
    assert (language(page), heading(page)) == ("de", title)
    assert "Zurück zu web" in page.text or "Anmelden" in page.text
