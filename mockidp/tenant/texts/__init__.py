"""The texts of the hosted pages, in the languages that mockidp has, and a tenant's own.

A text has a prompt, a screen of it, and a key, with Auth0's names. One file for each language has
the layout of `prompts.customText`: prompt, screen, key. `en.json` lists all texts of mockidp's
pages. Texts contain variables such as `${clientName}`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from mockidp.protocol.locale import primary_language

Texts = Mapping[str, str]
"""The texts of one screen, by key."""
TextsByPrompt = Mapping[str, Mapping[str, Texts]]
"""Prompt, screen, key."""

ENGLISH = "en"
LANGUAGES = (ENGLISH, "de", "fr", "es")
"""The languages of the built-in texts."""


@cache
def built_in_texts(language: str) -> TextsByPrompt:
    """Return the built-in texts in one of the `LANGUAGES`."""
    found: TextsByPrompt = json.loads(Path(__file__).with_name(f"{language}.json").read_bytes())
    return found


def texts_of(screen: str, locale: str, custom: Mapping[str, TextsByPrompt]) -> Texts:
    """Return the texts of a screen.

    A tenant's own texts take precedence over built-in ones. A text that exists in neither is in
    English.

    Args:
        screen: Auth0's name of the screen.
        locale: The page's language, such as `pt-BR`.
        custom: The tenant's own texts, by language.
    """
    language, own = primary_language(locale), custom.get(locale)
    built_in = _built_in(screen, language if language in LANGUAGES else ENGLISH)
    return built_in if own is None else {**built_in, **_of_screen(own, screen)}


@cache
def _built_in(screen: str, language: str) -> Texts:
    english, own = built_in_texts(ENGLISH), built_in_texts(language)
    return {**_of_screen(english, screen), **_of_screen(own, screen)}


def _of_screen(texts: TextsByPrompt, screen: str) -> Texts:
    found: dict[str, str] = {}
    for screens in texts.values():
        found |= screens.get(screen, {})
    return found
