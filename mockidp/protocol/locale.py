"""Choose the language of a page.

Spec: OpenID Connect Core 3.1.2.1 (`ui_locales`); RFC 4647 3.4 (lookup).
Auth0: the first of `ui_locales`, if the tenant has enabled it; else the browser's
`Accept-Language`; else the first language that is enabled (docs/fidelity.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})


def choose_locale(
    enabled: Sequence[str], ui_locales: Sequence[str], accepted: Iterable[str]
) -> str:
    """Return one of the enabled languages.

    Args:
        enabled: The languages of the tenant, the default first.
        ui_locales: The languages that the client requests. Only the first is used.
        accepted: The languages that the browser accepts, the preferred one first.
    """
    wanted = (*ui_locales[:1], *accepted)
    found = (match_locale(one, enabled) for one in wanted)
    return next(filter(None, found), enabled[0])


def match_locale(wanted: str, enabled: Iterable[str]) -> str | None:
    """Return the enabled language for a requested one, or None.

    `de-AT` also matches `de`, and `fr` also matches `fr-FR`.
    """
    tags = {one.lower(): one for one in reversed([*enabled])}
    by_language = {primary_language(tag): one for tag, one in tags.items()}
    tag = wanted.lower()
    while tag:
        if tag in tags:
            return tags[tag]
        tag = tag.rpartition("-")[0]
    return by_language.get(wanted.lower())


def primary_language(locale: str) -> str:
    """Return the language of a locale, without its region: `pt` for `pt-BR`."""
    return locale.partition("-")[0].lower()


def html_language(locale: str) -> str:
    """Return the value of the attribute `lang`.

    Auth0: it renders `fr-FR` as `fr`, and `pt-PT` as `pt`.
    """
    return primary_language(locale) if locale in ("fr-FR", "pt-PT") else locale


def text_direction(locale: str) -> str:
    """Return the value of the attribute `dir`."""
    return "rtl" if primary_language(locale) in RIGHT_TO_LEFT else "ltr"
