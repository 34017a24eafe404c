"""The classic pages in other languages than English."""

from dataclasses import replace

import pytest

from helpers.acme import with_tenant
from helpers.html_page import Page
from helpers.providers import GOOGLE
from helpers.tenant_client import TenantClient
from mockidp.resources.connection import Connection
from mockidp.tenant.content.prompts import Prompts

CUSTOM = {
    "en": {"login": {"login": {"forgotPasswordText": "Not used by Lock"}}},
    "he": {"login": {"login": {"forgotPasswordText": "שכחת סיסמה?"}}},
}


@pytest.fixture
def idp():
    prompts = Prompts(universal_login_experience="classic", custom_text=CUSTOM)
    document = with_tenant(enabled_locales=("en", "de", "he"))
    return TenantClient(
        replace(document, prompts=prompts, connections=(Connection(name=GOOGLE, strategy=GOOGLE),))
    )


def login_page(idp, *, accept_language=None, **parameters):
    headers = {"Accept-Language": accept_language} if accept_language else None
    return Page(idp.get(idp.authorize(**parameters).location, headers=headers).text)


def link(page, text):
    (url,) = (
        found["href"]
        for number, (tag, found) in enumerate(page.elements)
        if tag == "a" and page.text_of(number) == text
    )
    return url


def texts(page, **attributes):
    return [page.text_of(number) for number in page.find(**attributes)]


def placeholders(page):
    return {one["name"]: one["placeholder"] for one in page.all("input") if "placeholder" in one}


def labels(page):
    return {one["name"]: one["aria-label"] for one in page.all("input") if "placeholder" in one}


def test_ui_locales_chooses_the_language_of_the_login_page(idp):
    page = login_page(idp, ui_locales="de")
    assert page.all("html")[0]["lang"] == "de"
    assert page.title == "Anmelden | web"
    assert placeholders(page) == {"email": "yours@example.com", "password": "Passwort"}
    assert labels(page) == {"email": "E-Mail-Adresse", "password": "Passwort"}
    assert texts(page, **{"class": "auth0-label-submit"}) == ["Anmelden"]
    assert texts(page, **{"class": "auth0-lock-tabs"}) == ["Anmelden Registrieren"]
    assert texts(page, **{"class": "auth0-lock-social-button-text"}) == ["Weiter mit Google"]
    assert link(page, "Passwort vergessen?")
    for english in ("Log In", "Sign Up", "Don't remember", "Sign in with"):
        assert english not in page.text


def test_the_browser_chooses_the_language_too(idp):
    assert login_page(idp, accept_language="de-AT,de").title == "Anmelden | web"


@pytest.mark.parametrize("ui_locales", ["en", "fr", None])
def test_locks_own_english_is_the_default(idp, ui_locales):
    page = login_page(idp, ui_locales=ui_locales)
    assert page.all("html")[0]["lang"] == "en"
    assert page.title == "Sign In with Auth0"
    assert texts(page, **{"class": "auth0-lock-tabs"}) == ["Log In Sign Up"]
    assert texts(page, **{"class": "auth0-lock-social-button-text"}) == ["Sign in with Google"]
    assert link(page, "Don't remember your password?")


def test_a_language_without_texts_has_the_tenants_own_and_locks(idp):
    page = login_page(idp, ui_locales="he")
    assert page.all("html")[0]["lang"] == "he"
    assert page.all("html")[0]["dir"] == "rtl"
    assert link(page, "שכחת סיסמה?")
    assert texts(page, **{"class": "auth0-label-submit"}) == ["Log In"]


def test_errors_are_translated(idp):
    def errors(ui_locales, **form):
        refused = idp.submit(idp.authorize(ui_locales=ui_locales).location, **form)
        page = Page(refused.text)
        message = texts(page, **{"class": "auth0-global-message auth0-global-message-error"})
        return message + texts(page, **{"class": "auth0-lock-error-msg"})

    wrong = {"email": "alice@acme.example", "password": "wrong"}
    assert errors("de", **wrong) == ["E-Mail-Adresse oder Passwort ist falsch"]
    assert errors("de") == [
        "Bitte geben Sie eine E-Mail-Adresse ein", "Bitte geben Sie ein Passwort ein",
    ]  # fmt: skip
    assert errors("en", **wrong) == ["Wrong email or password."]
    assert errors("he", **wrong) == ["Wrong email or password."]


def test_sign_up_and_reset_have_the_same_language(idp):
    login = login_page(idp, ui_locales="de")
    sign_up = Page(idp.get(link(login, "Registrieren")).text)
    assert placeholders(sign_up)["password"] == "Passwort"
    assert texts(sign_up, **{"class": "auth0-label-submit"}) == ["Registrieren"]
    (terms,) = sign_up.find(**{"class": "auth0-lock-terms"})
    assert sign_up.elements[terms][1]["lang"] == "en"
    reset = Page(idp.get(link(login, "Passwort vergessen?")).text)
    assert texts(reset, **{"class": "auth0-label-submit"}) == ["Weiter"]
    assert reset.text_of(reset.find("h1")[0]) == "Passwort vergessen?"
    assert "Wir senden Ihnen eine Anleitung" in reset.text
    assert link(reset, "Zurück zu web")
