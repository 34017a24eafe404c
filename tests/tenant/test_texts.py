"""Texts of pages in a tenant file: languages, a tenant's own texts, and notes about unused ones."""

import pytest

from mockidp.codec.mistakes import ConfigError
from mockidp.flows.login import page_errors
from mockidp.tenant.config.load import parse_tenant
from mockidp.tenant.texts import ENGLISH, LANGUAGES, built_in_texts, texts_of

GERMAN = built_in_texts("de")


def notes(text):
    return [str(one).partition(": ")[2] for one in parse_tenant(text).notes]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_texts_with_the_same_variables(language):
    def variables(texts):
        return {
            (prompt, screen, key): sorted(part.split("}")[0] for part in text.split("${")[1:])
            for prompt, screens in texts.items()
            for screen, keys in screens.items()
            for key, text in keys.items()
        }

    assert variables(built_in_texts(language)) == variables(built_in_texts(ENGLISH))


def test_the_english_texts_of_errors_are_those_of_the_errors_themselves():
    errors = [one for one in vars(page_errors).values() if isinstance(one, page_errors.PageError)]
    english = {
        key: text
        for screens in built_in_texts(ENGLISH).values()
        for texts in screens.values()
        for key, text in texts.items()
    }
    shown = [one for one in errors if one.code in english]
    assert len(shown) >= 7
    assert [one.text for one in shown] == [english[one.code] for one in shown]


def test_a_tenants_own_text_takes_precedence_over_a_built_in_one():
    custom = {"de": {"login": {"login": {"title": "Moin"}}}}
    texts = texts_of("login", "de", custom)
    assert texts["title"] == "Moin"
    assert texts["buttonText"] == GERMAN["login"]["login"]["buttonText"]
    assert texts_of("login", "en", custom)["title"] == "Welcome"


def test_a_region_has_the_texts_of_its_language_and_an_unknown_language_is_english():
    assert texts_of("login", "de-AT", {}) == texts_of("login", "de", {})
    assert texts_of("login", "nl", {})["title"] == "Welcome"
    assert texts_of("another", "de", {}) == {}


def test_texts_and_languages_that_a_page_shows_cause_no_notes():
    text = """
tenant: {enabled_locales: [en, de-AT]}
prompts:
  customText:
    en: {login: {login: {title: Hi, wrong-credentials: No}}, login-id: {login-id: {title: Hi}}}
    de-AT: {}
"""
    assert notes(text) == []
    assert notes("prompts: {customText: {en: {login: {login: {title: Hi}}}}}") == []


def test_a_text_that_no_page_shows_causes_a_note():
    text = """
prompts:
  customText:
    en:
      login: {login: {title: Hi, captchaCodePlaceholder: Code, mascot: Owl}}
      captcha: {captcha: {title: Robot?}}
"""
    assert notes(text) == [
        (
            "prompts.customText.en.login.login: no page of mockidp shows the text "
            "`captchaCodePlaceholder`, `mascot`"
        ),
        "prompts.customText.en.captcha.captcha: no page of mockidp shows the text `title`",
    ]


def test_languages_that_are_not_enabled_or_have_no_texts_cause_notes():
    text = """
tenant: {enabled_locales: [en, nl]}
prompts: {customText: {de: {login: {login: {title: Hallo}}}}}
"""
    assert notes(text) == [
        (
            "tenant.enabled_locales[1]: mockidp has no texts in 'nl'. Pages in this language show "
            "`prompts.customText`, and otherwise English"
        ),
        "prompts.customText.de: 'de' is not among `tenant.enabled_locales`, so no page shows it",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "tenant: {enabled_locales: ['de_DE']}",
        "tenant: {enabled_locales: [german language]}",
        "prompts: {customText: {en: {login: {login: {title: [a]}}}}}",
        "prompts: {customText: {en: {login: title}}}",
        "prompts: {identifier_first: 1}",
        "prompts: []",
    ],
)
def test_a_wrong_type_or_language_is_a_mistake(text):
    with pytest.raises(ConfigError):
        parse_tenant(text)
