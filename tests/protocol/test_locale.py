"""The language of a page: which one is chosen, and how HTML names it."""

import pytest

from mockidp.protocol.locale import choose_locale, html_language, match_locale, text_direction


@pytest.mark.parametrize(
    ("wanted", "enabled", "found"),
    [
        ("de", ["en", "de"], "de"),
        ("DE", ["en", "de"], "de"),
        ("de-AT", ["en", "de"], "de"),
        ("pt-BR", ["pt-PT", "pt-BR"], "pt-BR"),
        ("fr", ["en", "fr-FR"], "fr-FR"),
        ("pt", ["pt-BR", "pt-PT"], "pt-BR"),
        ("fr-CA", ["fr-FR"], None),
        ("nl", ["en", "de"], None),
        ("", ["en"], None),
        ("*", ["en"], None),
    ],
)
def test_rfc4647_3_4__a_language_is_looked_up(wanted, enabled, found):
    assert match_locale(wanted, enabled) == found


@pytest.mark.parametrize(
    ("ui_locales", "accepted", "chosen"),
    [
        ((), (), "en"),
        (("de",), (), "de"),
        (("de",), ("es",), "de"),
        (("nl", "de"), (), "en"),
        (("nl", "de"), ("es",), "es"),
        ((), ("nl", "es-MX", "de"), "es"),
        ((), ("nl",), "en"),
    ],
)
def test_auth0_locale__the_first_requested_language_then_the_browsers_then_the_default(
    ui_locales, accepted, chosen
):
    assert choose_locale(("en", "de", "es"), ui_locales, accepted) == chosen


@pytest.mark.parametrize(
    ("locale", "language"),
    [("fr-FR", "fr"), ("pt-PT", "pt"), ("pt-BR", "pt-BR"), ("de", "de")],
)
def test_auth0_locale__html_names_two_locales_by_their_language(locale, language):
    assert html_language(locale) == language


def test_some_languages_are_read_from_right_to_left():
    assert [text_direction(one) for one in ("ar-EG", "he", "de")] == ["rtl", "rtl", "ltr"]
